package dev.valija.account;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings for signing in.
 *
 * @param cookieSecure whether the cookie is for https only; absent: as the request came
 * @param failuresPerLogin refused passwords for one login at one server within the window
 * @param failuresPerClient failed sign-ins of any kind from one client address within the window
 * @param window how long a failure counts
 */
@ConfigurationProperties("valija.sign-in")
record SignInProperties(
        @Nullable Boolean cookieSecure,
        @DefaultValue("10") int failuresPerLogin,
        @DefaultValue("50") int failuresPerClient,
        @DefaultValue("10m") Duration window) {}
