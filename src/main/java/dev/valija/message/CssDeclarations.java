package dev.valija.message;

import dev.valija.message.CssTokens.Kind;
import dev.valija.message.CssTokens.Token;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The declarations that mail may make: how its text, boxes and tables look, where they stay in their place. Nothing
 * here fetches, moves over something else, or depends on the height of the window. What comes out is written anew from
 * tokens that were allowed one by one.
 */
final class CssDeclarations {
    private static final int LONGEST_STYLE = 30_000;
    private static final int LONGEST_VALUE = 120;
    private static final double LARGEST = 10_000;

    private static final Set<String> PROPERTIES =
            Set.of(("align-content align-items align-self background background-clip background-color background-image"
                            + " border border-bottom border-bottom-color border-bottom-left-radius"
                            + " border-bottom-right-radius border-bottom-style border-bottom-width border-collapse"
                            + " border-color border-left border-left-color border-left-style border-left-width"
                            + " border-radius border-right border-right-color border-right-style border-right-width"
                            + " border-spacing border-style border-top border-top-color border-top-left-radius"
                            + " border-top-right-radius border-top-style border-top-width border-width box-shadow"
                            + " box-sizing caption-side clear color color-scheme column-gap direction display"
                            + " empty-cells flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap"
                            + " float font font-family font-size font-stretch font-style font-variant font-weight gap"
                            + " grid-template-columns height hyphens justify-content justify-items letter-spacing"
                            + " line-height list-style list-style-position list-style-type margin margin-bottom"
                            + " margin-left margin-right margin-top max-height max-width min-height min-width"
                            + " object-fit opacity order overflow overflow-wrap overflow-x overflow-y padding"
                            + " padding-bottom padding-left padding-right padding-top row-gap tab-size table-layout"
                            + " text-align text-align-last text-decoration text-decoration-color"
                            + " text-decoration-line text-decoration-style text-decoration-thickness text-indent"
                            + " text-overflow text-shadow text-transform text-underline-offset unicode-bidi"
                            + " vertical-align visibility white-space width word-break word-spacing word-wrap")
                    .split(" "));
    private static final Set<String> FONTS = Set.of("font", "font-family");
    private static final Set<String> COLOR_FUNCTIONS =
            Set.of("rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch");
    private static final Set<String> GRADIENTS = Set.of("linear-gradient", "radial-gradient");
    private static final Set<String> MATHS = Set.of("calc", "min", "max", "clamp");
    private static final Set<String> COMPUTED =
            Set.of("width", "min-width", "max-width", "height", "min-height", "max-height", "font-size", "flex-basis");
    private static final Set<String> SIGNED = Set.of(
            "text-indent", "letter-spacing", "word-spacing", "vertical-align", "text-shadow", "box-shadow", "order");
    /** Small ones only: text may hang a bullet before its line, but not leave the page. */
    private static final double LARGEST_SHIFT = 200;

    /** No part of the window's height is a unit: the frame is as high as the mail, and so would grow for ever. */
    private static final Set<String> UNITS = Set.of(
            "", "%", "px", "pt", "em", "rem", "ex", "ch", "in", "cm", "mm", "q", "pc", "vw", "deg", "turn", "rad",
            "fr");

    private static final Set<String> NO_COLOR = Set.of(
            "no-repeat",
            "repeat",
            "repeat-x",
            "repeat-y",
            "scroll",
            "fixed",
            "local",
            "center",
            "top",
            "left",
            "right",
            "bottom",
            "cover",
            "contain",
            "auto",
            "none",
            "round",
            "space",
            "border-box",
            "padding-box",
            "content-box");

    private final List<Token> tokens;
    private final Remote remote;
    private final StringBuilder out = new StringBuilder();
    private int at;

    /** The allowed ones of a {@code style} attribute or of a rule's block. */
    static String clean(List<Token> tokens, Remote remote) {
        var cleaner = new CssDeclarations(tokens, remote);
        while (cleaner.at < tokens.size()) {
            cleaner.declaration();
        }
        return cleaner.out.toString();
    }

    static String clean(String style, Remote remote) {
        return style.length() > LONGEST_STYLE ? "" : clean(CssTokens.of(style), remote);
    }

    private CssDeclarations(List<Token> tokens, Remote remote) {
        this.tokens = tokens;
        this.remote = remote;
    }

    private void declaration() {
        skipSpace();
        int from = at;
        at = CssBlocks.end(tokens, at, ';', tokens.size());
        int end = at++;
        if (end - from < 3 || tokens.get(from).kind() != Kind.IDENT) {
            return;
        }
        String property = tokens.get(from).text().toLowerCase(Locale.ROOT);
        int colon = from + 1;
        if (tokens.get(colon).kind() == Kind.WHITESPACE) {
            colon++;
        }
        if (!tokens.get(colon).is(':')) {
            return;
        }
        var value = new Value(property, tokens.subList(colon + 1, end));
        value.countAddresses();
        if (!PROPERTIES.contains(property)) {
            return;
        }
        value.write();
    }

    private void skipSpace() {
        while (at < tokens.size() && tokens.get(at).kind() == Kind.WHITESPACE) {
            at++;
        }
    }

    private final class Value {
        private final String property;
        private final boolean important;
        private final List<Token> value;

        Value(String property, List<Token> written) {
            this.property = property;
            var rest = trimmed(written);
            int mark = rest.size() - 1;
            boolean found = mark > 0
                    && rest.get(mark).kind() == Kind.IDENT
                    && rest.get(mark).isName("important");
            if (found) {
                do {
                    mark--;
                } while (mark > 0 && rest.get(mark).kind() == Kind.WHITESPACE);
                found = rest.get(mark).is('!');
            }
            important = found;
            value = found ? trimmed(rest.subList(0, mark)) : rest;
        }

        private static List<Token> trimmed(List<Token> tokens) {
            int from = 0;
            int to = tokens.size();
            while (from < to && tokens.get(from).kind() == Kind.WHITESPACE) {
                from++;
            }
            while (to > from && tokens.get(to - 1).kind() == Kind.WHITESPACE) {
                to--;
            }
            return tokens.subList(from, to);
        }

        void countAddresses() {
            boolean called = false;
            for (var token : value) {
                called |= token.kind() == Kind.FUNCTION;
                if (token.kind() == Kind.URL || (token.kind() == Kind.STRING && called)) {
                    remote.addIfRemote(token.text());
                }
            }
        }

        void write() {
            if (value.isEmpty() || value.size() > LONGEST_VALUE) {
                return;
            }
            boolean fetches = value.stream()
                    .anyMatch(t -> t.kind() == Kind.URL
                            || (t.kind() == Kind.FUNCTION && t.text().equals("url")));
            if (property.equals("background") && fetches) {
                String color = color();
                if (color != null) {
                    declare("background-color", color);
                }
                return;
            }
            String text = text(value);
            if (text != null) {
                declare(property, text);
            }
        }

        private void declare(String name, String text) {
            if (!out.isEmpty()) {
                out.append(';');
            }
            out.append(name).append(':').append(text);
            if (important) {
                out.append("!important");
            }
        }

        /** What is left of a background when its picture is not shown. */
        private @Nullable String color() {
            for (int i = 0; i < value.size(); i++) {
                var token = value.get(i);
                if (token.kind() == Kind.FUNCTION) {
                    int end = CssBlocks.end(value, i + 1, ')', value.size());
                    if (COLOR_FUNCTIONS.contains(token.text())) {
                        return text(value.subList(i, Math.min(end + 1, value.size())));
                    }
                    i = end;
                } else if (token.kind() == Kind.HASH
                        || (token.kind() == Kind.IDENT
                                && !NO_COLOR.contains(token.text().toLowerCase(Locale.ROOT)))) {
                    return text(List.of(token));
                }
            }
            return null;
        }

        private @Nullable String text(List<Token> tokens) {
            var text = new StringBuilder();
            int depth = 0;
            int maths = 0;
            for (var token : tokens) {
                String written = switch (token.kind()) {
                    case WHITESPACE -> " ";
                    case IDENT -> word(token.text());
                    case HASH -> token.text().matches("[0-9a-fA-F]{3,8}") ? "#" + token.text() : null;
                    case STRING -> FONTS.contains(property) ? quoted(token.text()) : null;
                    case NUMBER -> number(token, depth > 0);
                    case FUNCTION -> function(token.text());
                    case OPEN -> token.is('(') && maths > 0 ? "(" : null;
                    case CLOSE -> token.is(')') && depth > 0 ? ")" : null;
                    case DELIM -> delimiter(token.text().charAt(0), maths > 0);
                    case AT_KEYWORD, URL, BAD, END -> null;
                };
                if (written == null) {
                    return null;
                }
                text.append(written);
                if (token.kind() == Kind.FUNCTION || token.kind() == Kind.OPEN) {
                    depth++;
                    maths += maths > 0 || MATHS.contains(token.text()) ? 1 : 0;
                } else if (token.kind() == Kind.CLOSE) {
                    depth--;
                    maths = Math.max(0, maths - 1);
                }
            }
            return depth <= 8 ? text.append(")".repeat(depth)).toString() : null;
        }

        private @Nullable String word(String name) {
            boolean plain = name.length() <= 60
                    && name.chars()
                            .allMatch(c -> c == '-'
                                    || CssTokens.isLetter(c)
                                    || CssTokens.isDigit(c)
                                    || (FONTS.contains(property) && (c == '_' || Character.isLetterOrDigit(c))));
            return plain && !name.startsWith("--") && isNameStart(name) ? name : null;
        }

        /** What an escape made of something else is no name when written plainly. */
        private static boolean isNameStart(String name) {
            char first = name.startsWith("-") && name.length() > 1 ? name.charAt(1) : name.charAt(0);
            return Character.isLetter(first) || first == '_';
        }

        private static String quoted(String text) {
            var kept = new StringBuilder("'");
            text.codePoints()
                    .limit(100)
                    .filter(c -> Character.isLetterOrDigit(c) || " -_.&+".indexOf(c) >= 0)
                    .forEach(kept::appendCodePoint);
            return kept.append('\'').toString();
        }

        private @Nullable String number(Token token, boolean nested) {
            if (token.text().length() > 20 || !UNITS.contains(token.unit())) {
                return null;
            }
            double value = Double.parseDouble(token.text());
            double most = property.endsWith("-shadow") || SIGNED.contains(property) ? LARGEST_SHIFT : LARGEST;
            boolean signed = nested || SIGNED.contains(property);
            // Weights, hues and z-orders of a flex box are no lengths, but stay below these bounds as well.
            return Math.abs(value) > most || (value < 0 && !signed) ? null : token.text() + token.unit();
        }

        private @Nullable String function(String name) {
            boolean allowed = COLOR_FUNCTIONS.contains(name)
                    || (GRADIENTS.contains(name) && property.startsWith("background"))
                    || (MATHS.contains(name) && COMPUTED.contains(property))
                    || (property.equals("grid-template-columns")
                            && Set.of("repeat", "minmax").contains(name));
            return allowed ? name + "(" : null;
        }

        private static @Nullable String delimiter(char c, boolean maths) {
            return c == ',' || c == '/' || (maths && (c == '+' || c == '-' || c == '*')) ? String.valueOf(c) : null;
        }
    }
}
