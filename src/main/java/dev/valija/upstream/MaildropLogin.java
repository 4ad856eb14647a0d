package dev.valija.upstream;

/** Everything needed to reach a maildrop. */
public record MaildropLogin(ServerSettings server, Credentials credentials) {}
