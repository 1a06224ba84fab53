CREATE OR REPLACE VIEW {{database}}.week_writers_ready{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    authors Array(UInt64) COMMENT 'Keys of the known authors of the week, as in author_keys: cityHash64(author_id); all that follow are in their order',
    posts Array(UInt32) COMMENT 'Their posts',
    counted Array(UInt32) COMMENT 'Of these, what counts: not by staff, promotion or spam',
    replies Array(UInt32) COMMENT 'Of what counts, replies',
    received Array(UInt32) COMMENT 'How often what counts was accepted, as its source says, or thanked by a reply of the same week',
    off_hours Array(UInt32) COMMENT 'Of what counts, written at a weekend or outside 8 to 20 o''clock',
    last Array(DateTime64(3, '{{zone}}')) COMMENT 'When the last of what counts was written',
    topics Array(Array(LowCardinality(String))) COMMENT 'Topics of what counts, each once for every post about it',
    answered Array(UInt32) COMMENT 'Of all posts, those that a reply of the same week answers',
    first Array(UInt64) COMMENT 'Key of the first post: cityHash64(post_id)',
    first_answered Array(UInt8) COMMENT '1 when a reply of the same week answers the first post',
    keys Array(Array(UInt64)) COMMENT 'Keys of all posts, those that count first',
    visitors Array(UInt64) COMMENT 'Keys of the members who viewed, reacted or logged in; in no order with the others'
)
{{security}}
AS
SELECT week, community, authors, posts, counted, replies, received, off_hours, last, topics, answered, first, first_answered, keys, visitors
FROM {{database}}.writer_windows FINAL
COMMENT 'Only what stands ready, see writers_not_ready: Authors of a week with what they wrote and what the week gave them for it, to follow them over weeks without reading the posts. One row a community and week. week_answers_ready has what replies of other weeks gave'
