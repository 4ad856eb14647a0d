-- What was answered to messages that ask to be told when they are read: once for each, whatever device it was on.
create table receipt_answer (
    account_id    bigint      not null references account on delete cascade,
    message_id    bigint      not null,     -- our id of the message that asks
    submission_id bigint,                   -- what was sent; null where it was refused to
    answered_at   timestamptz not null default now(),
    primary key (account_id, message_id)
);
create index receipt_answer_submission on receipt_answer (account_id, submission_id) where submission_id is not null;
