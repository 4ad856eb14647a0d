-- What is sent differs in where its copy is found again: a redirected message keeps its Message-ID and has a
-- Resent-Message-ID besides (RFC 5322 3.6.6), which is message_id here; of a read receipt no copy is kept (RFC 8098).
alter table submission add column kind text not null default 'MESSAGE'
    check (kind in ('MESSAGE', 'REDIRECT', 'RECEIPT'));
