package dev.valija.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;

/**
 * Like {@link ApiTest}, with a web server on a port of its own ({@code @LocalServerPort}) for what needs real HTTP.
 * Streams have a quick heartbeat and short memories.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "valija.data-dir=target/test-app",
            "valija.sign-in.failures-per-client=100000",
            "valija.prefetch=false",
            "valija.push.heartbeat=300ms",
            "valija.push.streams-per-user=5",
            "valija.push.keep-rows=50"
        })
@AutoConfigureMockMvc
@Import({TestDatabase.class, Api.Configuration.class})
@ResourceLock("LiveTest") // its classes share a context, and count what goes on in it
public @interface LiveTest {}
