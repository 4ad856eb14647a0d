package dev.valija.account;

import dev.valija.upstream.ServerSettings;
import java.util.Locale;

/** A server as callers are told of it. */
public record ServerView(String host, int port, String security) {
    public static ServerView of(ServerSettings settings) {
        return new ServerView(
                settings.host(), settings.port(), settings.security().name().toLowerCase(Locale.ROOT));
    }
}
