package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.upstream.UpstreamException;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long MB = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(100 * MB);

    @Test
    void theConnectionsOfAnAccountShareWhatItMayHold() {
        var one = budget.open(1);
        var other = budget.open(1);
        one.take(30 * MB);

        assertThatThrownBy(() -> other.take(30 * MB)).isInstanceOf(UpstreamException.ProtocolViolation.class);
        assertThatCode(() -> other.take(20 * MB)).doesNotThrowAnyException();
        assertThat(budget.held()).isEqualTo(50 * MB);
    }

    @Test
    void anAccountThatHoldsLittleIsServedWhenOthersHoldAllThereIs() {
        budget.open(1).take(50 * MB);
        budget.open(2).take(50 * MB);
        var third = budget.open(3);

        assertThatCode(() -> third.take(5 * MB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> third.take(5 * MB)).isInstanceOf(UpstreamException.Unavailable.class);
    }

    @Test
    void aClosedConnectionHoldsNothingAndMayTakeNothing() {
        var held = budget.open(1);
        held.take(30 * MB);
        held.close();
        held.close();

        assertThat(budget.held()).isZero();
        assertThatThrownBy(() -> held.take(1)).isInstanceOf(UpstreamException.class);
        held.giveBack(30 * MB);
        assertThat(budget.held()).isZero();
    }

    @Test
    void whatIsRefusedIsNotCounted() {
        var held = budget.open(1);
        assertThatThrownBy(() -> held.take(51 * MB)).isInstanceOf(UpstreamException.class);
        assertThat(budget.held()).isZero();
        held.take(MB);
        held.giveBackAll();
        assertThat(budget.held()).isZero();
    }
}
