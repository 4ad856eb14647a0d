-- Mail that users have fetched from POP3 servers into a mailbox of one of their accounts, and what is known of each message
-- there. A POP3 server has nothing that would tell what was taken: this is the only place that does.
create table collection (
    user_id        bigint      not null references users on delete cascade,
    id             bigint      generated always as identity,
    account_id     bigint      not null references account on delete cascade, -- whose mailbox it goes into
    mailbox_id     bigint      not null,   -- ours; the index may be lost: then by what follows
    mailbox_name   text        not null,   -- at the provider
    host           text        not null,
    port           integer     not null,
    security       text        not null,
    login_name     text        not null,
    master_key     text        not null,   -- which master key wraps data_key
    data_key       bytea       not null,
    password       bytea       not null,   -- under data_key
    keep_days      integer     check (keep_days between 0 and 365),    -- from storing to deleting; null: for ever
    interval_minutes integer   not null check (interval_minutes between 5 and 1440),
    paused         boolean     not null default false,
    rejected       boolean     not null default false,  -- the password: nothing is tried until there is another
    lease          bigint      not null default 0,      -- counts who took it, and who changed it: they alone go on
    taken          boolean     not null default false,  -- somebody works on it, until due_at
    begun_at       timestamptz,            -- the last session
    due_at         timestamptz,            -- when somebody should look at it; null: only when told to
    tries          integer     not null default 0,      -- that failed, in a row
    passing        boolean     not null default false,  -- the numbers that follow are of a pass that is not over
    total          integer     not null default 0,
    done           integer     not null default 0,
    deleted        integer     not null default 0,
    refused        integer     not null default 0,
    outcome_at     timestamptz,            -- of the last session
    problem        text,                   -- how that failed, and where
    problem_at     text        check (problem_at in ('SOURCE', 'TARGET')),
    primary key (user_id, id),
    unique (user_id, host, port, login_name)
);
create index collection_due on collection (account_id, due_at);

create table collected (
    user_id       bigint      not null,
    collection_id bigint      not null,
    id            bigint      generated always as identity,
    uidl          text,                    -- null: it has none that is its own
    octets        bigint      not null,    -- as the server counts them: another number is another message
    state         text        not null check (state in ('SEEN', 'RETRIEVED', 'STORED', 'DELETING', 'GONE', 'TWIN')),
    hash          bytea,                   -- SHA-256 of its octets
    received_at   timestamptz,             -- that it is stored with
    mailbox_name  text,                    -- where it is stored, or may be
    remote_id     bigint,                  -- as what, where the provider tells
    after_id      bigint,                  -- what is not later there than this was there before it
    stored_at     timestamptz,
    not_before    timestamptz,             -- it is left alone until then
    tries         integer     not null default 0,       -- that failed
    primary key (user_id, collection_id, id),
    foreign key (user_id, collection_id) references collection on delete cascade
);
create unique index collected_by_name on collected (user_id, collection_id, uidl);
create index collected_by_hash on collected (user_id, collection_id, hash);
