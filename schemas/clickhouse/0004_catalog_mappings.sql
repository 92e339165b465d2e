-- What curators made of unlisted names. Append-only: of a name the row with the highest id holds, and one whose
-- to_category is '' takes the mapping back. The rows of one request have one id.
-- since: the first period whose reports are identified by it.
CREATE TABLE IF NOT EXISTS catalog_mappings
(
    id          UInt64,
    category    LowCardinality(String),
    vendor      String,
    model       String,
    to_category LowCardinality(String),
    to_vendor   String,
    to_model    String,
    since       UInt32,
    added_at    UInt64,
    added_by    String
)
ENGINE = MergeTree
ORDER BY (category, vendor, model, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
