package dev.valija.push;

import java.util.List;

/** What clients are told; the schemas {@code …Event} of the contract. */
sealed interface News {

    /** The event's name in the stream and the log. */
    default String event() {
        return switch (this) {
            case MailboxNews news -> "mailbox";
            case MessageNews news -> "message";
            case SubmissionNews news -> "submission";
            case DraftNews news -> "draft";
            case AccountNews news -> "account";
            case ShareNews news -> "share";
            case CommentNews news -> "comment";
            case SyncNews news -> "sync";
            case PresenceNews news -> "presence";
        };
    }

    record MailboxNews(String accountId, List<String> mailboxIds) implements News {}

    record MessageNews(
            String accountId,
            String mailboxId,
            List<String> created,
            List<String> updated,
            List<String> destroyed,
            boolean many)
            implements News {}

    record SubmissionNews(String accountId, String submissionId, String state) implements News {}

    record DraftNews(String draftId, int revision) implements News {}

    record AccountNews(String accountId, String state) implements News {}

    record ShareNews(String accountId) implements News {}

    record CommentNews(String accountId, String messageId) implements News {}

    /** News that is not in the log: a client may miss it. */
    sealed interface Passing extends News {
        /** What later news of the same is known by: only the latest is passed on. */
        String about();
    }

    record SyncNews(String accountId, String mailboxId, String state, int done, int total) implements Passing {
        @Override
        public String about() {
            return mailboxId;
        }
    }

    record PresenceNews(String accountId, String messageId, String address, String doing) implements Passing {
        @Override
        public String about() {
            return messageId + " " + address;
        }
    }
}
