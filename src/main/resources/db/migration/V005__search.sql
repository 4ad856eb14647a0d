-- Search over the index, and lists in every order: see MessageQueries and SearchQueries.

create extension if not exists unaccent;
create extension if not exists btree_gin; -- so that a search reads only the words of its account

-- Words as they are compared: no accents, no case, one blank between them. Scripts that are written without blanks
-- (Han, kana, Thai, Lao, Khmer, Burmese) are taken character by character. The collation is named, so that a database
-- of any locale folds alike.
create function valija_fold(value text) returns text
    language sql immutable strict parallel safe
    return regexp_replace(
        regexp_replace(
            lower(unaccent('unaccent'::regdictionary, normalize(value, nfkc)) collate "pg_c_utf8"),
            '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff])' collate "pg_c_utf8",
            ' \1 ', 'g'),
        '[^[:alnum:]]+' collate "pg_c_utf8", ' ', 'g');

create function valija_words(value text) returns tsvector
    language sql immutable strict parallel safe
    return to_tsvector('pg_catalog.simple'::regconfig, valija_fold(value));

-- The names and addresses of one field of an envelope. Cut: a tsvector has its limits, and nobody finds anybody by
-- being the thousandth recipient.
create function valija_people(envelope jsonb, field text) returns text
    language sql immutable strict parallel safe
    return left(
        jsonb_path_query_array(envelope -> field, '$[*].* ? (@.type() == "string")')::text,
        20000);

-- A: subject, B: from, C: to and bcc, D: cc.
alter table message add column search tsvector generated always as (
    setweight(valija_words(left(subject, 1000)), 'A')
    || setweight(coalesce(valija_words(valija_people(envelope, 'from')), ''), 'B')
    || setweight(coalesce(valija_words(valija_people(envelope, 'to')), ''), 'C')
    || setweight(coalesce(valija_words(valija_people(envelope, 'bcc')), ''), 'C')
    || setweight(coalesce(valija_words(valija_people(envelope, 'cc')), ''), 'D')) stored;

alter table message add column file_names tsvector generated always as (
    case when jsonb_path_exists(structure, '$.**.name')
        then valija_words(left(
            jsonb_path_query_array(structure, '$.**.name ? (@.type() == "string")')::text, 20000)) end) stored;

create index message_search on message using gin (account_id, search) with (fastupdate = off);
create index message_file_names on message using gin (account_id, file_names) with (fastupdate = off)
    where file_names is not null;
create index message_of_account on message (account_id, received_at desc, id desc);

-- Each order has one index, read forwards or backwards; ties go by arrival. A message without a Date counts as sent
-- when it was received (RFC 5256 3). Long texts are cut: an index row has its limits.
drop index message_by_sent;
drop index message_by_from;
drop index message_by_subject;
drop index message_by_size;
create index message_by_sent on message (account_id, mailbox_id, coalesce(sent_at, received_at), id);
create index message_by_from on message (account_id, mailbox_id, left(from_text, 100), received_at, id);
create index message_by_subject on message (account_id, mailbox_id, left(base_subject, 100), received_at, id);
create index message_by_size on message (account_id, mailbox_id, size, received_at, id);
create index message_with_attachment on message (account_id, mailbox_id, received_at desc, id desc)
    where has_attachment;

-- The view "threads" asks of each message whether its thread has a newer one in the mailbox.
create index message_newest_of_thread on message (account_id, mailbox_id, thread_id, received_at, id);
