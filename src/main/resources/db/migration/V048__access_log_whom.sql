-- The owner wants to read whom they invited, or let do more or less.
alter table access_log add column whom text; -- the address of whoever it was done to
