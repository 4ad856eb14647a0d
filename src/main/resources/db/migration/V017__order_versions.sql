-- Where a message stands in a list is remembered for as long as no message comes, goes or changes its marks. Previews,
-- which come in for every page that is looked at, show in lists and move nothing.
alter table mailbox add column order_version bigint not null default 0;

create or replace function valija_lists_changed() returns trigger language plpgsql as $$
begin
    update mailbox b set list_version = list_version + 1, order_version = order_version + 1
      from (select distinct account_id, mailbox_id from changed) c
     where b.account_id = c.account_id and b.id = c.mailbox_id;
    return null;
end $$;

create or replace function valija_lists_exchanged() returns trigger language plpgsql as $$
begin
    update mailbox b set list_version = list_version + 1, order_version = order_version + 1
      from (select account_id, mailbox_id from changed union select account_id, mailbox_id from before) c
     where b.account_id = c.account_id and b.id = c.mailbox_id;
    return null;
end $$;
