-- Messages that are out of sight until a time. They are in the mailbox Snoozed at the provider; when they come back, and
-- where to, has no home there. Messages and mailboxes are named by the index, which may be lost: then by what follows.
create table snooze (
    account_id      bigint      not null references account on delete cascade,
    message_id      bigint      not null,   -- ours
    header_id       text,                   -- its Message-ID, as the index keeps it
    until           timestamptz not null,
    home_id         bigint      not null,   -- the mailbox it comes from
    home_name       text        not null,   -- at the provider
    away_id         bigint      not null,   -- the mailbox Snoozed
    state           text        not null check (state in ('GOING', 'AWAY', 'WAKING', 'BACK')),
    changes         bigint      not null default 1,   -- counts them: what is changed meanwhile is not ended
    tries           integer     not null default 0,   -- that failed
    due_at          timestamptz not null,   -- when somebody should look at it; whoever does is alone until then
    taken           boolean     not null default false, -- somebody does
    primary key (account_id, message_id)
);
create index snooze_due on snooze (account_id, due_at);
