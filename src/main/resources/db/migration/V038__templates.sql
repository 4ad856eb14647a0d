-- Texts that are written again and again. They have no home at a provider, so these rows are ours to keep.

create table template (
    user_id    bigint      not null references users on delete cascade,
    id         bigint      generated always as identity,
    name       text        not null,
    name_key   text        not null,           -- in lower case: of two that are called alike, one is meant
    revision   integer     not null default 1,
    content    json        not null,           -- as in the API, but for the name; never looked into
    changed_at timestamptz not null default now(),
    primary key (user_id, id),
    unique (user_id, name_key)
);
-- Read and written whole.
alter table template alter column content set storage extended;
