package dev.valija.upstream.pop3;

import dev.valija.support.ScriptedServer.Dialogue;
import dev.valija.support.ScriptedServer.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** A POP3 server as it should be, but for what a test has it do at one command. */
final class PlayedMaildrop implements Script {
    private final List<byte[]> messages = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Map<String, Script> plays = new LinkedHashMap<>();
    private final List<Set<Integer>> ended = new CopyOnWriteArrayList<>();
    private String[] capabilities = {"UIDL", "SASL PLAIN LOGIN", "AUTH-RESP-CODE"};

    PlayedMaildrop holds(String... texts) {
        for (var text : texts) {
            names.add("name-" + (names.size() + 1));
            messages.add(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return this;
    }

    PlayedMaildrop announces(String... words) {
        capabilities = words;
        return this;
    }

    /** At commands that begin so it does that, and nothing else; empty for the greeting. */
    PlayedMaildrop at(String command, Script play) {
        plays.put(command, play);
        return this;
    }

    /** What was deleted by each session that was ended with QUIT. */
    List<Set<Integer>> ended() {
        return List.copyOf(ended);
    }

    @Override
    public void run(Dialogue dialogue) throws IOException {
        if (plays.containsKey("")) {
            plays.get("").run(dialogue);
        } else {
            dialogue.say("+OK hello");
        }
        converse(dialogue);
    }

    /** From after the greeting. */
    void converse(Dialogue dialogue) throws IOException {
        var deleted = new TreeSet<Integer>();
        while (true) {
            String command = dialogue.line();
            var play = plays.keySet().stream()
                    .filter(prefix -> !prefix.isEmpty() && command.startsWith(prefix))
                    .findFirst();
            if (play.isPresent()) {
                plays.get(play.get()).run(dialogue);
                continue;
            }
            int number = command.matches("[A-Z]+ [0-9]+") ? Integer.parseInt(command.split(" ")[1]) : 0;
            switch (command.split(" ")[0]) {
                case "CAPA" -> list(dialogue, List.of(capabilities));
                case "AUTH" -> {
                    dialogue.say("+ ");
                    boolean right = dialogue.line().equals("AGFubmEAc2VjcmV0");
                    dialogue.say(right ? "+OK" : "-ERR [AUTH] no");
                }
                case "PASS" -> dialogue.say(command.equals("PASS secret") ? "+OK" : "-ERR no");
                case "LIST" -> list(dialogue, rows(i -> Integer.toString(messages.get(i).length)));
                case "STAT" -> dialogue.say("+OK " + messages.size() + " 320");
                case "UIDL" -> {
                    if (number > 0) {
                        dialogue.say("+OK " + number + " " + names.get(number - 1));
                    } else {
                        list(dialogue, rows(names::get));
                    }
                }
                case "RETR" -> {
                    dialogue.say("+OK here it is");
                    dialogue.send(stuffed(messages.get(number - 1)));
                }
                case "DELE" -> {
                    deleted.add(number);
                    dialogue.say("+OK");
                }
                case "QUIT" -> {
                    ended.add(deleted);
                    dialogue.say("+OK bye");
                    return;
                }
                default -> dialogue.say("+OK");
            }
        }
    }

    private List<String> rows(java.util.function.IntFunction<String> value) {
        var rows = new ArrayList<String>();
        for (int i = 0; i < messages.size(); i++) {
            rows.add((i + 1) + " " + value.apply(i));
        }
        return rows;
    }

    private static void list(Dialogue dialogue, List<String> rows) throws IOException {
        dialogue.say("+OK");
        dialogue.say(rows.toArray(String[]::new));
        dialogue.say(".");
    }

    private static byte[] stuffed(byte[] message) {
        var out = new ByteArrayOutputStream();
        boolean lineStart = true;
        for (int i = 0; i < message.length; i++) {
            if (lineStart && message[i] == '.') {
                out.write('.');
            }
            out.write(message[i]);
            lineStart = message[i] == '\n' && i > 0 && message[i - 1] == '\r';
        }
        out.writeBytes(".\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }
}
