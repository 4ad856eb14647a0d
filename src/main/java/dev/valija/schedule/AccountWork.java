package dev.valija.schedule;

import java.util.function.LongConsumer;

/**
 * Work for one account at a time, to be announced as a bean. It is done when its alarms go off, once at least: a node that
 * dies over it is followed by another. Where it throws it is tried again, later and later.
 *
 * @param name tells one from another, for as long as there are alarms of it
 * @param work is given the account
 * @param hurry has what waits in an account tried now: it has servers or a password that are new
 */
public record AccountWork(String name, LongConsumer work, LongConsumer hurry) {}
