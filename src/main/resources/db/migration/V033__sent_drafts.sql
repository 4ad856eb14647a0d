-- A draft outlives what is sent of it until that has gone: taken back, refused or of unknown fate, it is written on.

alter table submission add column draft_id bigint, add column draft_revision integer;
create index submission_of_draft on submission (user_id, draft_id) where draft_id is not null;

-- What is being worked on, and for whom: never more than a few rows.
create index submission_claimed on submission (account_id, claim) where claim is not null;
