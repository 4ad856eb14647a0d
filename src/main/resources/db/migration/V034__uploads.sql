-- Files on their way to be attachments. A draft that is opened on another device, or answered for by another node, needs
-- them, so they are here and not on a disk; drafts are ours to keep, and these with them.

create table upload (
    user_id    bigint      not null references users on delete cascade,
    id         bigint      generated always as identity,
    name       text        not null,
    type       text        not null,
    length     bigint      not null check (length >= 0),
    received   bigint      not null default 0 check (received between 0 and length),
    master_key text        not null,            -- which of the master keys wraps the next one
    data_key   bytea       not null,            -- of this upload alone, and gone with it
    created_at timestamptz not null,
    expires_at timestamptz not null,            -- unless something holds it
    primary key (user_id, id)
);
create index upload_expiry on upload (expires_at);
create index upload_master on upload (master_key);

-- One row a stretch, however small the pieces came: all but the last are of one size.
create table upload_chunk (
    user_id   bigint not null,
    upload_id bigint not null,
    start     bigint not null,                  -- in octets of the file
    sealed    bytea  not null,                  -- AES-256-GCM; its place is authenticated with it
    primary key (user_id, upload_id, start),
    foreign key (user_id, upload_id) references upload on delete cascade
);
-- Encrypted octets do not get smaller.
alter table upload_chunk alter column sealed set storage external;

-- What still needs an upload: a draft, or a submission that can be taken back.
create table upload_hold (
    user_id    bigint not null,
    upload_id  bigint not null,
    holder     text   not null,
    account_id bigint references account on delete cascade, -- that the holder goes with, if it does
    primary key (user_id, upload_id, holder),
    foreign key (user_id, upload_id) references upload on delete cascade
);
create index upload_hold_of on upload_hold (user_id, holder);
create index upload_hold_account on upload_hold (account_id) where account_id is not null;

-- What the provider's submission server said last of the largest message it takes (RFC 1870), so that too large a file is
-- refused before it is uploaded. Null until it was asked, 0 where it does not say.
alter table account add column max_message_size bigint;
