package dev.valija.mailbox;

/** The page around a mail's safe elements. */
final class HtmlDocument {
    /**
     * The last wall: no script, no request, no form, no frame but ours around it. The sandbox of the header holds even
     * when the page is opened outside of our frame; links may open a window of their own.
     */
    static final String POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; "
            + "base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

    /** The same where the reader wants to see remote images: they come from addresses of ours, which take no cookie. */
    static final String POLICY_WITH_IMAGES = POLICY.replace("img-src data:", "img-src 'self' data:");

    private static final String HEAD = """
            <!doctype html>
            <html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\
            <meta name="referrer" content="no-referrer"><title></title><style>
            html{color-scheme:light;background:#fff;color:#1b1f23}
            body{margin:0;padding:12px 16px;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
            img,video,table{max-width:100%}
            img{height:auto}
            pre{white-space:pre-wrap}
            a{color:#0b6e75}
            blockquote{margin:0 0 0 4px;padding:0 0 0 12px;border-left:2px solid #c9d1d9;color:#4b5560}
            .valija-blocked-image{display:inline-block;overflow:hidden;min-width:16px;min-height:16px;border:1px dashed #c9d1d9}
            </style></head><body>
            """;

    static String of(String elements) {
        return HEAD + elements + "\n</body></html>\n";
    }

    private HtmlDocument() {}
}
