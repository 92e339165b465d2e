-- Until when a pin is kept, milliseconds since 1970: no longer than its key, and half a year after its holder signed in. Of pins
-- of before that nobody has signed in for since: half a year after they were made. A pin has several rows: the last end counts.
ALTER TABLE pins ADD COLUMN IF NOT EXISTS kept_until UInt64 DEFAULT at + 15552000000;

ALTER TABLE pins MODIFY TTL toDateTime(intDiv(kept_until, 1000));
