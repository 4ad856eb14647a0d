package dev.valija.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.stereotype.Component;

/**
 * Lets the rest of Valija know the demo's servers the way an operator would: allowed host, trusted authority, servers
 * of the domain. Done before any bean reads its settings.
 */
@Component
@Profile("demo")
class DemoSetup implements BeanFactoryPostProcessor, EnvironmentAware, PriorityOrdered {
    static final String DOMAIN = "demo.valija.test";
    static final String HOST = "localhost";

    private ConfigurableEnvironment environment = new org.springframework.core.env.StandardEnvironment();

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = (ConfigurableEnvironment) environment;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
        var directory = Path.of(environment.getProperty("valija.data-dir", "data"), "demo");
        var ca = DemoCa.in(directory);
        var site = new DemoSite(directory, ca, freePort(3993), freePort(3465), freePort(3995));
        factory.registerSingleton("demoSite", site);
        var settings = servers(site);
        put(settings, "valija.upstream.allowed-hosts", HOST);
        put(settings, "valija.upstream.trusted-certificates", site.ca().pem().toString());
        environment.getPropertySources().addFirst(new MapPropertySource("demo", settings));
    }

    /** Which servers are the domain's. */
    static Map<String, Object> servers(DemoSite site) {
        var settings = new LinkedHashMap<String, Object>();
        var provider = "valija.upstream.providers[" + DOMAIN + "]";
        settings.put(provider + ".store.host", HOST);
        settings.put(provider + ".store.port", site.imapsPort());
        settings.put(provider + ".transport.host", HOST);
        settings.put(provider + ".transport.port", site.smtpsPort());
        return settings;
    }

    /** Adds to what the operator has there: a list of a higher source would hide it. */
    private void put(Map<String, Object> settings, String name, String value) {
        var all = new ArrayList<>(Binder.get(environment)
                .bind(name, Bindable.listOf(String.class))
                .orElse(List.of()));
        all.add(value);
        for (int i = 0; i < all.size(); i++) {
            settings.put(name + "[" + i + "]", all.get(i));
        }
    }

    /** The usual port, so that accounts added earlier find the server again; another where it is taken. */
    static int freePort(int usual) {
        try (var probe = new ServerSocket(usual, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException none) {
                throw new IllegalStateException("there is no free port for the demo's mail server", none);
            }
        }
    }
}
