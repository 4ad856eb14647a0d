-- The outbox. What has not reached Sent yet has no other home, so these rows are ours to keep.

create table submission (
    account_id      bigint      not null references account on delete cascade,
    id              bigint      generated always as identity,
    user_id         bigint      not null references users on delete cascade,
    idempotency_key text        not null,
    request_hash    bytea       not null,       -- SHA-256: the same key with another request is a mistake
    state           text        not null check (state in
                    ('HELD', 'QUEUED', 'TALKING', 'GATE', 'ACCEPTED', 'FILED', 'DONE',
                     'RETRY', 'REJECTED', 'RESOLVE', 'UNKNOWN', 'CANCELLED')),
    sender          text        not null,       -- of the SMTP envelope
    message_id      text        not null,       -- fixed once, so that a copy can be recognised anywhere
    subject         text        not null,
    recipients_to   jsonb       not null,       -- as in the API
    message         bytea,                      -- frozen octets; null once they are in Sent or will never go
    bcc_field       text        not null,       -- put before the copy in Sent only
    answered_id     bigint,                     -- our id of the message answered, of account answered_account
    answered_account bigint,
    forwarded_id    bigint,
    forwarded_account bigint,
    due_at          timestamptz not null,       -- when somebody should look at it
    give_up_at      timestamptz not null,       -- RFC 5321 4.5.4.1: days, not hours
    claim           uuid,                       -- who works on it; every step is fenced by it
    claimed_until   timestamptz,
    attempts        integer     not null default 0,
    created_at      timestamptz not null default now(),
    changed_at      timestamptz not null default now(),
    primary key (account_id, id),
    unique (user_id, idempotency_key)
);
-- The octets are compressed already where that pays, and read whole.
alter table submission alter column message set storage external;

create index submission_due on submission (due_at)
    where state in ('HELD', 'QUEUED', 'TALKING', 'GATE', 'ACCEPTED', 'FILED', 'RETRY', 'RESOLVE');
create index submission_of_user on submission (user_id, id desc);

create table submission_recipient (
    account_id    bigint  not null,
    submission_id bigint  not null,
    position      integer not null,
    email         text    not null,             -- as it goes over the wire
    state         text    not null default 'pending' check (state in ('pending', 'accepted', 'refused')),
    detail        text,                         -- what the server said last
    primary key (account_id, submission_id, position),
    foreign key (account_id, submission_id) references submission on delete cascade
);
