package dev.valija.contact;

import java.time.Duration;
import java.time.Instant;

/**
 * How much mail was exchanged with somebody, each mail counting half as much after {@link #HALF_LIFE}. Kept as the
 * logarithm to base 2 of the sum of 2^t, t being when in half-lives since 1970: what fades alike for all needs no
 * fading, so scores grow by mail alone, whatever order it is counted in. V031 has the same in SQL.
 */
final class Score {
    static final Duration HALF_LIFE = Duration.ofDays(90);

    /** Of no mail. */
    static final double NONE = Double.NEGATIVE_INFINITY;

    /** Of one mail. */
    static double of(Instant when) {
        return (double) when.getEpochSecond() / HALF_LIFE.toSeconds();
    }

    /** Of both together. */
    static double plus(double one, double other) {
        if (one == NONE || other == NONE) {
            return Math.max(one, other);
        }
        return Math.max(one, other) + Math.log1p(Math.pow(2, -Math.abs(one - other))) / Math.log(2);
    }

    private Score() {}
}
