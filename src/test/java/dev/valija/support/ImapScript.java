package dev.valija.support;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IMAP server for {@link ScriptedServer} made of rules: a command that matches a rule gets its lines. {@code {tag}}
 * stands for the command's tag. Sign-in, CAPABILITY, NOOP, ENABLE, ID and LOGOUT are answered without rules; all else
 * gets BAD, so that a dialogue nobody thought of is seen.
 */
public final class ImapScript implements ScriptedServer.Script {
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)(\\+?)}$");

    /** What a rule does when its command comes. */
    @FunctionalInterface
    public interface Answer {
        void give(ScriptedServer.Dialogue dialogue, String tag, String command) throws IOException;
    }

    private record Rule(Pattern command, Answer answer, int times) {}

    private final String capabilities;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Rule> used = new CopyOnWriteArrayList<>();
    private String greeting;

    /** @param capabilities as listed after CAPABILITY, IMAP4rev1 included */
    public ImapScript(String capabilities) {
        this.capabilities = capabilities;
        this.greeting = "* OK ready";
    }

    /** Greets so instead of with OK. */
    public ImapScript greeting(String line) {
        greeting = line;
        return this;
    }

    /** Answers commands that match the expression as a whole (without tag, any case) with these lines. */
    public ImapScript on(String command, String... lines) {
        return on(command, Integer.MAX_VALUE, (dialogue, tag, line) -> {
            for (var answer : lines) {
                dialogue.say(answer.replace("{tag}", tag));
            }
        });
    }

    /** Answers such a command once; the rules behind it take over then. */
    public ImapScript once(String command, String... lines) {
        return once(command, (dialogue, tag, line) -> {
            for (var answer : lines) {
                dialogue.say(answer.replace("{tag}", tag));
            }
        });
    }

    /** Does that at such a command, once. */
    public ImapScript once(String command, Answer answer) {
        return on(command, 1, answer);
    }

    /** Does that at every such command. */
    public ImapScript on(String command, Answer answer) {
        return on(command, Integer.MAX_VALUE, answer);
    }

    private ImapScript on(String command, int times, Answer answer) {
        rules.add(new Rule(Pattern.compile(command, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), answer, times));
        return this;
    }

    @Override
    public void run(ScriptedServer.Dialogue dialogue) throws IOException {
        dialogue.say(greeting);
        while (true) {
            var line = command(dialogue);
            var tag = line.substring(0, Math.max(0, line.indexOf(' ')));
            var command = line.substring(tag.length()).strip();
            var rule = rule(command);
            if (rule != null) {
                used.add(rule);
                rule.answer.give(dialogue, tag, command);
            } else if (!byItself(dialogue, tag, command)) {
                return;
            }
        }
    }

    private Rule rule(String command) {
        return rules.stream()
                .filter(rule -> rule.command.matcher(command).matches())
                .filter(rule -> used.stream().filter(u -> u == rule).count() < rule.times)
                .findFirst()
                .orElse(null);
    }

    private boolean byItself(ScriptedServer.Dialogue dialogue, String tag, String command) throws IOException {
        var words = command.toUpperCase(Locale.ROOT).split(" ");
        switch (words[0]) {
            case "CAPABILITY" -> dialogue.say("* CAPABILITY " + capabilities, tag + " OK done");
            case "LOGIN", "NOOP", "ENABLE", "CHECK" -> dialogue.say(tag + " OK done");
            case "AUTHENTICATE" -> {
                if (words.length < 3) {
                    dialogue.say("+ ");
                    dialogue.line();
                }
                dialogue.say(tag + " OK done");
            }
            case "ID" -> dialogue.say("* ID NIL", tag + " OK done");
            case "LOGOUT" -> {
                dialogue.say("* BYE", tag + " OK done");
                return false;
            }
            default -> dialogue.say(tag + " BAD the script knows no " + words[0]);
        }
        return true;
    }

    /** A whole command, literals put in its place. */
    private static String command(ScriptedServer.Dialogue dialogue) throws IOException {
        var parts = new ArrayList<String>();
        while (true) {
            var line = dialogue.line();
            Matcher literal = LITERAL.matcher(line);
            if (!literal.find()) {
                parts.add(line);
                return String.join("", parts);
            }
            parts.add(line.substring(0, literal.start()));
            if (literal.group(2).isEmpty()) {
                dialogue.say("+ go on");
            }
            parts.add(new String(dialogue.octets(Integer.parseInt(literal.group(1)))));
        }
    }
}
