-- What users share with others. Looked up with every request of a member, so that what is taken back is gone at once.
create table share (
    account_id bigint      not null references account on delete cascade,
    id         bigint      generated always as identity,
    remote_name text,                     -- the mailbox, as the provider calls it; null: all of them
    address    text        not null,      -- who is invited, in lower case
    member_id  bigint      references users on delete cascade, -- who has answered
    role       text        not null check (role in ('READ', 'TRIAGE', 'SEND', 'FULL')),
    state      text        not null default 'invited' check (state in ('invited', 'accepted', 'declined')),
    invited_at timestamptz not null default now(),
    primary key (account_id, id),
    unique nulls not distinct (account_id, remote_name, address),
    check ((state = 'invited') = (member_id is null))
);
create unique index share_of_member on share (member_id, account_id, remote_name) nulls not distinct
    where state = 'accepted';
create index share_invited on share (address) where state = 'invited';

-- What others did in an account, for its owner.
create table access_log (
    account_id bigint      not null references account on delete cascade,
    id         bigint      generated always as identity,
    at         timestamptz not null default now(),
    who        text        not null,      -- the address; the user may be gone
    user_id    bigint      not null,
    action     text        not null,
    mailbox_id bigint,
    message_id bigint,
    messages   integer     not null,
    primary key (account_id, id)
);
create unique index access_log_opened on access_log (account_id, message_id, user_id) where action = 'OPENED';
create index access_log_by_age on access_log (at);

-- What is said beside a message. It has no other home.
create table message_comment (
    account_id bigint      not null references account on delete cascade,
    id         bigint      generated always as identity,
    about      text        not null,      -- the message's Message-ID, by which it is known wherever it is moved; else our id
    mailbox_id bigint      not null,      -- where the message was: others of that Message-ID may be elsewhere
    user_id    bigint      references users on delete set null,
    author     text        not null,      -- the address
    text       text        not null,
    written_at timestamptz not null default now(),
    primary key (account_id, id)
);
create index message_comment_about on message_comment (account_id, about, id);

-- Who looks at which message right now. Nothing is lost with it.
create unlogged table presence (
    account_id bigint      not null references account on delete cascade,
    message_id bigint      not null,
    user_id    bigint      not null references users on delete cascade,
    address    text        not null,
    doing      text        not null,
    until      timestamptz not null,
    primary key (account_id, message_id, user_id)
);
