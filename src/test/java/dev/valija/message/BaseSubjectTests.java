package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaseSubjectTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Lunch | lunch",
                "Re: Lunch | lunch",
                "RE: Re: re: Lunch | lunch",
                "Re[2]: Lunch | lunch",
                "Re (3): Lunch | lunch",
                "Fwd: Lunch (fwd) (fwd) | lunch",
                "[list] Re: [list] Lunch | lunch",
                "Re: [list] Fw: Lunch | lunch",
                "[fwd: Lunch] | lunch",
                "Re: [Fwd: Re: Lunch] | lunch",
                "AW: WG: Mittag | mittag",
                "RV: RES: almuerzo | almuerzo",
                "TR : déjeuner | déjeuner",
                "SV: VS: Lounas | lounas",
                "回复：午餐 | 午餐",
                "Antw: Lunch | lunch",
                "[only a blob] | [only a blob]",
                "[a] [b] | [b]",
                "Regarding: Lunch | regarding: lunch",
                "Report: 3 | report: 3",
                "Re:Lunch | lunch",
                "  Lunch   today  | lunch today",
            })
    void whatRepliesAddIsTakenOff(String subject, String base) {
        assertThat(BaseSubject.of(subject)).isEqualTo(base);
    }

    @Test
    void nothingMayBeLeft() {
        assertThat(BaseSubject.of("Re: ")).isEmpty();
        assertThat(BaseSubject.of("")).isEmpty();
    }

    @Test
    void repliesAndForwardsAreTold() {
        assertThat(BaseSubject.isReplyOrForward("Re: x")).isTrue();
        assertThat(BaseSubject.isReplyOrForward("x (fwd)")).isTrue();
        assertThat(BaseSubject.isReplyOrForward("[list] x")).isFalse();
        assertThat(BaseSubject.display("Re: Lunch Today")).isEqualTo("Lunch Today");
    }

    @Test
    void hostileSubjectsTakeNoTimeAndNoSpace() {
        assertThat(BaseSubject.of("Re: ".repeat(1_000_000) + "x").length()).isLessThanOrEqualTo(400);
        assertThat(BaseSubject.of("[".repeat(1_000_000)).length()).isLessThanOrEqualTo(400);
        assertThat(BaseSubject.of("[a]".repeat(1_000_000)).length()).isLessThanOrEqualTo(400);
    }
}
