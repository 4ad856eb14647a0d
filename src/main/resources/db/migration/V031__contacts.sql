-- People to write to. The address book is the user's, so it is ours to keep; whom mail was exchanged with is learned from
-- the index, in the background, and goes with its account.

-- How much mail was exchanged, each mail counting half as much after 90 days: the logarithm (to base 2) of the sum of
-- 2^t, t being when, in units of 90 days. Two such scores compare alike at any time, so that none is ever recomputed,
-- and mail may be counted in any order. See Score.
create function valija_score_plus(one double precision, other double precision) returns double precision
    language sql immutable parallel safe
    return case when one is null or one = '-Infinity' then coalesce(other, '-Infinity')
                when other is null or other = '-Infinity' then one
                else greatest(one, other) + ln(1 + power(2, - least(abs(one - other), 60))) / ln(2::double precision) end;

create aggregate valija_score_sum (double precision) (
    sfunc = valija_score_plus, stype = double precision, initcond = '-Infinity', parallel = safe);

create table contact (
    user_id   bigint           not null references users on delete cascade,
    id        bigint           generated always as identity,
    email     text             not null,                -- as it was first met
    email_key text             not null,                -- in lower case: one mailbox everywhere
    name      text,
    saved     boolean          not null,                -- in the address book: mail changes nothing of it
    hidden    boolean          not null default false,  -- taken out by the user: not offered, not learned again
    revision  integer          not null default 1,      -- counts what the user changed
    written   double precision not null default '-Infinity', -- score of mail to them, over all accounts
    received  double precision not null default '-Infinity', -- and of mail from them
    stranger  boolean          not null generated always as (not saved and written = '-Infinity') stored,
    score     double precision not null generated always as
                  (case when written > '-Infinity' then written else received end) stored,
    sort_key  text             not null,                -- name or address, folded
    words     tsvector         not null,                -- see ContactWords
    primary key (user_id, id),
    unique (user_id, email_key)
);

create index contact_by_rank on contact (user_id, stranger, score desc, id) where not hidden;
create index contact_saved on contact (user_id, sort_key, id) where saved;
create index contact_collected on contact (user_id, sort_key, id) where not saved and not hidden;
-- Few rows at a time, looked for at every key: nothing waits in a list to be looked through.
create index contact_by_word on contact using gin (words) with (fastupdate = off);

-- What each account adds to a contact's scores.
create table contact_trace (
    account_id bigint           not null references account on delete cascade,
    user_id    bigint           not null,
    contact_id bigint           not null,
    written    double precision not null,
    received   double precision not null,
    primary key (account_id, contact_id),
    foreign key (user_id, contact_id) references contact on delete cascade
);
create index contact_trace_of_contact on contact_trace (user_id, contact_id);

-- How far an account's index has been learned from: up to that message. Whoever learns holds the row.
create table contact_learning (
    account_id bigint primary key references account on delete cascade,
    position   bigint not null default 0
);
