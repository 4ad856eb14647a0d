package dev.valija.upload;

import dev.valija.account.UserId;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table upload_hold. */
@Repository
class HoldRows {
    private final JdbcClient jdbc;

    HoldRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those are held, beside what is held already. */
    void add(UserId user, Holder holder, Collection<Long> ids) {
        jdbc.sql("""
                        insert into upload_hold (user_id, upload_id, holder, account_id)
                        select :user::bigint, id, :holder::text, :account::bigint from unnest(:ids::bigint[]) id
                        on conflict do nothing
                        """)
                .param("user", user.value())
                .param("holder", holder.name())
                .param("account", holder.accountId())
                .param("ids", ids.toArray(Long[]::new))
                .update();
    }

    /** Lets go of what it holds but those. @return which that were */
    List<Long> removeOthers(UserId user, Holder holder, Collection<Long> ids) {
        return jdbc.sql("""
                        delete from upload_hold
                         where user_id = :user and holder = :holder and upload_id <> all (:ids::bigint[])
                        returning upload_id
                        """)
                .param("user", user.value())
                .param("holder", holder.name())
                .param("ids", ids.toArray(Long[]::new))
                .query(Long.class)
                .list();
    }
}
