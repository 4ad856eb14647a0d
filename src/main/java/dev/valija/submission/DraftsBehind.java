package dev.valija.submission;

import dev.valija.account.UserId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table draft_behind: drafts whose copy at the provider is not as they are. Whoever changes a draft writes it down in
 * the same transaction, so none is missed; a change that comes while a copy is made leaves the draft behind again. Time is
 * the database's, for all nodes.
 */
@Repository
class DraftsBehind {
    /** How long a claim holds without being renewed. Who goes on all the same is told by {@link DraftCopies}. */
    private static final String LEASE = "interval '2 minutes'";

    private static final String DUE = "due_at <= now() and (claimed_until is null or claimed_until < now())";

    /** What the copies of one draft may take of the way to the provider: 20 MB go there every three minutes. */
    private static final int OCTETS_A_SECOND = 100_000;

    /** At once: whose server dawdles keeps nobody waiting but themselves. */
    private static final int MOST_OF_USER = 2;

    private final JdbcClient jdbc;
    private final DraftProperties delays;

    DraftsBehind(JdbcClient jdbc, DraftProperties delays) {
        this.jdbc = jdbc;
        this.delays = delays;
    }

    /**
     * A draft that is ours to copy, until the claim ends.
     *
     * @param changes how many there were to it when it was taken
     * @param tries how many have failed
     */
    record Job(DraftKey draft, UUID claim, long changes, int tries) {}

    /**
     * It is copied once its writer pauses, and now and then where they do not; one with large files more seldom, as all of
     * it goes to the provider each time. One that is gone, at once.
     */
    @EventListener
    void changed(DraftChanged event) {
        jdbc.sql("""
                        with copied as (
                            select max(made_at + size / :pace * interval '1 second') as rested from draft_copy
                             where user_id = :user and draft_id = :draft and :revision > 0)
                        insert into draft_behind as b (user_id, draft_id, due_at)
                        select :user, :draft, greatest(now() + :pause * interval '1 millisecond', rested) from copied
                        on conflict (user_id, draft_id) do update set changes = b.changes + 1,
                               due_at = case when b.tries > 0 then b.due_at
                                             else least(excluded.due_at,
                                                        greatest(b.since + :longest * interval '1 millisecond',
                                                                 (select rested from copied))) end
                        """)
                .param("pace", OCTETS_A_SECOND)
                .param("user", event.user().value())
                .param("draft", event.draftId())
                .param("revision", event.revision())
                .param(
                        "pause",
                        event.revision() == 0 ? 0 : delays.draftCopyPause().toMillis())
                .param("longest", delays.longest().toMillis())
                .update();
    }

    /** Takes some that are due, longest due first. */
    List<Job> take(int most) {
        return jdbc.sql("""
                        update draft_behind b set claim = gen_random_uuid(), claimed_until = now() + %1$s
                          from (select c.user_id, c.draft_id
                                  from draft_behind c
                                  join (select user_id, draft_id,
                                               row_number() over (partition by user_id order by due_at) as turn
                                          from draft_behind where %2$s) w using (user_id, draft_id)
                                 where %2$s
                                   and w.turn <= :ofUser - (select count(*) from draft_behind r
                                                             where r.user_id = c.user_id and r.claimed_until >= now())
                                 order by w.turn, c.due_at limit :most for update of c skip locked) d
                         where b.user_id = d.user_id and b.draft_id = d.draft_id
                        returning b.user_id, b.draft_id, b.claim, b.changes, b.tries
                        """.formatted(LEASE, DUE))
                .param("ofUser", MOST_OF_USER)
                .param("most", most)
                .query((rs, n) -> new Job(
                        new DraftKey(new UserId(rs.getLong(1)), rs.getLong(2)),
                        rs.getObject(3, UUID.class),
                        rs.getLong(4),
                        rs.getInt(5)))
                .list();
    }

    /** They are being worked on; what is on its way to the provider may take as long. */
    void renew(Collection<UUID> claims) {
        jdbc.sql("""
                        with renewed as (
                            update draft_behind set claimed_until = now() + %s where claim = any (?)
                            returning user_id, draft_id)
                        update draft_copy c set made_at = now() from renewed r
                         where c.user_id = r.user_id and c.draft_id = r.draft_id and c.remote_id is null
                        """.formatted(LEASE)).param(claims.toArray(UUID[]::new)).update();
    }

    /** Its copy is as it was when it was taken. */
    void caughtUp(Job job) {
        int ended = jdbc.sql("""
                        delete from draft_behind
                         where user_id = :user and draft_id = :draft and claim = :claim and changes = :changes
                        """)
                .param("user", job.draft().user().value())
                .param("draft", job.draft().id())
                .param("claim", job.claim())
                .param("changes", job.changes())
                .update();
        if (ended == 0) {
            again(job, delays.draftCopyPause(), 0);
        }
    }

    /** It is to be looked at again: something is not over, and nothing was wrong. */
    void notYet(Job job, Duration wait) {
        again(job, wait, job.tries());
    }

    void failed(Job job, Duration wait) {
        again(job, wait, job.tries() + 1);
    }

    private void again(Job job, Duration wait, int tries) {
        jdbc.sql("""
                        update draft_behind set claim = null, claimed_until = null, tries = :tries, since = now(),
                               due_at = now() + :wait * interval '1 millisecond'
                         where user_id = :user and draft_id = :draft and claim = :claim
                        """)
                .param("tries", tries)
                .param("wait", wait.toMillis())
                .param("user", job.draft().user().value())
                .param("draft", job.draft().id())
                .param("claim", job.claim())
                .update();
    }
}
