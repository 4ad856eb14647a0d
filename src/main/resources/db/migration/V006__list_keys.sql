-- A jump deep into a list counts rows off in its index. With an expression in the index PostgreSQL reads the table for
-- each of them, so the keys of the lists are plain columns. Senders are cut when they are written, subjects here: an
-- index row has its limits.
alter table message add column sent_or_received_at timestamptz not null
    generated always as (coalesce(sent_at, received_at)) stored;
alter table message add column subject_key text not null generated always as (left(base_subject, 100)) stored;

drop index message_by_sent;
drop index message_by_from;
drop index message_by_subject;
create index message_by_sent on message (account_id, mailbox_id, sent_or_received_at, id);
create index message_by_from on message (account_id, mailbox_id, from_text, received_at, id);
create index message_by_subject on message (account_id, mailbox_id, subject_key, received_at, id);
