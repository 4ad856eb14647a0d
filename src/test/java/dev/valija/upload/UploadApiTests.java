package dev.valija.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.options;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.patch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@ApiTest
class UploadApiTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static final int LENGTH = 700_000;

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Uploads uploads;

    @Autowired
    UploadRows rows;

    @Autowired
    UploadProperties limits;

    @Autowired
    Accounts accounts;

    @Autowired
    TransactionTemplate transaction;

    private final byte[] file = TusClient.octets(LENGTH, 7);
    private Visitor visitor;
    private TusClient tus;

    @BeforeEach
    void someone() {
        visitor = api.signedIn("uploader" + PEOPLE.incrementAndGet());
        tus = new TusClient(visitor);
    }

    @Test
    void whatIsSpokenIsSaid() throws Exception {
        visitor.send(options("/api/v1/uploads"))
                .andExpect(status().isNoContent())
                .andExpect(header().string("Tus-Version", "1.0.0"))
                .andExpect(header().string("Tus-Extension", "creation,termination,expiration"))
                .andExpect(header().string("Tus-Max-Size", Integer.toString(limits.uploadBytes())));
        visitor.get("/instance").andExpect(jsonPath("$.maxUploadBytes").value(limits.uploadBytes()));
        visitor.send(post("/api/v1/uploads").header("Upload-Length", 5))
                .andExpect(status().isPreconditionFailed())
                .andExpect(header().string("Tus-Version", "1.0.0"));
        visitor.send(post("/api/v1/uploads").header("Tus-Resumable", "0.2.2").header("Upload-Length", 5))
                .andExpect(status().isPreconditionFailed());
    }

    @Test
    void aFileComesInPiecesAndGoesOnInTheMiddle() throws Exception {
        var made = tus.create(LENGTH, Map.of("filename", "Grüße.pdf", "filetype", "application/pdf"))
                .andExpect(status().isCreated())
                .andExpect(header().string("Tus-Resumable", "1.0.0"))
                .andExpect(header().exists("Upload-Expires"))
                .andExpect(jsonPath("$.name").value("Grüße.pdf"))
                .andExpect(jsonPath("$.offset").value(0));
        var id = api.json(made).at("/id").asString();

        tus.append(id, 0, Arrays.copyOf(file, 1))
                .andExpect(status().isNoContent())
                .andExpect(header().string("Upload-Offset", "1"));
        tus.append(id, 1, Arrays.copyOfRange(file, 1, 400_000)).andExpect(status().isNoContent());
        tus.ask(id)
                .andExpect(status().isOk())
                .andExpect(header().string("Upload-Offset", "400000"))
                .andExpect(header().string("Upload-Length", Integer.toString(LENGTH)))
                .andExpect(header().string("Cache-Control", "no-store"));
        tus.append(id, 400_000, Arrays.copyOfRange(file, 400_000, LENGTH)).andExpect(status().isNoContent());

        assertThat(read(id)).isEqualTo(file);
        assertThat(tus.offset(id)).isEqualTo(LENGTH);
        assertThat(chunks(id)).isEqualTo(3);
    }

    @Test
    void anEmptyFileIsFinishedFromTheStart() throws Exception {
        var id = tus.begin(0);
        assertThat(tus.offset(id)).isZero();
        assertThat(read(id)).isEmpty();
    }

    @Test
    void atAWrongOffsetNothingHappensAndTheRightOneIsTold() throws Exception {
        var id = tus.begin(10);
        tus.append(id, 0, new byte[] {1, 2, 3, 4}).andExpect(status().isNoContent());
        for (long offset : new long[] {0, 3, 5, 10, 99}) {
            tus.append(id, offset, new byte[] {9})
                    .andExpect(status().isConflict())
                    .andExpect(jsonPath("$.type").value("/problems/conflict"))
                    .andExpect(header().string("Upload-Offset", "4"))
                    .andExpect(header().string("Tus-Resumable", "1.0.0"));
        }
        tus.append(id, 4, new byte[] {5, 6, 7, 8, 9, 10}).andExpect(status().isNoContent());
        assertThat(read(id)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void ofManyWhoWriteAtOnceOneGoesOn() throws Exception {
        var id = tus.begin(LENGTH);
        var answers = new ArrayList<Future<Integer>>();
        var files = new ArrayList<byte[]>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var octets = TusClient.octets(LENGTH, 100 + i);
                files.add(octets);
                answers.add(threads.submit(() ->
                        tus.append(id, 0, octets).andReturn().getResponse().getStatus()));
            }
        }
        int winner = -1;
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).get() == 204) {
                assertThat(winner)
                        .as("another one who was told that all is kept")
                        .isNegative();
                winner = i;
            } else {
                assertThat(answers.get(i).get()).isEqualTo(409);
            }
        }
        assertThat(winner).isNotNegative();
        assertThat(read(id)).isEqualTo(files.get(winner));
    }

    @Test
    void whoDawdlesIsToldThatAnotherWentOn() throws Exception {
        var id = tus.begin(LENGTH);
        var key = key(id);
        var first = new CountDownLatch(1);
        var overtaken = new CountDownLatch(1);
        var slow = new SequenceInputStream(
                new ByteArrayInputStream(file, 0, Octets.STRETCH), new Waiting(first, overtaken));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var dawdler = threads.submit(() -> uploads.append(key, 0, -1, slow));
            try {
                first.await();
                assertThat(tus.offset(id)).isEqualTo(Octets.STRETCH);
                tus.append(id, Octets.STRETCH, Arrays.copyOfRange(file, Octets.STRETCH, 600_000))
                        .andExpect(status().isNoContent());
            } finally {
                overtaken.countDown();
            }
            assertThatThrownBy(dawdler::get).cause().hasMessage("Go on from octet 600,000.");
        }
        tus.append(id, 600_000, Arrays.copyOfRange(file, 600_000, LENGTH)).andExpect(status().isNoContent());
        assertThat(read(id)).isEqualTo(file);
    }

    @Test
    void aLostConnectionKeepsWhatHadCome() throws Exception {
        var id = tus.begin(LENGTH);
        int arrived = Octets.STRETCH + 1234;
        var broken = new SequenceInputStream(new ByteArrayInputStream(file, 0, arrived), new Broken());

        assertThatThrownBy(() -> uploads.append(key(id), 0, LENGTH, broken)).isInstanceOf(IOException.class);

        assertThat(tus.offset(id)).isEqualTo(arrived);
        tus.append(id, arrived, Arrays.copyOfRange(file, arrived, LENGTH)).andExpect(status().isNoContent());
        assertThat(read(id)).isEqualTo(file);
    }

    @Test
    void moreThanWasAnnouncedIsRefused() throws Exception {
        var id = tus.begin(10);
        tus.append(id, 0, new byte[11])
                .andExpect(status().isContentTooLarge())
                .andExpect(jsonPath("$.type").value("/problems/request-too-large"));
        assertThatThrownBy(() -> uploads.append(key(id), 0, -1, new ByteArrayInputStream(new byte[11])))
                .hasMessage("More has come than was announced.");
        assertThat(tus.offset(id)).isZero();
        tus.append(id, 0, new byte[10]).andExpect(status().isNoContent());
        tus.append(id, 10, new byte[1]).andExpect(status().isContentTooLarge());
        tus.append(id, 10, new byte[0]).andExpect(status().isNoContent());
    }

    @Test
    void tooLargeAFileIsRefusedBeforeItComes() throws Exception {
        tus.create(limits.uploadBytes() + 1L, Map.of())
                .andExpect(status().isContentTooLarge())
                .andExpect(jsonPath("$.type").value("/problems/request-too-large"));
        tus.create(limits.uploadBytes(), Map.of()).andExpect(status().isCreated());
    }

    @Test
    void whatTheMailServerTakesBoundsWhatIsSentFromThere() throws Exception {
        var account = visitor.accountId();
        visitor.get("/accounts").andExpect(jsonPath("$.items[0].maxMessageSize").isEmpty());
        tus.create(900_000, Map.of("accountId", account)).andExpect(status().isCreated());

        accounts.learnMaxMessageSize(Long.parseLong(account), 1_000_000);

        visitor.get("/accounts").andExpect(jsonPath("$.items[0].maxMessageSize").value(1_000_000));
        tus.create(900_000, Map.of("accountId", account))
                .andExpect(status().isContentTooLarge())
                .andExpect(jsonPath("$.detail").value("The mail server takes messages of at most 1,000,000 octets."));
        tus.create(700_000, Map.of("accountId", account)).andExpect(status().isCreated());
        tus.create(10, Map.of("accountId", "999999"))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("Upload-Metadata"));

        accounts.learnMaxMessageSize(Long.parseLong(account), 0);
        visitor.get("/accounts").andExpect(jsonPath("$.items[0].maxMessageSize").isEmpty());
        tus.create(900_000, Map.of("accountId", account)).andExpect(status().isCreated());
    }

    @Test
    void whatAUserHasTogetherIsBounded() throws Exception {
        long left = limits.uploadTotalBytes();
        for (; left >= limits.uploadBytes(); left -= limits.uploadBytes()) {
            tus.create(limits.uploadBytes(), Map.of()).andExpect(status().isCreated());
        }
        tus.create(left + 1, Map.of())
                .andExpect(status().isInsufficientStorage())
                .andExpect(jsonPath("$.type").value("/problems/over-quota"));
        var other = new TusClient(api.signedIn("uploader" + PEOPLE.incrementAndGet()));
        other.create(left + 1, Map.of()).andExpect(status().isCreated());
    }

    @Test
    void leftoversMakeRoom() throws Exception {
        var leftover = tus.upload(new byte[1000]);
        var fresh = tus.upload(new byte[1000]);
        jdbc.sql("update upload set length = :most, received = :most where id = :id")
                .param("most", limits.uploadTotalBytes() - 2000)
                .param("id", Long.parseLong(leftover))
                .update();
        tus.create(2000, Map.of()).andExpect(status().isInsufficientStorage());

        jdbc.sql("update upload set expires_at = expires_at - interval '2 hours' where id = ?")
                .param(Long.parseLong(leftover))
                .update();

        tus.create(2000, Map.of()).andExpect(status().isCreated());
        tus.ask(leftover).andExpect(status().isNotFound());
        tus.ask(fresh).andExpect(status().isOk());
    }

    @Test
    void anUploadIsItsUsersAlone() throws Exception {
        var id = tus.begin(10);
        tus.append(id, 0, new byte[] {1, 2, 3}).andExpect(status().isNoContent());
        var other = new TusClient(api.signedIn("curiousuploader" + PEOPLE.incrementAndGet()));

        other.ask(id).andExpect(status().isNotFound());
        other.visitor().get("/uploads/" + id).andExpect(status().isNotFound());
        other.append(id, 3, new byte[] {4}).andExpect(status().isNotFound());
        other.remove(id).andExpect(status().isNotFound());
        api.stranger().get("/uploads/" + id).andExpect(status().isUnauthorized());
        assertThat(tus.offset(id)).isEqualTo(3);
    }

    @Test
    void whatIsThrownAwayIsGone() throws Exception {
        var id = tus.upload(file);
        tus.remove(id).andExpect(status().isNoContent());
        tus.ask(id).andExpect(status().isNotFound());
        tus.append(id, LENGTH, new byte[0]).andExpect(status().isNotFound());
        tus.remove(id).andExpect(status().isNotFound());
        assertThat(chunks(id)).isZero();
    }

    @Test
    void unfinishedOnesGoAfterADayAndFinishedOnesAfterAWeek() throws Exception {
        var unfinished = tus.begin(10);
        tus.append(unfinished, 0, new byte[5]).andExpect(status().isNoContent());
        var finished = tus.upload(new byte[10]);

        expire(Duration.ofHours(23));
        tus.ask(unfinished).andExpect(status().isOk());

        expire(Duration.ofHours(25));
        tus.ask(unfinished).andExpect(status().isNotFound());
        expire(Duration.ofHours(7 * 24 - 1));
        tus.ask(finished).andExpect(status().isOk());

        expire(Duration.ofHours(7 * 24 + 1));
        tus.ask(finished).andExpect(status().isNotFound());
        assertThat(chunks(finished)).isZero();
    }

    @Test
    void theDatabaseHoldsNoneOfTheOctets() {
        var id = tus.upload(file);
        var stored = jdbc.sql("""
                        select string_agg(encode(sealed, 'hex'), '' order by start) from upload_chunk where upload_id = ?
                        """).param(Long.parseLong(id)).query(String.class).single();

        assertThat(stored).hasSizeGreaterThan(2 * LENGTH);
        for (int at = 0; at + 16 < LENGTH; at += 50_000) {
            var sample = HexFormat.of().formatHex(file, at, at + 16);
            assertThat(stored.contains(sample)).isFalse();
        }
    }

    @Test
    void octetsThatWereMovedOrChangedAreNotSent() throws Exception {
        var moved = tus.upload(file);
        jdbc.sql("""
                        update upload_chunk c set sealed = o.sealed from upload_chunk o
                         where c.upload_id = o.upload_id and c.upload_id = ? and c.start = 0 and o.start = ?
                        """).param(Long.parseLong(moved)).param(Octets.STRETCH).update();
        assertThatThrownBy(() -> read(moved)).hasMessage("an upload is not as it was kept");

        var cut = tus.upload(file);
        jdbc.sql("delete from upload_chunk where upload_id = ? and start > 0")
                .param(Long.parseLong(cut))
                .update();
        assertThatThrownBy(() -> read(cut)).hasMessage("an upload is not as it was kept");
    }

    @Test
    void whatCannotBeUnderstoodIsNamed() throws Exception {
        for (var length : List.of("", "-1", "many", "1.5", "9999999999999999")) {
            visitor.send(post("/api/v1/uploads")
                            .header("Tus-Resumable", "1.0.0")
                            .header("Upload-Length", length))
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.errors[0].pointer").value("Upload-Length"));
        }
        visitor.send(post("/api/v1/uploads").header("Tus-Resumable", "1.0.0"))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("Upload-Length"));
        visitor.send(post("/api/v1/uploads")
                        .header("Tus-Resumable", "1.0.0")
                        .header("Upload-Length", "5")
                        .header("Upload-Metadata", "filename %%%"))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("Upload-Metadata"));
        var id = tus.begin(10);
        visitor.send(patch("/api/v1/uploads/" + id)
                        .header("Tus-Resumable", "1.0.0")
                        .contentType("application/offset+octet-stream")
                        .content(new byte[3]))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("Upload-Offset"));
        visitor.send(patch("/api/v1/uploads/" + id)
                        .header("Tus-Resumable", "1.0.0")
                        .header("Upload-Offset", 0)
                        .contentType("application/octet-stream")
                        .content(new byte[3]))
                .andExpect(status().isUnsupportedMediaType());
        tus.ask("nonsense").andExpect(status().isNotFound());
        tus.create(3, Map.of("filename", "x".repeat(256))).andExpect(status().isBadRequest());
        tus.create(3, Map.of("filename", "two\r\nlines", "filetype", ""))
                .andExpect(jsonPath("$.name").value("twolines"))
                .andExpect(jsonPath("$.type").value("application/octet-stream"));
    }

    private void expire(Duration later) {
        var clock = Clock.fixed(Instant.now().plus(later), ZoneOffset.UTC);
        new UploadExpiry(rows, transaction, clock).expire();
    }

    private byte[] read(String id) throws IOException {
        var out = new ByteArrayOutputStream();
        uploads.write(key(id), out);
        return out.toByteArray();
    }

    private UploadKey key(String id) {
        return new UploadKey(
                new UserId(jdbc.sql("select user_id from upload where id = ?")
                        .param(Long.parseLong(id))
                        .query(Long.class)
                        .single()),
                Long.parseLong(id));
    }

    private int chunks(String id) {
        return jdbc.sql("select count(*) from upload_chunk where upload_id = ?")
                .param(Long.parseLong(id))
                .query(Integer.class)
                .single();
    }

    /** Has nothing until somebody else was faster, and then an end. */
    private static final class Waiting extends InputStream {
        private final CountDownLatch asked;
        private final CountDownLatch until;
        private boolean given;

        Waiting(CountDownLatch asked, CountDownLatch until) {
            this.asked = asked;
            this.until = until;
        }

        @Override
        public int read() throws IOException {
            asked.countDown();
            try {
                until.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            boolean first = !given;
            given = true;
            return first ? 42 : -1;
        }
    }

    /** A connection that is lost. */
    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("connection reset");
        }
    }
}
