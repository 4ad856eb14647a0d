-- The index: a mirror of what the providers hold. It may be dropped at any time and is built again.

create table mailbox (
    account_id   bigint  not null,
    id           bigint  generated always as identity,
    remote_name  text    not null,             -- the provider's full name, decoded
    name         text    not null,             -- its last part
    parent_id    bigint,
    separator    text,
    role         text,
    selectable   boolean not null default true,
    subscribed   boolean not null default true,
    total        integer not null default 0,   -- maintained, never counted on read
    unread       integer not null default 0,
    remote_state text,                         -- RemoteMailbox.state when last listed
    sync_state   text,                         -- SyncState; null: never read
    sync_total   integer not null default 0,   -- messages to be indexed
    sync_done    integer not null default 0,   -- messages indexed
    complete     boolean not null default false,
    primary key (account_id, id),
    unique (account_id, remote_name)
);

create table message (
    account_id     bigint      not null,
    id             bigint      generated always as identity,
    mailbox_id     bigint      not null,
    remote_id      bigint      not null,
    thread_id      bigint      not null,
    message_id     text,
    subject        text        not null,
    base_subject   text        not null,       -- RFC 5256 2.1, for sorting and threads
    from_text      text        not null,       -- name or address of the first sender, folded, for sorting
    envelope       jsonb       not null,       -- addresses and references as in the API
    preview        text,                       -- null: not fetched yet
    received_at    timestamptz not null,
    sent_at        timestamptz,
    size           bigint      not null,
    keywords       text[]      not null default '{}',
    unread         boolean     not null,
    flagged        boolean     not null,
    has_attachment boolean     not null,
    structure      jsonb       not null,       -- BodyPart tree
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

-- Which thread a Message-ID belongs to, whether we have that message or only saw it referred to.
create table thread_reference (
    account_id bigint not null,
    message_id text   not null,
    thread_id  bigint not null,
    primary key (account_id, message_id)
);

create sequence thread_id_seq;
