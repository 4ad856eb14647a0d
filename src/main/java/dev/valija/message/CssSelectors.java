package dev.valija.message;

import dev.valija.message.CssTokens.Kind;
import dev.valija.message.CssTokens.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The selectors that a mail's style sheet may use: elements, classes, ids and a few states, side by side or within one
 * another. Names are prefixed; an id becomes a class, for an id is an address within a page.
 */
final class CssSelectors {
    /** Prefixes the mail's classes, so that none of them is one of ours. */
    private static final String PREFIX = "m-";

    /** The class of the element that stands for the mail's body. */
    static final String ROOT = "m--body";

    private static final int LONGEST_NAME = 80;
    private static final int MOST_COMPOUNDS = 8;
    private static final Set<String> STATES = Set.of(
            "link",
            "hover",
            "active",
            "focus",
            "first-child",
            "last-child",
            "only-child",
            "first-of-type",
            "last-of-type");

    private final List<Token> tokens;
    private final Set<String> classes = new HashSet<>();
    private int at;

    /**
     * A list of selectors within the mail's body, each as written but for names; those we do not know are left out.
     *
     * @param bodyClasses the classes of the body itself
     * @param classes gathers the classes that are spoken of
     */
    static String bound(List<Token> prelude, Set<String> bodyClasses, Set<String> classes) {
        var kept = new StringBuilder();
        for (int at = 0; at <= prelude.size(); ) {
            CpuBudget.check();
            int end = CssBlocks.end(prelude, at, ',', prelude.size());
            var selector = new CssSelectors(prelude.subList(at, end));
            String text = selector.text();
            if (text != null) {
                kept.append(kept.isEmpty() ? "" : ",").append(text);
                String rest = text.substring(ROOT.length() + 1);
                if (rest.startsWith(" .") && selector.classes.stream().anyMatch(bodyClasses::contains)) {
                    kept.append(",.").append(ROOT).append(rest.substring(1)); // it may mean the body
                }
                classes.addAll(selector.classes);
            }
            at = end + 1;
        }
        return kept.toString();
    }

    /** The name of a class attribute as it is in the selectors. */
    static String className(String name) {
        return name.startsWith(PREFIX) ? plain(name) : PREFIX + plain(name);
    }

    /** The class that stands for an id. */
    static String idName(String id) {
        return PREFIX + "id-" + plain(id);
    }

    private static String plain(String name) {
        var plain = new StringBuilder();
        for (int i = 0; i < Math.min(name.length(), LONGEST_NAME); i++) {
            char c = name.charAt(i);
            boolean kept = CssTokens.isLetter(c) || CssTokens.isDigit(c) || c == '-';
            plain.append(kept ? c : '_');
        }
        return plain.toString();
    }

    private CssSelectors(List<Token> tokens) {
        this.tokens = tokens;
    }

    private @Nullable String text() {
        var compounds = new ArrayList<String>();
        var combinators = new ArrayList<String>(); // after each compound; a blank after the last
        skipSpace();
        while (at < tokens.size()) {
            String compound = compound();
            if (compound == null || compounds.size() >= MOST_COMPOUNDS) {
                return null;
            }
            compounds.add(compound);
            String combinator = combinator();
            if (combinator == null) {
                return null;
            }
            combinators.add(combinator);
        }
        return compounds.isEmpty() ? null : joined(compounds, combinators);
    }

    /** The page's own element comes first, and once: {@code html} and {@code body} are the same here. */
    private static String joined(List<String> compounds, List<String> combinators) {
        int first = 0;
        while (first + 1 < compounds.size() && isRoot(compounds.get(first)) && isRoot(compounds.get(first + 1))) {
            first++;
        }
        var text = new StringBuilder(isRoot(compounds.get(first)) ? "" : "." + ROOT + " ");
        for (int i = first; i < compounds.size(); i++) {
            text.append(compounds.get(i));
            if (i + 1 < compounds.size()) {
                text.append(combinators.get(i));
            }
        }
        return text.toString();
    }

    private static boolean isRoot(String compound) {
        return compound.startsWith("." + ROOT)
                && (compound.length() == ROOT.length() + 1 || ".:".indexOf(compound.charAt(ROOT.length() + 1)) >= 0);
    }

    private @Nullable String compound() {
        var text = new StringBuilder();
        var rest = new StringBuilder();
        for (boolean first = true; at < tokens.size(); first = false) {
            var token = tokens.get(at);
            if (first && token.kind() == Kind.IDENT) {
                String element = element(token.text().toLowerCase(Locale.ROOT));
                if (element == null) {
                    return null;
                }
                text.append(element);
                at++;
            } else if (first && token.is('*')) {
                text.append('*');
                at++;
            } else if (isEndOfCompound(token)) {
                break;
            } else {
                String part = part(token);
                if (part == null) {
                    return null;
                }
                // The body's own class leads, whatever else is said of it.
                if (part.equals("." + ROOT) && !text.toString().startsWith("." + ROOT)) {
                    text.setLength(0);
                    text.append(part);
                } else if (!part.equals("." + ROOT)) {
                    rest.append(part);
                }
            }
        }
        text.append(rest);
        return text.isEmpty() ? null : text.toString();
    }

    private static boolean isEndOfCompound(Token token) {
        return token.kind() == Kind.WHITESPACE || token.is('>') || token.is('+') || token.is('~');
    }

    private static @Nullable String element(String name) {
        if (name.equals("html") || name.equals("body")) {
            return "." + ROOT;
        }
        String shown = HtmlPolicy.shownAs(name);
        return shown != null && (shown.equals(name) || name.equals("menu") || name.equals("dir")) ? shown : null;
    }

    private @Nullable String part(Token token) {
        at++;
        if (token.kind() == Kind.HASH && !token.text().isEmpty()) {
            // Twice, since an id outweighs a class.
            String name = idName(token.text());
            classes.add(name);
            return "." + name + "." + name;
        }
        if (token.is('.') && peek().kind() == Kind.IDENT) {
            return ofClass(tokens.get(at++).text());
        }
        if (token.is(':') && peek().kind() == Kind.IDENT) {
            String state = tokens.get(at++).text().toLowerCase(Locale.ROOT);
            return state.equals("root") ? "." + ROOT : STATES.contains(state) ? ":" + state : null;
        }
        return token.is('[') ? attribute() : null;
    }

    private String ofClass(String written) {
        String name = className(written);
        classes.add(name);
        return "." + name;
    }

    /** Of attributes the class alone: {@code td[class=x]} was the way to hide a rule from old readers. */
    private @Nullable String attribute() {
        int close = CssBlocks.end(tokens, at, ']', tokens.size());
        var inside = tokens.subList(at, close).stream()
                .filter(t -> t.kind() != Kind.WHITESPACE)
                .toList();
        at = close + 1;
        int last = inside.size() - 1;
        boolean equals = (last == 2 && inside.get(1).is('='))
                || (last == 3 && inside.get(1).is('~') && inside.get(2).is('='));
        if (!equals || !inside.getFirst().isName("class")) {
            return null;
        }
        var value = inside.get(last);
        boolean named = (value.kind() == Kind.IDENT || value.kind() == Kind.STRING)
                && !value.text().isBlank()
                && value.text().chars().noneMatch(Character::isWhitespace);
        return named ? ofClass(value.text()) : null;
    }

    private Token peek() {
        return at < tokens.size() ? tokens.get(at) : Token.END;
    }

    private void skipSpace() {
        while (peek().kind() == Kind.WHITESPACE) {
            at++;
        }
    }

    /** What leads to the next compound; a blank at the end. Null for two in a row. */
    private @Nullable String combinator() {
        skipSpace();
        if (!isEndOfCompound(peek())) {
            return " ";
        }
        String combinator = peek().text();
        at++;
        skipSpace();
        return isEndOfCompound(peek()) || at >= tokens.size() ? null : combinator;
    }
}
