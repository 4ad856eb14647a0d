package dev.valija.submission;

import dev.valija.account.UserId;

/** A submission went to another state. Published within the transaction. */
public record SubmissionChanged(UserId user, long accountId, long submissionId, String state) {}
