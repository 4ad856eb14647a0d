package dev.valija.message;

import dev.valija.message.CssTokens.Kind;
import dev.valija.message.CssTokens.Token;
import java.util.ArrayDeque;
import java.util.List;

/** Finds where a piece of CSS ends; brackets within it belong to it (CSS Syntax Level 3, 5.4). */
final class CssBlocks {

    /**
     * The index of the first {@code end} from {@code from} on that is not within brackets opened after {@code from};
     * {@code to} where there is none.
     */
    static int end(List<Token> tokens, int from, char end, int to) {
        return end(tokens, from, String.valueOf(end), to);
    }

    /** The same for the first of several. */
    static int end(List<Token> tokens, int from, String ends, int to) {
        var open = new ArrayDeque<Character>();
        for (int i = from; i < to; i++) {
            var token = tokens.get(i);
            if (open.isEmpty() && token.isOneOf(ends)) {
                return i;
            }
            if (token.kind() == Kind.FUNCTION) {
                open.push(')');
            } else if (token.kind() == Kind.OPEN) {
                open.push(token.is('(') ? ')' : token.is('[') ? ']' : '}');
            } else if (token.kind() == Kind.CLOSE && !open.isEmpty() && token.is(open.peek())) {
                open.pop();
            }
        }
        return to;
    }

    private CssBlocks() {}
}
