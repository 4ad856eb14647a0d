-- Mail being written. It has no other home until it is in the Drafts mailbox, so these rows are ours to keep.

create table draft (
    user_id         bigint      not null references users on delete cascade,
    id              bigint      generated always as identity,
    account_id      bigint      references account on delete set null, -- the text outlives an account that is taken out
    idempotency_key text        not null,
    revision        integer     not null default 1,
    content         json        not null,       -- as in the API; never looked into but for lists
    content_hash    bytea       not null,       -- SHA-256: a repeated request changes nothing
    conflict_of     bigint,                     -- the draft that another device had changed first
    created_at      timestamptz not null default now(),
    changed_at      timestamptz not null default now(),
    primary key (user_id, id),
    unique (user_id, idempotency_key)
);
-- Read and written whole.
alter table draft alter column content set storage extended;

create index draft_newest on draft (user_id, changed_at desc, id desc);
