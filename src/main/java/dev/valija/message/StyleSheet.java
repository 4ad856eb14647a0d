package dev.valija.message;

import dev.valija.message.CssTokens.Kind;
import dev.valija.message.CssTokens.Token;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mail's own style sheet, made safe: rules for its elements and classes, also those that depend on the width of the
 * pane or on a dark scheme. Names are prefixed and every rule is bound to the mail's own element, so that it says
 * nothing about a page around it. No import, font, address, or rule of another kind comes through.
 */
final class StyleSheet {
    private static final int LONGEST = 300_000;
    private static final int MOST_RULES = 4_000;
    private static final Set<String> FEATURES = Set.of(
            "min-width",
            "max-width",
            "min-device-width",
            "max-device-width",
            "prefers-color-scheme",
            "orientation",
            "-webkit-min-device-pixel-ratio",
            "min-resolution");

    private final StringBuilder out = new StringBuilder();
    private final Set<String> classes = new HashSet<>();
    private final Remote remote;
    private final Set<String> bodyClasses;
    private int read;
    private int rules;

    /** @param bodyClasses the prefixed classes of the body itself, which stands for the mail's own element */
    StyleSheet(Set<String> bodyClasses, Remote remote) {
        this.bodyClasses = bodyClasses;
        this.remote = remote;
    }

    /** The classes that its rules speak of, prefixed; others say nothing. */
    Set<String> classes() {
        return classes;
    }

    boolean isEmpty() {
        return out.isEmpty();
    }

    /** CSS that may stand in a style element: it holds no {@code <}. */
    @Override
    public String toString() {
        return out.toString();
    }

    /** Adds a style element's content. {@code media} is its attribute. */
    void add(String css, String media) {
        if (read + css.length() > LONGEST) {
            return; // half a sheet looks worse than none
        }
        read += css.length();
        var tokens = CssTokens.of(css);
        String query = media.isBlank() ? "" : query(CssTokens.of(media));
        if (query != null) {
            within(query, () -> rules(tokens, query.isEmpty()));
        }
    }

    private void within(String query, Runnable content) {
        int start = out.length();
        if (!query.isEmpty()) {
            out.append("@media ").append(query).append('{');
        }
        int before = out.length();
        content.run();
        if (out.length() == before) {
            out.setLength(start);
        } else if (!query.isEmpty()) {
            out.append("}\n");
        }
    }

    private void rules(List<Token> tokens, boolean outermost) {
        int at = 0;
        while (at < tokens.size() && rules < MOST_RULES) {
            var first = tokens.get(at);
            if (first.kind() == Kind.WHITESPACE) {
                at++;
                continue;
            }
            CpuBudget.check();
            boolean atRule = first.kind() == Kind.AT_KEYWORD;
            // One look for both: of a sheet of rules that end at once, each would look through all the rest.
            int open = CssBlocks.end(tokens, at, atRule ? "{;" : "{", tokens.size());
            if (open == tokens.size()) {
                return;
            }
            if (tokens.get(open).is(';')) {
                at = open + 1;
                continue;
            }
            int close = CssBlocks.end(tokens, open + 1, '}', tokens.size());
            var block = tokens.subList(open + 1, close);
            if (!atRule) {
                rule(tokens.subList(at, open), block);
            } else if (first.text().equals("media") && outermost) {
                String query = query(tokens.subList(at + 1, open));
                if (query != null) {
                    within(query, () -> rules(block, false));
                }
            }
            at = close + 1;
        }
    }

    private void rule(List<Token> prelude, List<Token> block) {
        String declarations = CssDeclarations.clean(block, remote);
        String selectors = declarations.isEmpty() ? "" : CssSelectors.bound(prelude, bodyClasses, classes);
        if (!selectors.isEmpty()) {
            rules++;
            out.append(selectors).append('{').append(declarations).append("}\n");
        }
    }

    /** The queries of a list that we understand; empty for all media, null when none of them can hold. */
    private static @Nullable String query(List<Token> tokens) {
        var kept = new StringBuilder();
        int at = 0;
        while (at <= tokens.size()) {
            int end = CssBlocks.end(tokens, at, ',', tokens.size());
            String one = oneQuery(tokens.subList(at, end));
            if (one != null && one.isEmpty()) {
                return "";
            }
            if (one != null) {
                kept.append(kept.isEmpty() ? "" : ",").append(one);
            }
            at = end + 1;
        }
        return kept.isEmpty() ? null : kept.toString();
    }

    private static @Nullable String oneQuery(List<Token> tokens) {
        var kept = new StringBuilder();
        for (int at = 0; at < tokens.size(); at++) {
            var token = tokens.get(at);
            if (token.kind() == Kind.WHITESPACE) {
                continue;
            }
            String part;
            if (token.is('(')) {
                int close = CssBlocks.end(tokens, at + 1, ')', tokens.size());
                part = feature(tokens.subList(at + 1, close));
                at = close;
            } else {
                part = token.kind() == Kind.IDENT ? medium(token.text().toLowerCase(Locale.ROOT)) : null;
            }
            if (part == null) {
                return null;
            }
            if (!part.isEmpty()) {
                kept.append(kept.isEmpty() ? "" : " and ").append(part);
            }
        }
        return kept.toString();
    }

    /** We are a screen; what else is said of the medium needs no repeating. */
    private static @Nullable String medium(String word) {
        return switch (word) {
            case "all", "screen", "only", "and" -> "";
            default -> null;
        };
    }

    private static @Nullable String feature(List<Token> tokens) {
        var solid = tokens.stream().filter(t -> t.kind() != Kind.WHITESPACE).toList();
        if (solid.size() != 3
                || solid.get(0).kind() != Kind.IDENT
                || !solid.get(1).is(':')) {
            return null;
        }
        String name = solid.get(0).text().toLowerCase(Locale.ROOT);
        var value = solid.get(2);
        boolean sound = (value.kind() == Kind.NUMBER
                        && value.text().length() < 12
                        && value.unit().matches("[a-z]{0,4}"))
                || (value.kind() == Kind.IDENT && value.text().matches("[a-zA-Z-]{1,20}"));
        return FEATURES.contains(name) && sound
                ? "(" + name + ":" + value.text().toLowerCase(Locale.ROOT) + value.unit() + ")"
                : null;
    }
}
