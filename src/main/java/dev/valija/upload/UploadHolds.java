package dev.valija.upload;

import dev.valija.account.UserId;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Who needs which uploads; {@link UploadExpiry} removes those that nobody needs. */
@Service
public class UploadHolds {
    private final UploadRows rows;
    private final HoldRows holds;
    private final Clock clock;

    @Autowired
    UploadHolds(UploadRows rows, HoldRows holds) {
        this(rows, holds, Clock.systemUTC());
    }

    UploadHolds(UploadRows rows, HoldRows holds, Clock clock) {
        this.rows = rows;
        this.holds = holds;
        this.clock = clock;
    }

    /**
     * Those and no others are held from now on. Within the transaction that makes them needed.
     *
     * @return which of them are no finished uploads of the user, and so are not
     */
    @Transactional
    public Set<Long> hold(UserId user, Holder holder, Collection<Long> ids) {
        var there = ids.isEmpty() ? List.<Long>of() : rows.lockFinished(user, ids);
        var freed = holds.removeOthers(user, holder, there);
        if (!freed.isEmpty()) {
            rows.expire(user, freed, clock.instant().plus(Uploads.FINISHED));
        }
        if (!there.isEmpty()) {
            holds.add(user, holder, there);
        }
        var missing = new HashSet<>(ids);
        there.forEach(missing::remove);
        return missing;
    }

    /** Lets go of what it holds, which may be wanted again for a while. Within the transaction that ends the need. */
    @Transactional
    public void release(UserId user, Holder holder) {
        rows.expire(
                user,
                holds.removeOthers(user, holder, List.of()),
                clock.instant().plus(Uploads.FINISHED));
    }

    /** Lets go of what it holds for good: what nothing else holds is gone. Within the transaction that ends the need. */
    @Transactional
    public void end(UserId user, Holder holder) {
        for (long id :
                holds.removeOthers(user, holder, List.of()).stream().sorted().toList()) {
            var key = new UploadKey(user, id);
            if (rows.lock(key)) {
                rows.deleteUnheld(key);
            }
        }
    }
}
