package dev.valija.message;

/** Comments of header fields (RFC 5322 3.2.2), taken out in one pass. */
public final class Comments {

    /** The field without them; quoted strings stay. */
    public static String without(String field) {
        var out = new StringBuilder(field.length());
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && (depth > 0 || quoted)) {
                if (depth == 0) {
                    out.append(c).append(i + 1 < field.length() ? field.substring(i + 1, i + 2) : "");
                }
                i++;
            } else if (c == '"' && depth == 0) {
                quoted = !quoted;
                out.append(c);
            } else if (c == '(' && !quoted) {
                depth++;
                out.append(' ');
            } else if (c == ')' && !quoted && depth > 0) {
                depth--;
            } else if (depth == 0) {
                out.append(c);
            }
        }
        return out.toString();
    }

    private Comments() {}
}
