-- What changes often stays apart from what never does. Marking a thousand messages rewrote a thousand wide rows and an
-- entry of every order for each; now it rewrites narrow rows with few indexes. Equals of a list go by arrival, which
-- our own ids do not tell: a mailbox is filled newest first.
alter table message alter column id drop identity;
create sequence message_id_seq;
select setval('message_id_seq', (select coalesce(max(id), 0) + 1 from message), false);

-- Where a message is, and how it is marked.
create table message_place (
    account_id  bigint      not null,
    message_id  bigint      not null default nextval('message_id_seq'),
    mailbox_id  bigint      not null,
    remote_id   bigint,                 -- null: its new id at the provider is being looked for
    received_at timestamptz not null,
    arrival     bigint      not null,   -- as of the message
    keywords    text[]      not null,   -- sorted
    unread      boolean     not null generated always as (not ('$seen' = any (keywords))) stored,
    flagged     boolean     not null generated always as ('$flagged' = any (keywords)) stored,
    primary key (account_id, message_id)
);

-- The first words, fetched when somebody has the message on the screen.
create table message_preview (
    account_id bigint not null,
    message_id bigint not null,
    preview    text   not null,
    primary key (account_id, message_id)
);

-- Orders equals of one mailbox: the id at the provider, by which mail is numbered as it comes in. From 2^62 on while
-- that is not known.
alter table message add column arrival bigint;
update message set arrival = coalesce(remote_id, 4611686018427387904 + id);
alter table message alter column arrival set not null;

insert into message_place (account_id, message_id, mailbox_id, remote_id, received_at, arrival, keywords)
select account_id, id, mailbox_id, remote_id, received_at, arrival, keywords from message;
insert into message_preview (account_id, message_id, preview)
select account_id, id, preview from message where preview is not null;

drop index message_by_received, message_by_sent, message_by_from, message_by_subject, message_by_size,
    message_by_thread, message_newest_of_thread, message_with_attachment;
alter table message drop column unread, drop column flagged, drop column keywords, drop column remote_id,
    drop column preview;

create unique index message_place_by_remote_id on message_place (account_id, mailbox_id, remote_id);
create index message_by_unread on message_place (account_id, mailbox_id, unread, received_at, arrival);
create index message_flagged on message_place (account_id, mailbox_id, received_at, arrival) where flagged;
create index message_unplaced on message_place (account_id, mailbox_id) where remote_id is null;

create index message_by_received on message (account_id, mailbox_id, received_at, arrival);
create index message_by_sent on message (account_id, mailbox_id, sent_or_received_at, arrival);
create index message_by_from on message (account_id, mailbox_id, from_text, received_at, arrival);
create index message_by_subject on message (account_id, mailbox_id, subject_key, received_at, arrival);
create index message_by_size on message (account_id, mailbox_id, size, received_at, arrival);
create index message_with_attachment on message (account_id, mailbox_id, received_at, arrival) where has_attachment;
-- A thread, and its newest message in one mailbox: the view "threads" asks for that of each message.
create index message_by_thread on message (account_id, thread_id, mailbox_id, received_at, arrival);

-- All of a message, for those who read.
create view stored_message as
select m.account_id, m.id, m.mailbox_id, p.remote_id, m.arrival, m.thread_id, m.message_id, m.subject, m.base_subject,
       m.subject_key, m.from_text, m.envelope, v.preview, m.received_at, m.sent_at, m.sent_or_received_at, m.size,
       p.keywords, p.unread, p.flagged, m.has_attachment, m.structure, m.search, m.file_names
  from message m
  join message_place p on p.account_id = m.account_id and p.message_id = m.id
  left join message_preview v on v.account_id = m.account_id and v.message_id = m.id;
