package dev.valija.schedule;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import org.jspecify.annotations.Nullable;

/** Alarms say when, for what and for whom; all else is with the work. No object is ever read from bytes. */
enum NoData implements Serializer {
    INSTANCE;

    @Override
    @SuppressWarnings("NullAway") // the library's own serializer gives null for null, which it does not declare
    public byte[] serialize(@Nullable Object data) {
        if (data != null) {
            throw new IllegalArgumentException("an alarm holds no data");
        }
        return null;
    }

    @Override
    @SuppressWarnings("NullAway") // likewise
    public <T> T deserialize(Class<T> type, byte @Nullable [] data) {
        return null;
    }
}
