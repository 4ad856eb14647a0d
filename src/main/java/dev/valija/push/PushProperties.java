package dev.valija.push;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings for live news.
 *
 * @param heartbeat how often a silent stream says that it is still there
 * @param streamsPerUser open at once; beyond that the oldest is closed
 * @param keep how long changes can be replayed
 * @param keepRows how many of a user's changes can be replayed
 */
@ConfigurationProperties("valija.push")
record PushProperties(
        @DefaultValue("20s") Duration heartbeat,
        @DefaultValue("20") int streamsPerUser,
        @DefaultValue("7d") Duration keep,
        @DefaultValue("10000") int keepRows) {}
