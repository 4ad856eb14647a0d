-- A submission that ended without going is looked for among others of its Message-ID: without this, all of the account.
create index submission_by_message_id on submission (account_id, message_id);
