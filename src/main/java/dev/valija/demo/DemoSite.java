package dev.valija.demo;

import java.nio.file.Path;

/** Where the demo's mail server is, and what it keeps on disk. */
record DemoSite(Path directory, DemoCa ca, int imapsPort, int smtpsPort, int pop3sPort) {}
