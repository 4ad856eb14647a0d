package dev.valija.mailbox;

import dev.valija.message.Address;
import dev.valija.message.BaseSubject;
import dev.valija.message.Envelope;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * When a message that says it is an answer and names no other is taken for the answer to one all the same. To leave two
 * of one conversation apart is a pity, to join strangers is a fault: so each has written to the other, within a month,
 * under a subject that few others choose.
 */
final class Answers {
    static final Duration LONGEST = Duration.ofDays(30);
    private static final int SHORTEST_SUBJECT = 8;
    private static final int MOST_RECIPIENTS = 50;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
    private static final Pattern OF_LIST = Pattern.compile("\\b(digest|newsletter|vol\\b.*\\bissue)\\b");
    private static final Pattern YEAR = Pattern.compile("(19|20)\\d\\d");
    private static final Pattern BULK = Pattern.compile(
            "(?i)(.*[-_.+])?(no-?reply|do-?not-?reply|newsletters?|mailer-daemon|postmaster|bounces?|notifications?|news|alerts?|digest|owner|request)([-_.+].*)?@.*");

    /** Words that say nothing of what a message is about, and those that many send under. */
    private static final Set<String> COMMON = Set.of("""
            a about account again all an and any are as at attached attachment ask be bill by call can change
            changes check confirm confirmation contract copy date day days dear delivery details document
            documents draft email enquiry error fax feedback file files final follow followup for form from fw
            good greetings have hello help hey hi how important in info information inquiry invitation invoice
            invoices is issue it job last letter list mail me meeting meetings message minutes monthly my new
            news next no not note notes notice of offer ok on one or order our out payment photo photos picture
            pictures please pls problem proposal quarterly question questions quick quote receipt received
            reminder report reports request response results review schedule short status subject summary
            support test testing thank thanks that the this ticket time to today tomorrow up update updates
            urgent us week weekly what when with work yesterday you your monday tuesday wednesday thursday
            friday saturday sunday january february march april may june july august september october november
            december jan feb mar apr jun jul aug sep sept oct nov dec anfrage angebot anhang antwort auftrag
            bestellung betreff bitte brief danke das der die dringend ein eine einladung erinnerung für frage
            fragen gruß grüße guten hallo heute ihr ihre informationen kein mahnung mit morgen nachricht neue
            neues protokoll rechnung rechnungen rückfrage tag termin treffen und von wichtig zum zur montag
            dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober
            dezember bonjour salut merci facture commande demande réunion rendez vous devis votre vos le la les
            de des du un une et pour sans objet rappel hola gracias factura pedido consulta reunión cita
            presupuesto su sus el los las del y para sin asunto saludos ciao buongiorno grazie fattura ordine
            richiesta riunione domanda offerta il lo gli di per e oggi olá obrigado fatura encomenda pergunta
            reunião o os do da dos em hej tack faktura möte fråga hei kiitos lasku takk møte cześć dzień dobry
            dziękuję pytanie spotkanie oferta zamówienie привет здравствуйте спасибо счет счёт вопрос встреча
            заказ документы ваш ваша ваше seu sua meu minha""".split("\\s+"));

    private static final Set<String> COMMON_DENSE =
            Set.of("会议通知", "会议纪要", "工作报告", "请查收", "你好", "您好", "ありがとう", "お知らせ", "ご連絡", "안녕하세요", "감사합니다");

    /** One side of the question. */
    record Letter(String messageId, String baseSubject, Instant receivedAt, Envelope envelope) {

        private Set<String> from() {
            return emails(List.of(envelope.from()));
        }

        /** Whoever wrote it, and whoever else answers are to go to. */
        private Set<String> authors() {
            return emails(List.of(envelope.from(), envelope.replyTo()));
        }

        private Set<String> recipients() {
            return emails(List.of(envelope.to(), envelope.cc(), envelope.bcc()));
        }

        private static Set<String> emails(List<List<Address>> fields) {
            return fields.stream()
                    .flatMap(Collection::stream)
                    .map(address -> address.email().toLowerCase(Locale.ROOT))
                    .filter(email -> email.contains("@"))
                    .collect(Collectors.toSet());
        }

        /** What is sent to everybody or by nobody is no part of a conversation. */
        private boolean isBulk() {
            return recipients().size() > MOST_RECIPIENTS
                    || from().size() != 1
                    || authors().stream().anyMatch(email -> BULK.matcher(email).matches());
        }
    }

    /** Whether what it answers is to be looked for: it says that it is an answer, and not to what. */
    static boolean mayBeRepaired(Envelope envelope, String baseSubject) {
        return envelope.references().stream().allMatch(String::isBlank)
                && envelope.inReplyTo().stream().allMatch(String::isBlank)
                && envelope.messageId() != null
                && !envelope.messageId().isBlank()
                && isDistinctive(baseSubject)
                && BaseSubject.isReplyOrForward(Texts.storable(envelope.subject(), 2000));
    }

    /** Whether the one is an answer to the other, or to another letter of the same two people. */
    static boolean answers(Letter answer, Letter question) {
        return answer.baseSubject().equals(question.baseSubject())
                && question.receivedAt().isBefore(answer.receivedAt())
                && !question.receivedAt().isBefore(answer.receivedAt().minus(LONGEST))
                && !answer.messageId().equals(question.messageId())
                && !answer.isBulk()
                && !question.isBulk()
                && !meet(answer.from(), question.from())
                && meet(answer.from(), question.recipients())
                && meet(question.authors(), answer.recipients());
    }

    /** Whether strangers would hardly write under that base subject. */
    static boolean isDistinctive(String baseSubject) {
        if (COMMON_DENSE.contains(baseSubject) || isOfList(baseSubject)) {
            return false;
        }
        int words = 0;
        int telling = 0;
        for (var match = WORD.matcher(baseSubject); match.find(); ) {
            var word = match.group();
            words++;
            telling += isTelling(word) ? 1 : 0;
        }
        return baseSubject.codePoints().filter(Answers::isDense).count() >= 4
                || (baseSubject.length() >= SHORTEST_SUBJECT && words >= 2 && telling >= 1);
    }

    /** Of a script in which a character says as much as a syllable or more. */
    private static boolean isDense(int codePoint) {
        return codePoint >= 0x1100
                && switch (Character.UnicodeScript.of(codePoint)) {
                    case HAN, HIRAGANA, KATAKANA, HANGUL -> true;
                    default -> false;
                };
    }

    private static boolean isTelling(String word) {
        if (word.chars().allMatch(Character::isDigit)) {
            return word.length() >= 4 && !YEAR.matcher(word).matches();
        }
        return word.length() >= 3 && !COMMON.contains(word) && word.codePoints().noneMatch(Answers::isDense);
    }

    private static boolean isOfList(String baseSubject) {
        return OF_LIST.matcher(baseSubject).find();
    }

    private static boolean meet(Set<String> some, Set<String> others) {
        return some.stream().anyMatch(others::contains);
    }

    private Answers() {}
}
