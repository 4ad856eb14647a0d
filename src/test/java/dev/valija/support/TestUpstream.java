package dev.valija.support;

import dev.valija.upstream.Upstream;
import dev.valija.upstream.net.UpstreamProperties;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.ComponentScan;

/** The real upstream module on its own, allowed to talk to test servers on {@code localhost} that {@link TestCa} vouches for. */
public final class TestUpstream implements AutoCloseable {
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    /** With other settings than the usual ones: names below {@code valija.upstream}, each followed by its value. */
    public TestUpstream(String... settings) {
        var properties = properties(settings);
        context.registerBean(UpstreamProperties.class, () -> properties);
        context.register(Components.class);
        context.refresh();
    }

    /** The settings such an upstream has. */
    public static UpstreamProperties properties(String... settings) {
        var values = new HashMap<String, String>(Map.of("valija.upstream.allowed-hosts", "localhost"));
        for (int i = 0; i < settings.length; i += 2) {
            values.put("valija.upstream." + settings[i], settings[i + 1]);
        }
        values.computeIfAbsent(
                "valija.upstream.trusted-certificates", ours -> TestCa.pem().toString());
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("valija.upstream", UpstreamProperties.class);
    }

    public Upstream upstream() {
        return context.getBean(Upstream.class);
    }

    @Override
    public void close() {
        context.close();
    }

    @ComponentScan("dev.valija.upstream")
    static class Components {}
}
