-- What was answered to invitations. A keyword on the message would not do: the same event comes in several messages
-- (reminders, updates), many servers keep no keywords of ours, and an answer taken back must be forgotten with its
-- submission.

create table invitation_reply (
    account_id    bigint      not null references account on delete cascade,
    submission_id bigint      not null,                 -- the mail that says so; it may be gone
    event         bytea       not null,                 -- SHA-256 of the UID, which is as long as its sender likes
    occurrence    text        not null,                 -- which one of a series; empty for all of it
    sequence      bigint      not null,                 -- of the event as it was answered
    status        text        not null check (status in ('accepted', 'tentative', 'declined')),
    replied_at    timestamptz not null default now(),
    primary key (account_id, submission_id)
);
create index invitation_reply_event on invitation_reply (account_id, event, occurrence, submission_id desc);
