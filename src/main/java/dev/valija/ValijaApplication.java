package dev.valija;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Starts Valija. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class ValijaApplication {

    public static void main(String[] args) {
        SpringApplication.run(ValijaApplication.class, args);
    }

    /** For what is done now and then: a thread for each, so that one which waits for a server holds up no other. */
    @Bean
    ThreadPoolTaskScheduler taskScheduler() {
        var scheduler = new ThreadPoolTaskScheduler();
        scheduler.setPoolSize(4);
        scheduler.setThreadNamePrefix("now-and-then-");
        scheduler.setDaemon(true);
        return scheduler;
    }
}
