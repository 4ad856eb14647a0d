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
 * A test of the API: the whole application on a database of its own, with {@link FakeUpstream} for the providers.
 * Inject {@link Api} and go through it; every answer is held to openapi.yaml.
 *
 * <p>The context is shared by all tests that add nothing to it, so use users of your own: {@code api.signedIn("berta")}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@SpringBootTest(
        properties = {
            "valija.data-dir=target/test-app",
            "valija.sign-in.failures-per-client=100000",
            "valija.prefetch=false" // tests count what the provider is asked for
        })
@AutoConfigureMockMvc
@Import({TestDatabase.class, Api.Configuration.class})
@ResourceLock("ApiTest") // its classes share a context, and count what goes on in it
public @interface ApiTest {}
