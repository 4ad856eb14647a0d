package dev.valija.account;

import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The names and addresses accounts send as. The oldest is the default, and one always stays. */
@Component
class Identities {
    private static final int LIMIT = 100;

    private final JdbcClient jdbc;

    Identities(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Identity> of(long accountId) {
        return jdbc.sql(
                        "select id, account_id, name, email, signature_html from identity where account_id = ? order by id")
                .param(accountId)
                .query(Identity.class)
                .list();
    }

    /** With those of the accounts themselves. */
    Set<String> addressesOf(UserId user) {
        return jdbc.sql("""
                        select lower(address) from account where user_id = :user
                         union
                        select lower(i.email) from account a join identity i on i.account_id = a.id
                         where a.user_id = :user
                        """).param("user", user.value()).query(String.class).set();
    }

    Identity require(long accountId, long id) {
        return jdbc.sql(
                        "select id, account_id, name, email, signature_html from identity where account_id = ? and id = ?")
                .params(accountId, id)
                .query(Identity.class)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("identity"));
    }

    @Transactional
    Identity add(long accountId, @Nullable String name, String email, @Nullable String signatureHtml) {
        if (lock(accountId) >= LIMIT) {
            throw new ProblemException(
                    Problem.OPERATION_NOT_SUPPORTED, "An account has at most " + LIMIT + " identities.");
        }
        return jdbc.sql("""
                        insert into identity (account_id, name, email, signature_html) values (?, ?, ?, ?)
                        returning id, account_id, name, email, signature_html
                        """)
                .params(Arrays.asList(accountId, name, email, signatureHtml))
                .query(Identity.class)
                .single();
    }

    @Transactional
    Identity change(Identity identity) {
        var changed = jdbc.sql(
                        "update identity set name = ?, email = ?, signature_html = ? where account_id = ? and id = ?")
                .params(Arrays.asList(
                        identity.name(),
                        identity.email(),
                        identity.signatureHtml(),
                        identity.accountId(),
                        identity.id()))
                .update();
        if (changed == 0) {
            throw ProblemException.notFound("identity");
        }
        return identity;
    }

    @Transactional
    void remove(long accountId, long id) {
        var left = lock(accountId);
        require(accountId, id);
        if (left <= 1) {
            throw new ProblemException(Problem.CONFLICT, "An account keeps at least one identity.");
        }
        jdbc.sql("delete from identity where account_id = ? and id = ?")
                .params(accountId, id)
                .update();
    }

    /** Holds off others who add or remove, and counts. */
    private int lock(long accountId) {
        var account = jdbc.sql("select id from account where id = ? for update")
                .param(accountId)
                .query(Long.class)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("account"));
        return jdbc.sql("select count(*) from identity where account_id = ?")
                .param(account)
                .query(Integer.class)
                .single();
    }
}
