-- Whoever asks for a session while one goes on gets another after it: what came meanwhile is not in that one's list.
alter table collection add column wanted boolean not null default false;
