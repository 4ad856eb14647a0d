package dev.valija.account;

/** A sign-in that anybody may use. Beans of this type, which only the demo has, are listed by {@code /instance}. */
public record DemoSignIn(String address, String password) {}
