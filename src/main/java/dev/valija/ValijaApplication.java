package dev.valija;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts Valija. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class ValijaApplication {

    public static void main(String[] args) {
        SpringApplication.run(ValijaApplication.class, args);
    }
}
