-- Drafts have a copy in the Drafts mailbox at the provider, for other mail programs, and for the day this database is lost.

-- Drafts whose copy is behind. One that is gone is among them until its copy is gone too, so there is no reference.
create table draft_behind (
    user_id       bigint      not null references users on delete cascade,
    draft_id      bigint      not null,
    changes       bigint      not null default 1,   -- counts them: what comes while one is worked on is not forgotten
    since         timestamptz not null default now(),
    due_at        timestamptz not null,
    tries         integer     not null default 0,   -- that failed
    claim         uuid,
    claimed_until timestamptz,
    primary key (user_id, draft_id)
);
create index draft_behind_due on draft_behind (due_at);
-- Those there are have no copy yet.
insert into draft_behind (user_id, draft_id, due_at) select user_id, id, now() from draft;

-- Messages at the provider that are copies of drafts: each is written down before it is sent there.
create table draft_copy (
    account_id  bigint      not null references account on delete cascade,
    id          bigint      generated always as identity,
    user_id     bigint      not null,
    draft_id    bigint      not null,
    revision    integer     not null,               -- of the draft
    message_id  text        not null,               -- of this copy alone, made at random
    hash        bytea       not null,               -- SHA-256 of its octets; empty: another program wrote it, and the draft goes on with it
    size        integer     not null,               -- octets that were sent to the provider
    remote_name text        not null,
    remote_id   bigint,                             -- null until the provider has told
    made_at     timestamptz not null default now(),
    primary key (account_id, id)
);
create index draft_copy_of on draft_copy (user_id, draft_id);
create index draft_copy_at on draft_copy (account_id, remote_id) where remote_id is not null;
create index draft_copy_named on draft_copy (account_id, message_id);
