package dev.valija.support;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The client's side of a local delivery (RFC 2033). */
final class Lmtp {
    private Lmtp() {}

    static void deliver(int port, String user, byte[] message) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            expect(in, '2');
            say(socket, "LHLO localhost");
            expect(in, '2');
            say(socket, "MAIL FROM:<>");
            expect(in, '2');
            say(socket, "RCPT TO:<" + user + ">");
            expect(in, '2');
            say(socket, "DATA");
            expect(in, '3');
            socket.getOutputStream().write(stuffed(message));
            expect(in, '2');
            say(socket, "QUIT");
        }
    }

    /** With dots doubled at the start of lines, and the final dot (RFC 5321 4.5.2). */
    static byte[] stuffed(byte[] message) {
        var out = new ByteArrayOutputStream(message.length + 100);
        boolean start = true;
        for (byte b : message) {
            if (start && b == '.') {
                out.write('.');
            }
            out.write(b);
            start = b == '\n';
        }
        out.writeBytes((start ? ".\r\n" : "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void expect(BufferedReader in, char first) throws IOException {
        var line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        if (line == null || line.charAt(0) != first) {
            throw new IOException("LMTP: " + line);
        }
    }
}
