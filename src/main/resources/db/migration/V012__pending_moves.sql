-- Moves at providers without MOVE (RFC 6851) are a copy and a removal. A row is here from before the copy until after
-- the removal, so that whatever comes in between, a message is neither lost nor left in both places.
create table pending_move (
    account_id        bigint      not null,
    id                bigint      generated always as identity,
    source_mailbox_id bigint      not null,
    target_mailbox_id bigint      not null,
    remote_ids        bigint[]    not null, -- in the source
    new_remote_ids    bigint[],             -- in the target, null each where the provider did not tell; null: no answer yet
    begun_at          timestamptz not null default now(),
    primary key (account_id, id)
);
