-- The index: a mirror of what the providers hold. It may be dropped at any time and is built again.

create table mailbox (
    account_id   bigint  not null,
    id           bigint  generated always as identity,
    remote_name  text    not null,             -- the provider's full name, decoded
    name         text    not null,             -- its last part
    parent_id    bigint,
    separator    text,
    role         text,                         -- MailboxRole
    selectable   boolean not null default true,
    subscribed   boolean not null default true,
    total        integer not null default 0,   -- maintained, never counted on read
    unread       integer not null default 0,
    remote_state text,                         -- RemoteMailbox.state when last in step with it
    sync         text    not null default 'unknown' check (sync in ('unknown', 'syncing', 'complete')),
    sync_state   text,                         -- SyncState; null: only the newest messages have been looked at
    sync_total   integer not null default 0,   -- messages to be indexed
    sync_done    integer not null default 0,   -- messages indexed
    primary key (account_id, id),
    unique (account_id, remote_name)
);

create table message (
    account_id     bigint      not null,
    id             bigint      generated always as identity,
    mailbox_id     bigint      not null,
    remote_id      bigint,                     -- null: its new id at the provider is being looked for
    thread_id      bigint      not null,
    message_id     text,                       -- long ones are hashed: an index row has its limits
    subject        text        not null,
    base_subject   text        not null,       -- RFC 5256 2.1, for sorting and threads
    from_text      text        not null,       -- name or address of the first sender, folded, for sorting
    envelope       jsonb       not null,       -- addresses and references: see MessageJson
    preview        text,                       -- null: not fetched yet
    received_at    timestamptz not null,
    sent_at        timestamptz,
    size           bigint      not null,
    keywords       text[]      not null default '{}', -- sorted
    unread         boolean     not null generated always as (not ('$seen' = any (keywords))) stored,
    flagged        boolean     not null generated always as ('$flagged' = any (keywords)) stored,
    has_attachment boolean     not null,
    structure      jsonb       not null,       -- the BodyPart tree: see MessageJson
    primary key (account_id, id),
    unique (account_id, mailbox_id, remote_id)
);

create index message_by_received on message (account_id, mailbox_id, received_at desc, id desc);
create index message_by_sent on message (account_id, mailbox_id, sent_at desc nulls last, id desc);
create index message_by_from on message (account_id, mailbox_id, from_text, id);
create index message_by_subject on message (account_id, mailbox_id, base_subject, id);
create index message_by_size on message (account_id, mailbox_id, size desc, id desc);
create index message_by_thread on message (account_id, thread_id, received_at);
create index message_by_message_id on message (account_id, message_id) where message_id is not null;
create index message_unread on message (account_id, mailbox_id, received_at desc, id desc) where unread;
create index message_flagged on message (account_id, mailbox_id, received_at desc, id desc) where flagged;
create index message_unplaced on message (account_id, mailbox_id) where remote_id is null;

-- Which thread a Message-ID belongs to that some message refers to, whether we have it or not.
create table thread_reference (
    account_id bigint not null,
    message_id text   not null,
    thread_id  bigint not null,
    primary key (account_id, message_id)
);

create index thread_reference_by_thread on thread_reference (account_id, thread_id);

create sequence thread_id_seq;

-- Accounts in use, and which node watches them. Outlives a restart, so that watching goes on by itself.
create table watch_lease (
    account_id   bigint      primary key,
    active_until timestamptz not null,
    holder       uuid,
    held_until   timestamptz
);
