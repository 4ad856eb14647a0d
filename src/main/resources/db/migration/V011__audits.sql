-- Once a day each mailbox of the index is compared with its provider's, message by message. Who does it puts the time
-- off first, so that no other node does the same; spread over the day from the start.
alter table mailbox add column compare_at timestamptz not null default now() + random() * interval '1 day';

create index mailbox_to_compare on mailbox (account_id, compare_at) where sync = 'complete';
