-- What the planner believes of accounts and mailboxes does not hang on when PostgreSQL last looked. Of few accounts it
-- remembers each, and takes one that came later for empty: for each of a thousand keys it then read the whole account.
-- Told that there is one account with two mailboxes, it looks up keys and reads lists in their order, however many
-- there are. (A statistics target of 0 keeps ANALYZE from saying otherwise.) As each mailbox seems to be half of the
-- table, connections are opened with enable_seqscan = off: see application.yaml.
do $$
declare
    c record;
begin
    for c in
        select table_name, column_name from information_schema.columns
         where table_schema = current_schema() and column_name in ('account_id', 'mailbox_id')
           and table_name in ('message', 'message_place', 'message_preview', 'message_words', 'mailbox_thread',
                              'thread_reference', 'thread_link')
    loop
        execute format('alter table %I alter column %I set statistics 0', c.table_name, c.column_name);
        perform pg_restore_attribute_stats(
            'schemaname', current_schema()::text, 'relname', c.table_name::text, 'attname', c.column_name::text,
            'inherited', false, 'null_frac', 0::real, 'avg_width', 8,
            'n_distinct', case c.column_name when 'account_id' then 1 else 2 end::real);
    end loop;
end $$;
