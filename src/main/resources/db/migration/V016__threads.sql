-- The list of threads is a table of its own: made from the messages on each read, it grew with the longest thread.
-- Which thread a message is in changes when threads are joined, so that is kept with what changes.
alter table message_place add column thread_id bigint, add column has_attachment boolean;
update message_place p set thread_id = m.thread_id, has_attachment = m.has_attachment
  from message m where m.account_id = p.account_id and m.id = p.message_id;
alter table message_place alter column thread_id set not null, alter column has_attachment set not null;

drop view stored_message;
drop index message_by_thread;
alter table message drop column thread_id;
create index message_by_thread on message_place (account_id, thread_id, mailbox_id, received_at, arrival);

create view stored_message as
select m.account_id, m.id, m.mailbox_id, p.remote_id, m.arrival, p.thread_id, m.message_id, m.subject, m.base_subject,
       m.subject_key, m.from_text, m.envelope, v.preview, m.received_at, m.sent_at, m.sent_or_received_at, m.size,
       p.keywords, p.unread, p.flagged, m.has_attachment, m.structure
  from message m
  join message_place p on p.account_id = m.account_id and p.message_id = m.id
  left join message_preview v on v.account_id = m.account_id and v.message_id = m.id;

-- What of a thread is in a mailbox. Kept by the triggers below, whoever writes places: no statement can forget it.
create table mailbox_thread (
    account_id     bigint      not null,
    mailbox_id     bigint      not null,
    thread_id      bigint      not null,
    messages       integer     not null,
    unread         integer     not null,
    flagged        integer     not null,
    attachments    integer     not null,
    newest_at      timestamptz not null, -- of its newest message there
    newest_arrival bigint      not null,
    has_unread     boolean     not null generated always as (unread > 0) stored,
    primary key (account_id, thread_id, mailbox_id)
) with (fillfactor = 80);

create index mailbox_thread_by_newest on mailbox_thread (account_id, mailbox_id, newest_at, newest_arrival);
create index mailbox_thread_by_unread on mailbox_thread (account_id, mailbox_id, has_unread, newest_at, newest_arrival);
create index mailbox_thread_flagged on mailbox_thread (account_id, mailbox_id, newest_at, newest_arrival)
    where flagged > 0;
create index mailbox_thread_with_attachment on mailbox_thread (account_id, mailbox_id, newest_at, newest_arrival)
    where attachments > 0;

alter table mailbox
    add column threads integer not null default 0, -- maintained, never counted on read
    add column unread_threads integer not null default 0,
    add column flagged_threads integer not null default 0,
    add column attachment_threads integer not null default 0,
    add column flagged integer not null default 0,          -- messages, as total and unread are
    add column with_attachment integer not null default 0;

-- By how much what of a thread is in a mailbox grew; placed: its newest message may be another.
create type thread_delta as (
    account_id bigint, mailbox_id bigint, thread_id bigint,
    messages integer, unread integer, flagged integer, attachments integer, placed boolean);

-- Each thread is looked up by its key, whatever the planner believes of a table that has just grown.
create function valija_keep_threads(deltas thread_delta[]) returns void
    language plpgsql set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
    merge into mailbox_thread t
    using (select d.*, n.received_at, n.arrival
             from unnest(deltas) d
             left join lateral (
                  select p.received_at, p.arrival from message_place p
                   where d.placed and p.account_id = d.account_id and p.thread_id = d.thread_id
                     and p.mailbox_id = d.mailbox_id
                   order by p.received_at desc, p.arrival desc limit 1) n on true) d
       on t.account_id = d.account_id and t.thread_id = d.thread_id and t.mailbox_id = d.mailbox_id
     when matched and t.messages + d.messages <= 0 then delete
     when matched then
          update set messages = t.messages + d.messages,
                     unread = t.unread + d.unread,
                     flagged = t.flagged + d.flagged,
                     attachments = t.attachments + d.attachments,
                     newest_at = coalesce(d.received_at, t.newest_at),
                     newest_arrival = coalesce(d.arrival, t.newest_arrival)
     when not matched and d.messages > 0 then
          insert (account_id, mailbox_id, thread_id, messages, unread, flagged, attachments, newest_at, newest_arrival)
          values (d.account_id, d.mailbox_id, d.thread_id, d.messages, d.unread, d.flagged, d.attachments,
                  d.received_at, d.arrival);
end $$;

create function valija_place_written() returns trigger language plpgsql
as $$
declare
    deltas thread_delta[];
begin
    if tg_op = 'INSERT' then
        deltas := array(
            select row(account_id, mailbox_id, thread_id, count(*), count(*) filter (where unread),
                       count(*) filter (where flagged), count(*) filter (where has_attachment), true)::thread_delta
              from gained group by account_id, mailbox_id, thread_id);
    elsif tg_op = 'DELETE' then
        deltas := array(
            select row(account_id, mailbox_id, thread_id, -count(*), -count(*) filter (where unread),
                       -count(*) filter (where flagged), -count(*) filter (where has_attachment), true)::thread_delta
              from lost group by account_id, mailbox_id, thread_id);
    else
        deltas := array(
            -- What stayed in its place is there once on each side. No join: a plan made for one row is kept for thousands.
            with place as (
                select account_id, mailbox_id, thread_id, sum(n) n, sum(n * unread::int) unread,
                       sum(n * flagged::int) flagged, sum(n * has_attachment::int) attachments
                  from (select *, 1 n from gained union all select *, -1 from lost) side
                 group by account_id, mailbox_id, thread_id, message_id, received_at, arrival)
            select row(account_id, mailbox_id, thread_id, sum(n), sum(unread), sum(flagged), sum(attachments),
                       bool_or(n <> 0))::thread_delta
              from place group by account_id, mailbox_id, thread_id
            having bool_or(n <> 0) or sum(unread) <> 0 or sum(flagged) <> 0 or sum(attachments) <> 0);
    end if;
    if cardinality(deltas) > 0 then
        perform valija_keep_threads(deltas);
    end if;
    return null;
end $$;

create function valija_mailbox_thread_written() returns trigger language plpgsql
as $$
begin
    if tg_op <> 'DELETE' then
        update mailbox b
           set threads = b.threads + c.threads, unread_threads = b.unread_threads + c.unread,
               flagged_threads = b.flagged_threads + c.flagged,
               attachment_threads = b.attachment_threads + c.attachments,
               flagged = b.flagged + c.flagged_messages, with_attachment = b.with_attachment + c.attached_messages
          from (select account_id, mailbox_id, count(*) threads, count(*) filter (where unread > 0) unread,
                       count(*) filter (where flagged > 0) flagged, count(*) filter (where attachments > 0) attachments,
                       sum(flagged) flagged_messages, sum(attachments) attached_messages
                  from gained group by account_id, mailbox_id) c
         where b.account_id = c.account_id and b.id = c.mailbox_id;
    end if;
    if tg_op <> 'INSERT' then
        update mailbox b
           set threads = b.threads - c.threads, unread_threads = b.unread_threads - c.unread,
               flagged_threads = b.flagged_threads - c.flagged,
               attachment_threads = b.attachment_threads - c.attachments,
               flagged = b.flagged - c.flagged_messages, with_attachment = b.with_attachment - c.attached_messages
          from (select account_id, mailbox_id, count(*) threads, count(*) filter (where unread > 0) unread,
                       count(*) filter (where flagged > 0) flagged, count(*) filter (where attachments > 0) attachments,
                       sum(flagged) flagged_messages, sum(attachments) attached_messages
                  from lost group by account_id, mailbox_id) c
         where b.account_id = c.account_id and b.id = c.mailbox_id;
    end if;
    return null;
end $$;

create trigger mailbox_thread_gained after insert on mailbox_thread
    referencing new table as gained for each statement execute function valija_mailbox_thread_written();
create trigger mailbox_thread_changed after update on mailbox_thread
    referencing new table as gained old table as lost
    for each statement execute function valija_mailbox_thread_written();
create trigger mailbox_thread_lost after delete on mailbox_thread
    referencing old table as lost for each statement execute function valija_mailbox_thread_written();

create trigger message_place_gained after insert on message_place
    referencing new table as gained for each statement execute function valija_place_written();
create trigger message_place_changed after update on message_place
    referencing new table as gained old table as lost
    for each statement execute function valija_place_written();
create trigger message_place_lost after delete on message_place
    referencing old table as lost for each statement execute function valija_place_written();

insert into mailbox_thread
       (account_id, mailbox_id, thread_id, messages, unread, flagged, attachments, newest_at, newest_arrival)
select account_id, mailbox_id, thread_id, count(*), count(*) filter (where unread), count(*) filter (where flagged),
       count(*) filter (where has_attachment), max(received_at),
       (array_agg(arrival order by received_at desc, arrival desc))[1]
  from message_place group by account_id, mailbox_id, thread_id;

-- The base subjects of the messages that name an id, as numbers: an id that too many name joins only those of one
-- subject. See ThreadIndex.
alter table thread_reference add column subjects integer[] not null default '{}';

-- Links that the messages' own references do not make, by Message-ID: ours to keep, for a user made some of them, and
-- the index may be built anew.
create table thread_link (
    account_id bigint not null,
    message_id text   not null,
    linked_to  text   not null, -- a Message-ID; empty for a split
    reason     text   not null check (reason in ('subject', 'join', 'split')),
    linked_at  timestamptz,     -- by subject: when the message linked to was received
    primary key (account_id, message_id, linked_to)
);
create index thread_link_to on thread_link (account_id, linked_to);

-- Answers that name no message: what they may answer can come in later.
alter table message add column unreferenced boolean not null default false;
create index message_unreferenced on message (account_id, subject_key, received_at) where unreferenced;
