package dev.valija.remote;

import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whose remote images each user always wants to see. Whether a mail is really theirs is for who asks to know. */
@Component
public class ImageSenders {
    private static final int MOST = 1_000;
    private static final String COLUMNS = "id, email, added_at";

    private final JdbcClient jdbc;

    ImageSenders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether that is one of them. */
    public boolean allows(UserId user, String email) {
        return jdbc.sql("select exists (select 1 from image_sender where user_id = ? and email = ?)")
                .params(user.value(), fold(email))
                .query(Boolean.class)
                .single();
    }

    /** In the order of their addresses. */
    List<ImageSender> of(UserId user) {
        return jdbc.sql("select " + COLUMNS + " from image_sender where user_id = ? order by email")
                .param(user.value())
                .query(ImageSender.class)
                .list();
    }

    /** Adds one; who is there already stays. */
    ImageSender add(UserId user, String email) {
        var known = find(user, email);
        if (!known.isEmpty()) {
            return known.getFirst();
        }
        if (of(user).size() >= MOST) {
            throw new ProblemException(
                    Problem.OPERATION_NOT_SUPPORTED, "There are %,d such senders at most.".formatted(MOST));
        }
        jdbc.sql("insert into image_sender (user_id, email) values (?, ?) on conflict do nothing")
                .params(user.value(), fold(email))
                .update();
        return find(user, email).getFirst();
    }

    /** @throws ProblemException not-found */
    void remove(UserId user, long id) {
        var removed = jdbc.sql("delete from image_sender where user_id = ? and id = ?")
                .params(user.value(), id)
                .update();
        if (removed == 0) {
            throw ProblemException.notFound("sender");
        }
    }

    private List<ImageSender> find(UserId user, String email) {
        return jdbc.sql("select " + COLUMNS + " from image_sender where user_id = ? and email = ?")
                .params(user.value(), fold(email))
                .query(ImageSender.class)
                .list();
    }

    /** Upper and lower case of a local part are one mailbox everywhere, whatever RFC 5321 2.4 allows. */
    private static String fold(String email) {
        var storable = new String(email.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8); // no lone surrogates
        return storable.replace("\0", "").toLowerCase(Locale.ROOT);
    }
}
