package dev.valija.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message whose containers (Outlook's TNEF, S/MIME of one piece, encoded messages) are replaced by what is in them.
 * Parts that no server knows have ids of ours: {@code 2~1} is the first in part 2. What cannot be unpacked, or only over
 * budget, stays the attachment that it is.
 *
 * @param structure the tree
 * @param parts octets by part id: those there were, and all parts that were unpacked
 * @param signed whether signed data of S/MIME was unpacked
 * @param encrypted whether there is S/MIME that is encrypted
 */
public record Unpacked(BodyPart structure, Map<String, byte[]> parts, boolean signed, boolean encrypted) {
    /** Octets of a container, encoded, above which it is left alone. */
    public static final long LARGEST = 12L << 20;

    private static final long MOST_OCTETS = 32L << 20;
    private static final int DEEPEST = 3;
    private static final char WITHIN = '~';

    /**
     * Unpacks.
     *
     * @param parts encoded octets by part id; a container that is not among them stays closed
     */
    public static Unpacked of(BodyPart structure, Map<String, byte[]> parts) {
        if (structure.allLeaves().noneMatch(BodyPart::isContainer)) {
            return new Unpacked(structure, parts, false, false);
        }
        var unpacking = new Unpacking(parts);
        var root = unpacking.part(structure, 0);
        return new Unpacked(root, unpacking.parts, unpacking.signed, unpacking.encrypted);
    }

    /** Whether a part of that id was unpacked by us. */
    public static boolean isWithin(String partId) {
        return partId.indexOf(WITHIN) >= 0;
    }

    private static final class Unpacking {
        private final Map<String, byte[]> parts;
        private long octets;
        private boolean signed;
        private boolean encrypted;

        Unpacking(Map<String, byte[]> parts) {
            this.parts = new LinkedHashMap<>(parts);
        }

        BodyPart part(BodyPart part, int depth) {
            if (part.isContainer()) {
                var within = depth < DEEPEST ? container(part, depth) : null;
                return within == null ? part : within;
            }
            if (part.isMultipart()) {
                return multipart(part, depth);
            }
            return part.children().isEmpty()
                    ? part
                    : part.holding(part(part.children().getFirst(), depth));
        }

        private BodyPart multipart(BodyPart multipart, int depth) {
            var children = new ArrayList<BodyPart>();
            for (BodyPart child : multipart.children()) {
                var within = part(child, depth);
                var body = within.isMultipart() && child.isContainer() ? body(within) : null;
                int same = body == null ? -1 : sameText(children, body);
                if (body != null && same >= 0) {
                    // Outlook says everything twice: the better form takes the place of the other.
                    var plain = children.get(same);
                    children.set(same, tree(plain.partId(), "multipart/alternative", List.of(plain, body)));
                    within = tree(
                            within.partId(),
                            within.type(),
                            within.children().subList(1, within.children().size()));
                }
                children.add(within);
            }
            return tree(multipart.partId(), multipart.type(), children);
        }

        private static @Nullable BodyPart body(BodyPart unpacked) {
            var first =
                    unpacked.children().isEmpty() ? null : unpacked.children().getFirst();
            return first != null && first.isText() ? first : null;
        }

        private int sameText(List<BodyPart> siblings, BodyPart body) {
            String words = words(body);
            for (int i = 0; i < siblings.size(); i++) {
                var sibling = siblings.get(i);
                if (sibling.type().equals("text/plain")
                        && sibling.isText()
                        && words(sibling).equals(words)) {
                    return i;
                }
            }
            return -1;
        }

        private String words(BodyPart part) {
            byte[] encoded = parts.get(part.partId());
            if (encoded == null) {
                return "";
            }
            String text = MimeReader.decodeText(encoded, part);
            text = part.type().equals("text/html") ? HtmlToText.of(text) : text;
            return text.replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
        }

        private @Nullable BodyPart container(BodyPart container, int depth) {
            byte[] encoded = parts.get(container.partId());
            if (encoded == null || encoded.length > LARGEST) {
                return null;
            }
            byte[] content = TransferEncoding.decode(encoded, container.encoding());
            if (container.isMessage()) {
                return message(container, content, depth);
            }
            byte[] signedContent = SignedData.content(content);
            if (signedContent != null) {
                signed = true;
                return entity(container.partId(), signedContent, depth);
            }
            boolean smime = container.type().contains("pkcs7") || "smime.p7m".equalsIgnoreCase(container.name());
            if (smime) {
                encrypted |= SignedData.isEncrypted(content);
                return null;
            }
            var tnef = Tnef.read(content);
            return tnef == null ? null : tree(container.partId(), "multipart/mixed", files(container.partId(), tnef));
        }

        private @Nullable BodyPart message(BodyPart container, byte[] content, int depth) {
            var mail = MimeReader.read(content);
            if (mail.headers().isEmpty()) {
                return null;
            }
            var root = taken(container.partId(), mail);
            if (root == null) {
                return null;
            }
            parts.put(container.partId() + ".HEADER", mail.rawHeader());
            return container.holding(part(root, depth + 1));
        }

        /** What was signed is an entity of MIME with a header of its own. */
        private @Nullable BodyPart entity(String id, byte[] content, int depth) {
            var root = taken(id, MimeReader.read(content));
            return root == null ? null : tree(id, "multipart/mixed", List.of(part(root, depth + 1)));
        }

        private @Nullable BodyPart taken(String id, ParsedMessage mail) {
            var leaves = mail.structure().allLeaves().toList();
            long sum = leaves.stream().mapToLong(BodyPart::size).sum();
            if (octets + sum > MOST_OCTETS) {
                return null;
            }
            octets += sum;
            for (BodyPart leaf : leaves) {
                mail.encoded(leaf.partId()).ifPresent(found -> parts.put(id + WITHIN + leaf.partId(), found));
                String header = leaf.partId() + ".HEADER";
                mail.encoded(header).ifPresent(found -> parts.put(id + WITHIN + header, found));
            }
            return renamed(mail.structure(), id);
        }

        private static BodyPart renamed(BodyPart part, String id) {
            return new BodyPart(
                    part.partId().isEmpty() ? id : id + WITHIN + part.partId(),
                    part.type(),
                    part.charset(),
                    part.disposition(),
                    part.name(),
                    part.contentId(),
                    part.encoding(),
                    part.size(),
                    part.children().stream().map(child -> renamed(child, id)).toList(),
                    part.flow());
        }

        private List<BodyPart> files(String id, Tnef tnef) {
            var found = new ArrayList<BodyPart>();
            var body = tnef.body();
            if (body != null) {
                byte[] text = body.text().getBytes(StandardCharsets.UTF_8);
                String type = body.isPage() ? "text/html" : "text/plain";
                add(
                        found,
                        new BodyPart(
                                id + WITHIN + 1, type, "utf-8", null, null, null, "binary", text.length, List.of()),
                        text);
            }
            for (var file : tnef.files()) {
                if (octets + file.octets().length > MOST_OCTETS) {
                    break;
                }
                octets += file.octets().length;
                String partId = id + WITHIN + (found.size() + 1);
                String type = file.type() == null || !file.type().matches("[A-Za-z0-9.+-]{1,80}/[A-Za-z0-9.+-]{1,100}")
                        ? "application/octet-stream"
                        : file.type();
                String disposition = file.contentId() == null ? "attachment" : "inline";
                add(
                        found,
                        new BodyPart(
                                partId,
                                type,
                                null,
                                disposition,
                                file.name(),
                                file.contentId(),
                                "binary",
                                file.octets().length,
                                List.of()),
                        file.octets());
            }
            return found;
        }

        private void add(List<BodyPart> into, BodyPart part, byte[] content) {
            parts.put(part.partId(), content);
            into.add(part);
        }

        private static BodyPart tree(String id, String type, List<BodyPart> children) {
            return new BodyPart(id, type, null, null, null, null, "7bit", 0, children);
        }
    }
}
