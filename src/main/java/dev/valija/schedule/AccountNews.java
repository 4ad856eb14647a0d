package dev.valija.schedule;

import dev.valija.account.AccountAdded;
import dev.valija.account.AccountChanged;
import dev.valija.account.Accounts;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** What waits for an account's password is tried again once there is one. */
@Component
class AccountNews {
    private final List<AccountWork> works;
    private final Accounts accounts;

    AccountNews(List<AccountWork> works, Accounts accounts) {
        this.works = works;
        this.accounts = accounts;
    }

    @TransactionalEventListener(fallbackExecution = true)
    void added(AccountAdded event) {
        hurry(event.accountId());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void changed(AccountChanged event) {
        hurry(event.accountId());
    }

    private void hurry(long accountId) {
        for (var work : works) {
            Aside.run("hurry-" + work.name(), () -> {
                if (!accounts.get(accountId).credentialsRejected()) {
                    work.hurry().accept(accountId);
                }
            });
        }
    }
}
