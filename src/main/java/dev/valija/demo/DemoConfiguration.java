package dev.valija.demo;

import dev.valija.account.DemoSignIn;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;

/** The sign-ins anybody may use, for the sign-in page. */
@Configuration(proxyBeanMethods = false)
@Profile("demo")
class DemoConfiguration {
    static final String PASSWORD = "demo";

    @Bean
    @Order(1)
    DemoSignIn anna() {
        return new DemoSignIn("anna@" + DemoSetup.DOMAIN, PASSWORD);
    }

    @Bean
    @Order(2)
    DemoSignIn luis() {
        return new DemoSignIn("luis@" + DemoSetup.DOMAIN, PASSWORD);
    }
}
