CREATE OR REPLACE VIEW {{database}}.members{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community they joined',
    author_key UInt64 COMMENT 'Key of the member, as in author_keys: cityHash64(author_id)',
    joined_at DateTime64(3, '{{zone}}') COMMENT 'When they joined, the first time if they did so more than once'
)
{{security}}
AS
SELECT community, j.member AS author_key, min(j.joined_at) AS joined_at
FROM {{database}}.day_windows FINAL
ARRAY JOIN joins AS j
GROUP BY community, author_key
COMMENT 'When members joined, as far as joined events tell; one row a member. Join it with posts by author_key = cityHash64(author_id)';
