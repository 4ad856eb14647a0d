-- A page of a list is kept in memory for as long as nothing in its mailbox changes. The database says whether something
-- did: whoever writes a row, by whatever statement, cannot forget to.
alter table mailbox add column list_version bigint not null default 0;

create function valija_lists_changed() returns trigger language plpgsql as $$
begin
    update mailbox b set list_version = list_version + 1
      from (select distinct account_id, mailbox_id from changed) c
     where b.account_id = c.account_id and b.id = c.mailbox_id;
    return null;
end $$;

create function valija_lists_exchanged() returns trigger language plpgsql as $$
begin
    update mailbox b set list_version = list_version + 1
      from (select account_id, mailbox_id from changed union select account_id, mailbox_id from before) c
     where b.account_id = c.account_id and b.id = c.mailbox_id;
    return null;
end $$;

create function valija_lists_previewed() returns trigger language plpgsql as $$
begin
    update mailbox b set list_version = list_version + 1
      from (select distinct p.account_id, p.mailbox_id
              from changed c join message_place p on p.account_id = c.account_id and p.message_id = c.message_id) c
     where b.account_id = c.account_id and b.id = c.mailbox_id;
    return null;
end $$;

create trigger lists_grew after insert on message_place
    referencing new table as changed for each statement execute function valija_lists_changed();
create trigger lists_shrank after delete on message_place
    referencing old table as changed for each statement execute function valija_lists_changed();
create trigger lists_changed after update on message_place
    referencing new table as changed old table as before for each statement execute function valija_lists_exchanged();
create trigger lists_changed after update on message
    referencing new table as changed old table as before for each statement execute function valija_lists_exchanged();
create trigger lists_previewed after insert on message_preview
    referencing new table as changed for each statement execute function valija_lists_previewed();
create trigger lists_previewed_again after update on message_preview
    referencing new table as changed for each statement execute function valija_lists_previewed();
