package dev.valija.sharing;

import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who reads or answers which shared message right now: for a minute, unless they say so again. */
@Repository
class Presences {
    static final String NOTHING = "nothing";

    private final JdbcClient jdbc;
    private final SharedMessages messages;
    private final ApplicationEventPublisher events;

    Presences(JdbcClient jdbc, SharedMessages messages, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.messages = messages;
        this.events = events;
    }

    record Person(String address, String doing) {}

    /**
     * Says what the user does with a message. Where nobody shares it nothing is kept.
     *
     * @param doing {@code reading}, {@code replying} or {@code nothing}
     * @return the others
     * @throws dev.valija.problem.ProblemException not-found for a message that the user may not see
     */
    List<Person> tell(UserId user, MessageKey key, String doing) {
        var message = messages.require(user, key);
        if (!messages.isShared(key.accountId())) {
            return List.of();
        }
        var address = messages.address(message);
        if (keep(user, key, address, doing)) {
            events.publishEvent(new PresenceTold(message.mailbox(), key, user, address, doing));
        }
        return others(user, key);
    }

    /** Keeps it, and says whether it is news. */
    private boolean keep(UserId user, MessageKey key, String address, String doing) {
        if (doing.equals(NOTHING)) {
            return jdbc.sql("delete from presence where account_id = ? and message_id = ? and user_id = ?")
                            .param(key.accountId())
                            .param(key.id())
                            .param(user.value())
                            .update()
                    > 0;
        }
        return jdbc.sql("""
                        with before as (
                            select doing from presence
                             where account_id = :account and message_id = :message and user_id = :user and until > now()),
                        kept as (
                            insert into presence (account_id, message_id, user_id, address, doing, until)
                            values (:account, :message, :user, :address, :doing, now() + interval '1 minute')
                            on conflict (account_id, message_id, user_id) do update
                               set doing = excluded.doing, until = excluded.until)
                        select not exists (select from before where doing = :doing)
                        """)
                .param("account", key.accountId())
                .param("message", key.id())
                .param("user", user.value())
                .param("address", address)
                .param("doing", doing)
                .query(Boolean.class)
                .single();
    }

    private List<Person> others(UserId user, MessageKey key) {
        return jdbc.sql("""
                        select address, doing from presence
                         where account_id = ? and message_id = ? and user_id <> ? and until > now() order by user_id
                        """)
                .param(key.accountId())
                .param(key.id())
                .param(user.value())
                .query(Person.class)
                .list();
    }
}
