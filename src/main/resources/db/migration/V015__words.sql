-- The words that searches look for, in a table of their own: MessageWords makes them, for mail and queries alike, where
-- functions of SQL took half of the time of filling the index, and marking a message wrote all its words anew. Each word
-- carries its account and field, so that no other account's words are read on the way. New words wait in a list and come
-- into the index many at once (fastupdate); the list is kept so short that reading it costs a search about a
-- millisecond.
--
-- The primary key is also the order in which messages that hold common words are looked through, newest first.
create table message_words (
    account_id  bigint      not null,
    received_at timestamptz not null,  -- as of the message
    message_id  bigint      not null,
    words       tsvector    not null,
    primary key (account_id, received_at, message_id)
);

create index message_words_by_word on message_words using gin (words)
    with (fastupdate = on, gin_pending_list_limit = 512);

-- Whoever takes a message out of the index, in whatever statement, takes its words too. A foreign key would look up each
-- message once more when its words come in.
create function message_words_follow() returns trigger language plpgsql as $$
begin
    delete from message_words w using gone g
     where w.account_id = g.account_id and w.received_at = g.received_at and w.message_id = g.id;
    return null;
end $$;

create trigger message_words_follow after delete on message referencing old table as gone
    for each statement execute function message_words_follow();

-- Searches that look for nothing but this; the others among marks, attachments and sizes have indexes already.
create index message_answered on message_place (account_id, received_at, message_id)
    where '$answered' = any (keywords);

drop index message_search, message_file_names, message_of_account;
drop view stored_message;
alter table message drop column search, drop column file_names;
drop function valija_words, valija_people, valija_fold;

-- All of a message, for those who read: as in V007 without the words.
create view stored_message as
select m.account_id, m.id, m.mailbox_id, p.remote_id, m.arrival, m.thread_id, m.message_id, m.subject, m.base_subject,
       m.subject_key, m.from_text, m.envelope, v.preview, m.received_at, m.sent_at, m.sent_or_received_at, m.size,
       p.keywords, p.unread, p.flagged, m.has_attachment, m.structure
  from message m
  join message_place p on p.account_id = m.account_id and p.message_id = m.id
  left join message_preview v on v.account_id = m.account_id and v.message_id = m.id;

-- Words are made of what the provider says. So the index, which may be dropped at any time, begins anew: the mailboxes
-- are read again, the newest messages at once.
truncate message, message_place, message_preview, thread_reference;
update mailbox set sync = 'unknown', sync_state = null, remote_state = null, sync_done = 0, sync_total = 0;
