-- The change log: what became different for a user, in the order in which it was committed.

-- One row a user. Its lock is held from taking a number to the commit, so that numbers are committed in their order and
-- a reader who has seen one will never find a smaller one later.
create table change_head (
    user_id  bigint not null primary key references users on delete cascade,
    last_seq bigint not null,
    trimmed  bigint not null default 0  -- changes up to here are forgotten
);

create table change_log (
    user_id    bigint      not null references users on delete cascade,
    seq        bigint      not null,
    account_id bigint      not null,
    event      text        not null,
    data       jsonb       not null,
    at         timestamptz not null default now(),
    primary key (user_id, seq)
);
create index change_log_by_age on change_log (at);
