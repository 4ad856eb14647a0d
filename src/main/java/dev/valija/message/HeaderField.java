package dev.valija.message;

/**
 * One header field as a reader may see it.
 *
 * @param name as written
 * @param value decoded, on one line
 */
public record HeaderField(String name, String value) {}
