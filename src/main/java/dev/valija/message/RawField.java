package dev.valija.message;

/**
 * One header field as it was written, for whoever judges it. Decoded it may say what its writer did not: an encoded word
 * (RFC 2047) in an address or a host's name becomes a semicolon and a result, or hides an IP address.
 *
 * @param name as written
 * @param body unfolded; nothing in it is decoded
 */
public record RawField(String name, String body) {}
