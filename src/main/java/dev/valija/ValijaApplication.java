package dev.valija;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts Valija. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ValijaApplication {

    public static void main(String[] args) {
        SpringApplication.run(ValijaApplication.class, args);
    }
}
