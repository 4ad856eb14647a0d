-- Users, their accounts at providers, the names they send as, and the ways they are signed in.

-- A user is whoever first signed in with this login at this server. The address is no part of the key: a caller may
-- name any server, and a server of their own would vouch for any address.
create table users (
    id         bigint      generated always as identity primary key,
    store_host text        not null,
    store_port integer     not null,
    login_name text        not null,
    created_at timestamptz not null default now(),
    unique (store_host, store_port, login_name)
);

-- Drawn from before the provider is asked, so that the connection that proved the password already bears the id.
create sequence account_id_seq;

create table account (
    id                   bigint      primary key default nextval('account_id_seq'),
    user_id              bigint      not null references users on delete cascade,
    first                boolean     not null,  -- the one the user signed up with
    address              text        not null,
    name                 text        not null,
    login_name           text        not null,
    store_host           text        not null,
    store_port           integer     not null,
    store_security       text        not null,
    transport_host       text        not null,
    transport_port       integer     not null,
    transport_security   text        not null,
    master_key           text        not null,  -- which master key wraps data_key
    data_key             bytea       not null,
    password             bytea       not null,  -- under data_key
    credentials_rejected boolean     not null default false,
    created_at           timestamptz not null default now(),
    unique (user_id, store_host, store_port, login_name)
);
create unique index account_first on account (user_id) where first;
create index account_by_login on account (login_name) where first;

create table identity (
    account_id     bigint  not null references account on delete cascade,
    id             bigint  generated always as identity,
    name           text,
    email          text    not null,
    signature_html text,
    primary key (account_id, id)
);

create table sign_in (
    user_id      bigint      not null references users on delete cascade,
    id           bigint      generated always as identity,
    kind         text        not null check (kind in ('session', 'token')),
    name         text        not null,
    token_hash   bytea       not null unique,   -- SHA-256: the token itself is 256 random bits
    created_at   timestamptz not null default now(),
    last_used_at timestamptz,
    expires_at   timestamptz,                   -- null: until revoked
    primary key (user_id, id)
);
