-- Where the peers write: what a table for posts looks like that nobody thought about for long.
CREATE DATABASE @database;

CREATE TABLE @database.posts
(
    post_id String,
    community LowCardinality(String),
    source LowCardinality(String),
    channel LowCardinality(String),
    author String,
    posted_at DateTime,
    body String,
    topics Array(LowCardinality(String)),
    sentiment Float32
)
ENGINE = MergeTree
ORDER BY (community, posted_at);
