package dev.valija.demo;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the demo behaves.
 *
 * @param firstArrival after the start, until the first new message comes
 * @param arrivalEvery between new messages
 * @param arrivals how many new messages come in all
 */
@ConfigurationProperties("valija.demo")
record DemoProperties(
        @DefaultValue("20s") Duration firstArrival,
        @DefaultValue("90s") Duration arrivalEvery,
        @DefaultValue("200") int arrivals) {}
