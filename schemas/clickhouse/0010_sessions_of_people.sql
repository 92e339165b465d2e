-- Whoever an identity provider vouches for has no key: what they are called and may do stands in the session. Then `key`
-- is a name made of the provider's own for them, and `fingerprint` changes with what this installation believes of it.
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS owner String DEFAULT '';

ALTER TABLE sessions ADD COLUMN IF NOT EXISTS scopes Array(String) DEFAULT [];
