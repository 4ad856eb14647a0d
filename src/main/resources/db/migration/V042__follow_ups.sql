-- Sent messages that their sender is to be reminded of, if nobody has answered by then. They are found by their Message-ID:
-- most are written down before they are sent.
create table follow_up (
    account_id bigint      not null references account on delete cascade,
    id         bigint      generated always as identity,
    message_id text        not null,               -- without angle brackets
    since      timestamptz not null,               -- answers come after that
    remind_at  timestamptz not null,
    changes    bigint      not null default 1,     -- counts them: what is changed meanwhile is not ended
    tries      integer     not null default 0,     -- that failed
    due_at     timestamptz not null,               -- when somebody should look at it; whoever does is alone until then
    taken      boolean     not null default false, -- somebody does
    primary key (account_id, id),
    unique (account_id, message_id)
);
create index follow_up_due on follow_up (account_id, due_at);
