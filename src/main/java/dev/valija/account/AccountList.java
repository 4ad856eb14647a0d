package dev.valija.account;

import dev.valija.account.AccountViews.AccessView;
import dev.valija.account.AccountViews.AccountView;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The accounts that a user sees: their own, then those of others. */
@Component
class AccountList {
    private final AccountRows rows;
    private final Accesses accesses;

    AccountList(AccountRows rows, Accesses accesses) {
        this.rows = rows;
        this.accesses = accesses;
    }

    List<AccountView> of(UserId user) {
        var own = rows.of(user).stream().map(row -> AccountView.of(row, AccessView.OWN));
        var shared = accesses.shared(user).stream()
                .flatMap(access -> rows.find(access.accountId()).stream()
                        .flatMap(row -> rows.of(access.owner()).stream()
                                .limit(1)
                                .map(first -> AccountView.of(row, AccessView.of(access, first.provenAddress())))));
        return Stream.concat(own, shared).toList();
    }
}
