package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.AccountChanged;
import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.support.FakeUpstream;
import org.junit.jupiter.api.Test;

class ServerLimitsTests {
    private static final UserId ANNA = new UserId(1);

    private final FakeUpstream upstream = new FakeUpstream();
    private final FakeAccounts accounts = new FakeAccounts(upstream);
    private final ServerLimits limits = new ServerLimits(accounts, upstream);

    @Test
    void theSameIsKeptOnceUntilTheAccountChanges() {
        limits.told(1, 1_000);
        assertThat(accounts.maxMessageSize(1)).hasValue(1_000);

        accounts.learnMaxMessageSize(1, 0);
        limits.told(1, 1_000);
        assertThat(accounts.maxMessageSize(1)).as("told again").hasValue(0);
        limits.changed(new AccountChanged(ANNA, 1));
        limits.told(1, 1_000);
        assertThat(accounts.maxMessageSize(1)).as("of another server").hasValue(1_000);
        limits.told(1, 2_000);
        assertThat(accounts.maxMessageSize(1)).hasValue(2_000);
    }
}
