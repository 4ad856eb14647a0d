package dev.valija.submission;

/** What is sent: it decides which copy is kept, and by what it is found again. */
enum LetterKind {
    /** A message of the user's: its copy in Sent has its Message-ID. */
    MESSAGE,
    /** Somebody's message sent on as it is: its copy in Sent has a Resent-Message-ID of ours (RFC 5322 3.6.6). */
    REDIRECT,
    /** The word that a message was read: no copy is kept, and nobody is told what became of it (RFC 8098 3). */
    RECEIPT
}
