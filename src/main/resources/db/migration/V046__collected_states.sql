-- Each session looks for what is under way, and for what has gone long ago: among all that is known of a maildrop it is
-- little. The twins of a message are many at times, and never looked for.
create index collected_under_way on collected (user_id, collection_id, state) where state in ('SEEN', 'RETRIEVED', 'DELETING');
create index collected_gone on collected (user_id, collection_id, stored_at) where state = 'GONE';
drop index collected_by_hash;
create index collected_by_hash on collected (user_id, collection_id, hash) where state <> 'TWIN';
