-- How long messages stay in a mailbox, as its user has said. What the operator says is in the configuration.
create table retention_rule (
    account_id   bigint  not null references account on delete cascade,
    id           bigint  generated always as identity,
    mailbox_id   bigint  not null,
    role         text,                   -- INBOX, TRASH or JUNK: it is for whichever mailbox has that role
    remote_name  text    not null,       -- at the provider, as it was last seen, should the index be lost
    inbox_id     bigint,                 -- of the index that mailbox_id is of: INBOX has another in another
    after_days   integer check (after_days between 1 and 3650), -- null: all stay, whatever the operator says
    keep_flagged boolean not null,
    primary key (account_id, id)
);
-- The messages under a rule. None leaves that has not stood here for a time: what is here has been announced.
create table retention_stay (
    account_id   bigint      not null references account on delete cascade,
    message_id   bigint      not null,
    mailbox_id   bigint      not null,
    since        timestamptz not null,   -- in this mailbox
    after_days   integer     not null,   -- of the rule it was seen under
    announced_at timestamptz not null,   -- or announced anew, as the rule became stricter or it was let go
    leaves_at    timestamptz not null,
    for_ever     boolean     not null,   -- it is deleted then, and was announced so
    kept         boolean     not null,   -- it is marked to stay
    primary key (account_id, message_id)
);
create index retention_leaving on retention_stay (account_id, mailbox_id, leaves_at) where not kept;
-- When each mailbox under a rule was gone through last. What came to INBOX before the first time is as old as its mail.
create table retention_survey (
    account_id  bigint      not null references account on delete cascade,
    mailbox_id  bigint      not null,
    surveyed_at timestamptz not null,
    rule        text        not null,    -- that was looked by
    primary key (account_id, mailbox_id)
);
-- What a rule took to Trash, written down before: it may still be where it was.
create table retention_departed (
    account_id  bigint      not null references account on delete cascade,
    message_id  bigint      not null,
    mailbox_id  bigint      not null,    -- where it was
    remote_name text        not null,
    left_at     timestamptz not null,
    primary key (account_id, message_id)
);
create index retention_departed_by_time on retention_departed (account_id, left_at);
-- When somebody should look after an account; whoever does is alone until then.
create table retention_visit (
    account_id bigint      primary key references account on delete cascade,
    due_at     timestamptz not null,
    changes    bigint      not null default 1, -- of the rules: whoever began before the last comes again
    tries      integer     not null default 0  -- that failed
);
