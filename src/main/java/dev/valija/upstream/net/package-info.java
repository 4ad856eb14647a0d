/** The one place that opens sockets: policy, deadlines, TLS. Everything else in {@code upstream} asks it. */
package dev.valija.upstream.net;
