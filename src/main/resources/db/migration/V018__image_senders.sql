-- Whose remote images a user always wants to see. By the address alone: whether a mail that bears it is really theirs is
-- decided each time it is opened.
create table image_sender (
    user_id  bigint      not null references users on delete cascade,
    id       bigint      generated always as identity,
    email    text        not null,  -- in lower case
    added_at timestamptz not null default now(),
    primary key (user_id, id),
    unique (user_id, email)
);
