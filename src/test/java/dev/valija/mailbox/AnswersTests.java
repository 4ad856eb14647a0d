package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.mailbox.Answers.Letter;
import dev.valija.message.Address;
import dev.valija.message.Envelope;
import dev.valija.support.Mails;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTests {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                // what                                       | from, to, cc of the question | of the answer    | hours
                "the one it went to answers                   | anna | luis      |           | luis | anna      |      | 2",
                "the account answers a customer               | cleo | anna      |           | anna | cleo      |      | 1",
                "one of several answers all                   | anna | luis,cleo |           | cleo | anna,luis |      | 3",
                "one in copy answers                          | anna | luis      | cleo      | cleo | anna      |      | 3",
                "one answers somebody else of the same letter | luis | anna,cleo |           | anna | cleo,luis |      | 1",
                "the case of addresses makes no difference    | Anna | LUIS      |           | luis | anna      |      | 2",
                "after a month, just                          | anna | luis      |           | luis | anna      |      | 720",
            })
    void thisIsAnAnswer(
            String what,
            String from,
            String to,
            String cc,
            String answerFrom,
            String answerTo,
            String answerCc,
            int hours) {
        assertThat(answers(letter("q", from, to, cc, 0), letter("a", answerFrom, answerTo, answerCc, hours)))
                .isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "strangers with one subject                  | anna | luis      |           | cleo | otto      |      | 1",
                "a stranger to the question's author         | anna | luis      |           | cleo | anna      |      | 1",
                "its reader to a stranger                    | anna | luis      |           | luis | cleo      |      | 1",
                "two customers write to one desk             | cleo | desk      |           | otto | desk      |      | 1",
                "the desk answers the other customer         | cleo | desk      |           | desk | otto      |      | 1",
                "the same sender again to the same reader    | shop | anna      |           | shop | anna      |      | 24",
                "the same sender again to another            | anna | luis      |           | anna | cleo      |      | 1",
                "a note to oneself                           | anna | anna      |           | anna | anna      |      | 1",
                "a list that writes in all names             | list | list      |           | list | list,anna |      | 1",
                "to a list, by one the question never named  | anna | list      |           | luis | list,anna |      | 1",
                "before the question                         | anna | luis      |           | luis | anna      |      | -1",
                "at the same moment                          | anna | luis      |           | luis | anna      |      | 0",
                "after more than a month                     | anna | luis      |           | luis | anna      |      | 721",
                "no sender                                   |      | luis      |           | luis | anna      |      | 1",
                "no recipient                                | anna | luis      |           | luis |           |      | 1",
                "two senders                                 | anna | luis      |           | luis,cleo | anna |      | 1",
                "to a sender nobody reads                    | no-reply | anna  |           | anna | no-reply  |      | 1",
                "to a newsletter                             | newsletter | anna |          | anna | newsletter |     | 1",
                "to a service's notices                      | shop-notifications | anna |  | anna | shop-notifications | | 1",
                "from a machine that bounces                 | anna | mailer-daemon |       | mailer-daemon | anna |  | 1",
                "to a list's robot                           | anna | dev-request |         | dev-request | anna |    | 1",
            })
    void thisIsNone(
            String what,
            String from,
            String to,
            String cc,
            String answerFrom,
            String answerTo,
            String answerCc,
            int hours) {
        assertThat(answers(letter("q", from, to, cc, 0), letter("a", answerFrom, answerTo, answerCc, hours)))
                .isFalse();
    }

    @Test
    void whatWentToManyIsNoConversation() {
        var all = Stream.iterate(0, i -> i < 51, i -> i + 1).map(i -> "p" + i).reduce("luis", (a, b) -> a + "," + b);
        assertThat(answers(letter("q", "anna", all, null, 0), letter("a", "luis", "anna", null, 1)))
                .isFalse();
    }

    @Test
    void answersMayGoWhereTheQuestionSays() {
        var question = new Letter(
                "q",
                "trip to lisbon",
                Mails.NOON,
                new Envelope(
                        "q",
                        List.of(),
                        List.of(),
                        "Trip to Lisbon",
                        people("anna"),
                        List.of(),
                        people("annas-office"),
                        people("luis"),
                        List.of(),
                        List.of(),
                        null));
        assertThat(answers(question, letter("a", "luis", "annas-office", null, 1)))
                .isTrue();
    }

    @Test
    void aMessageDoesNotAnswerItsOwnCopy() {
        assertThat(answers(letter("q", "anna", "luis", null, 0), letter("q", "luis", "anna", null, 1)))
                .isFalse();
    }

    @Test
    void anotherSubjectIsAnotherConversation() {
        var other = new Letter("a", "trip to porto", Mails.NOON.plusSeconds(9), envelope("luis", "anna", null));
        assertThat(answers(letter("q", "anna", "luis", null, 0), other)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trip to lisbon",
                "invoice 4711",
                "your order 100-2388",
                "kitchen renovation offer",
                "rückfrage zu angebot müller",
                "budget wartungsvertrag",
                "réunion chantier nantes",
                "factura reforma cocina",
                "отчёт по проекту север",
                "来年度予算案の確認",
                "关于上海办公室搬迁",
                "부산 출장 일정 공유",
                "sommerfest: wer bringt salat?",
            })
    void fewWriteUnderThis(String subject) {
        assertThat(Answers.isDistinctive(subject)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "hello",
                "hi",
                "hello again",
                "invoice",
                "your invoice",
                "invoice march 2026",
                "your order confirmation",
                "meeting tomorrow",
                "weekly status report",
                "monthly report january",
                "question",
                "a quick question",
                "thank you!",
                "test",
                "test 1",
                "(no subject)",
                "photos",
                "12",
                "2026",
                "re",
                "?",
                "...",
                "rechnung",
                "ihre rechnung",
                "termin am montag",
                "frage",
                "hallo",
                "einladung",
                "facture",
                "votre commande",
                "rendez-vous",
                "hola",
                "su pedido",
                "ciao",
                "fattura",
                "sua encomenda",
                "привет",
                "ваш заказ",
                "会议",
                "你好",
                "会议通知",
                "お知らせ",
                "lisbon",
                "dev digest, vol 12, issue 3",
                "kernel hackers digest",
                "gardening newsletter spring",
                "volunteers vol 3 issue 9",
            })
    void manyWriteUnderThis(String subject) {
        assertThat(Answers.isDistinctive(subject)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Re: Trip to Lisbon | | | true",
                "AW: Trip to Lisbon | | | true",
                "Antw: Trip to Lisbon | | | true",
                "SV: Trip to Lisbon | | | true",
                "回复：Trip to Lisbon | | | true",
                "Fwd: Trip to Lisbon | | | true",
                "[Fwd: Trip to Lisbon] | | | true",
                "Trip to Lisbon (fwd) | | | true",
                "Re: [travel] Trip to Lisbon | | | true",
                "Trip to Lisbon | | | false",
                "[travel] Trip to Lisbon | | | false",
                "Regarding: Trip to Lisbon | | | false",
                "Re: Hello | | | false",
                "Re: | | | false",
                "Re: Trip to Lisbon | parent@example.org | | false",
                "Re: Trip to Lisbon | | parent@example.org | false",
            })
    void onlyAnAnswerThatNamesNoMessageIsRepaired(
            String subject, String inReplyTo, String references, boolean repaired) {
        var envelope = new Envelope(
                "a@example.org",
                inReplyTo == null ? List.of() : List.of(inReplyTo),
                references == null ? List.of() : List.of(references),
                subject == null ? "" : subject,
                people("luis"),
                List.of(),
                List.of(),
                people("anna"),
                List.of(),
                List.of(),
                null);
        assertThat(Answers.mayBeRepaired(envelope, Texts.baseSubject(envelope.subject())))
                .isEqualTo(repaired);
    }

    private static boolean answers(Letter question, Letter answer) {
        return Answers.answers(answer, question);
    }

    private static Letter letter(String id, String from, String to, String cc, int hours) {
        return new Letter(id, "trip to lisbon", Mails.NOON.plus(Duration.ofHours(hours)), envelope(from, to, cc));
    }

    private static Envelope envelope(String from, String to, String cc) {
        return new Envelope(
                null,
                List.of(),
                List.of(),
                "Trip to Lisbon",
                people(from),
                List.of(),
                List.of(),
                people(to),
                people(cc),
                List.of(),
                null);
    }

    private static List<Address> people(String names) {
        return names == null
                ? List.of()
                : Stream.of(names.split(","))
                        .map(name -> new Address(null, name.strip() + "@example.org"))
                        .toList();
    }
}
