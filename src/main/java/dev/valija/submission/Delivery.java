package dev.valija.submission;

import dev.valija.account.Access;
import dev.valija.account.Accesses;
import dev.valija.account.Accounts;
import dev.valija.problem.ProblemException;
import dev.valija.submission.Claims.Content;
import dev.valija.submission.Claims.Job;
import dev.valija.upstream.MailTransport.Outcome;
import dev.valija.upstream.MailTransport.Reply;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Moves one claimed submission on as far as it goes. Until the gate a failure means another try; behind it nothing is
 * ever sent again by itself.
 */
@Component
class Delivery {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    /** How often a message without a reply is looked for in Sent: some providers file it themselves, a little late. */
    private static final int LOOKS = 3;

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(20);
    /** Between tries of a password that was refused: many in vain get an account blocked. A new password goes at once. */
    private static final Duration LOCKED_OUT = Duration.ofMinutes(15);

    private final Accounts accounts;
    private final Accesses accesses;
    private final Upstream upstream;
    private final Claims claims;
    private final Filing filing;
    private final ServerLimits limits;

    Delivery(
            Accounts accounts,
            Accesses accesses,
            Upstream upstream,
            Claims claims,
            Filing filing,
            ServerLimits limits) {
        this.accounts = accounts;
        this.accesses = accesses;
        this.upstream = upstream;
        this.claims = claims;
        this.filing = filing;
        this.limits = limits;
    }

    /** Works on a submission until it ends or has to wait. Never throws. */
    void run(Job claimed) {
        follow(claimed, () -> next(claimed));
    }

    /** The same for one that was just made: what has to be said is known. */
    void begin(Job claimed, Content content) {
        follow(claimed, () -> talk(claimed, content));
    }

    private void follow(Job claimed, Supplier<Optional<Job>> first) {
        try {
            var job = first.get();
            while (job.isPresent()) {
                job = next(job.get());
            }
        } catch (Claims.LostException e) {
            log.info("{}", e.getMessage());
        } catch (DataAccessException | TransactionException e) {
            // The claim ends by itself, and somebody goes on from the last state that was kept.
            log.warn("Submission {} stops until the database answers", claimed.key(), e);
        } catch (RuntimeException e) {
            log.error("Submission {} failed in a way nobody thought of", claimed.key(), e);
        }
    }

    private Optional<Job> next(Job job) {
        return switch (job.state()) {
            case TALKING -> talk(job, claims.content(job));
            case RESOLVE -> resolve(job);
            case ACCEPTED -> file(job);
            case FILED -> mark(job);
            case HELD, QUEUED, GATE, DONE, RETRY, REJECTED, UNKNOWN, CANCELLED -> Optional.empty();
        };
    }

    private Optional<Job> talk(Job job, Content content) {
        if (accesses.find(job.user(), job.key().accountId())
                .filter(Access::maySend)
                .isEmpty()) {
            // It was shared with its writer when it was written.
            claims.end(job, SubmissionState.CANCELLED, () -> {});
            return Optional.empty();
        }
        var gate = new Gate(job);
        try {
            var outcome = send(job, content, gate);
            return Optional.of(accepted(gate.passed(outcome.refused())));
        } catch (UpstreamException.Rejected e) {
            refused(gate.job(), e);
            return Optional.empty();
        } catch (Claims.LostException | DataAccessException | TransactionException e) {
            throw e;
        } catch (RuntimeException | IOException e) {
            return failed(gate, e);
        }
    }

    private Outcome send(Job job, Content content, Gate gate) throws IOException {
        var login = accounts.login(job.key().accountId());
        return upstream.withTransport(login, transport -> {
            long limit = transport.sizeLimit();
            limits.told(login.accountId(), limit);
            if (limit > 0 && content.message().length > limit) {
                throw new UpstreamException.Rejected(
                        "the message is too large for the server",
                        Map.of("", new Reply(552, "The mail server takes at most %,d octets.".formatted(limit))));
            }
            return transport.send(
                    content.sender(), content.pending(), new ByteArrayInputStream(content.message()), gate::pass);
        });
    }

    private Job accepted(Job job) {
        return insist(job, () -> claims.accepted(job, () -> claims.recipients(job, List.of(), "accepted", null)));
    }

    /** Whom it will not go to now: some never, the others by a submission of their own. What is left goes. */
    private void part(Job job, Map<String, Reply> refused) {
        var later = new LinkedHashMap<String, String>();
        refused.forEach((email, reply) -> {
            if (reply.permanent() || job.overdue()) {
                claims.recipients(job, List.of(email), "refused", reply.text());
            } else {
                later.put(email, reply.text());
            }
        });
        if (!later.isEmpty()) {
            claims.split(job, later, backoff(job));
        }
    }

    /** A refusal is an answer: the message has gone to nobody, on whichever side of the gate it was said. */
    private void refused(Job job, UpstreamException.Rejected refusal) {
        var permanent = refusal.replies().entrySet().stream()
                .filter(reply -> reply.getValue().permanent())
                .toList();
        var content = claims.content(job);
        boolean all = refusal.replies().getOrDefault("", new Reply(400, "")).permanent()
                || permanent.size() >= content.pending().size()
                || job.overdue();
        Runnable tellAll = () -> {
            // What was said of one recipient first: what was said of the message is for those left.
            refusal.replies().forEach((email, reply) -> {
                if (!email.isEmpty()) {
                    tell(job, List.of(email), all, reply);
                }
            });
            var ofMessage = refusal.replies().get("");
            if (ofMessage != null) {
                tell(job, List.of(), all, ofMessage);
            }
            if (all) {
                claims.recipients(job, List.of(), "refused", null);
            }
        };
        if (all) {
            claims.end(job, SubmissionState.REJECTED, tellAll);
        } else {
            claims.defer(job, SubmissionState.RETRY, backoff(job), tellAll);
        }
    }

    private void tell(Job job, List<String> emails, boolean ended, Reply reply) {
        claims.recipients(job, emails, ended || reply.permanent() ? "refused" : "pending", reply.text());
    }

    private Optional<Job> failed(Gate gate, Exception why) {
        var job = gate.job();
        logFailure(job, gate.open() ? "behind the gate" : "before the gate", why);
        if (gate.open()) {
            return Optional.of(insist(job, () -> claims.step(job, SubmissionState.RESOLVE)));
        }
        boolean locked = why instanceof UpstreamException.CredentialsRejected;
        String detail = why instanceof ProblemException problem
                ? problem.problem().title() + "."
                : "The connection to the mail server was lost.";
        if (job.overdue()) {
            claims.end(job, SubmissionState.REJECTED, () -> claims.recipients(job, List.of(), "refused", detail));
        } else {
            claims.defer(
                    job,
                    SubmissionState.RETRY,
                    locked ? LOCKED_OUT : backoff(job),
                    () -> claims.recipients(job, List.of(), "pending", detail));
            if (locked) {
                claims.postpone(job.key().accountId(), LOCKED_OUT);
            }
        }
        return Optional.empty();
    }

    private Optional<Job> resolve(Job job) {
        try {
            if (filing.isInSent(job.key().accountId(), claims.content(job))) {
                return Optional.of(claims.step(
                        job, SubmissionState.FILED, () -> claims.recipients(job, List.of(), "accepted", null)));
            }
            if (job.attempts() + 1 < LOOKS) {
                claims.defer(job, SubmissionState.RESOLVE, BETWEEN_LOOKS, () -> {});
            } else {
                claims.end(job, SubmissionState.UNKNOWN, () -> {});
            }
        } catch (ProblemException e) {
            later(job, SubmissionState.UNKNOWN, e);
        }
        return Optional.empty();
    }

    private Optional<Job> file(Job job) {
        try {
            filing.file(job.key().accountId(), claims.content(job));
            return Optional.of(claims.step(job, SubmissionState.FILED));
        } catch (ProblemException | IOException e) {
            later(job, SubmissionState.DONE, e);
            return Optional.empty();
        }
    }

    private Optional<Job> mark(Job job) {
        try {
            filing.markParents(job.user(), claims.content(job));
            claims.end(job, SubmissionState.DONE, () -> {});
        } catch (ProblemException e) {
            later(job, SubmissionState.DONE, e);
        }
        return Optional.empty();
    }

    /** The provider cannot be asked now: tried again in the same state, for days. */
    private void later(Job job, SubmissionState atLast, Exception why) {
        logFailure(job, "in " + job.state(), why);
        if (job.overdue()) {
            claims.end(job, atLast, () -> {});
        } else {
            claims.defer(job, job.state(), backoff(job), () -> {});
        }
    }

    /** Only our own words: what others' exceptions say may come from the server. */
    private static void logFailure(Job job, String where, Exception why) {
        if (why instanceof ProblemException) {
            log.info("Submission {} failed {}: {}", job.key(), where, why.getMessage());
        } else {
            log.warn(
                    "Submission {} failed {}: {}",
                    job.key(),
                    where,
                    why.getClass().getName());
        }
    }

    private static Duration backoff(Job job) {
        var wait = Duration.ofMinutes(1L << Math.min(job.attempts(), 10));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** What the server answered is known to us alone: a database that stumbles now must not make it unknown. */
    private static <T> T insist(Job job, Supplier<T> write) {
        for (int tries = 1; ; tries++) {
            try {
                return write.get();
            } catch (DataAccessException | TransactionException e) {
                if (tries == 20 || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                log.warn("Submission {}: its outcome is not kept yet", job.key(), e);
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        }
    }

    /** The commit just before the final dot, passed at most once. */
    private final class Gate {
        private Job job;

        Gate(Job job) {
            this.job = job;
        }

        /** Who is left out is kept with it: were the reply lost, they would seem to have been reached. */
        void pass(Map<String, Reply> refused) {
            var before = job;
            job = claims.step(before, SubmissionState.GATE, () -> part(before, refused));
        }

        boolean open() {
            return job.state() == SubmissionState.GATE;
        }

        Job job() {
            return job;
        }

        /** A transport that takes a message without asking has broken its contract, not ours: what is sent is sent. */
        Job passed(Map<String, Reply> refused) {
            if (!open()) {
                pass(refused);
            }
            return job;
        }
    }
}
