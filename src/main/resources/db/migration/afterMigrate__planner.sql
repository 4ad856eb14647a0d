-- At every start, for a dump does not hold it. What the planner believes of accounts and mailboxes, and of the users of
-- contacts, does not hang on when PostgreSQL last looked: of few accounts it remembers each, and takes one that came
-- later for empty. For each of a thousand keys it then read the whole account. Told that there is one account with two
-- mailboxes, it looks up keys and reads lists in their order, however many there are. (A statistics target of 0 keeps
-- ANALYZE from saying otherwise.) As each mailbox seems to be half of the table, connections are opened with
-- enable_seqscan = off: see application.yaml.
do $$
declare
    c record;
begin
    for c in
        select t.relname, a.attname, a.attstattarget, case a.attname when 'mailbox_id' then 2 else 1 end::real told,
               (select s.stadistinct from pg_statistic s where s.starelid = t.oid and s.staattnum = a.attnum) known
          from pg_class t join pg_attribute a on a.attrelid = t.oid
         where t.relnamespace = current_schema()::regnamespace
           and (t.relname in ('message', 'message_place', 'message_preview', 'message_words', 'mailbox_thread',
                              'thread_reference', 'thread_link') and a.attname in ('account_id', 'mailbox_id')
                or t.relname = 'contact' and a.attname = 'user_id')
    loop
        if c.attstattarget is distinct from 0 then
            execute format('alter table %I alter column %I set statistics 0', c.relname, c.attname);
        end if;
        if c.known is distinct from c.told then
            perform pg_restore_attribute_stats(
                'schemaname', current_schema()::text, 'relname', c.relname::text, 'attname', c.attname::text,
                'inherited', false, 'null_frac', 0::real, 'avg_width', 8, 'n_distinct', c.told);
        end if;
    end loop;
end $$;
