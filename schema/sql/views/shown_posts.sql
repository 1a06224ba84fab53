CREATE OR REPLACE VIEW {{database}}.shown_posts{{ready}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day; filter by it, it prunes',
    post_id String COMMENT 'Id of the post, unique within the community',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    reply_to String COMMENT 'Post this one answers; empty for the first post of a thread',
    url String COMMENT 'Address of the post at its source',
    rating Float32 COMMENT 'Stars from 1 to 5; 0 when none were given',
    views UInt64 COMMENT 'How often the post was seen, as its source reported with this version',
    accepted Bool COMMENT 'True when the post was accepted as the answer',
    reactions Map(LowCardinality(String), UInt64) COMMENT 'Number of reactions by kind, as the source reported with this version',
    attributes Map(LowCardinality(String), String) COMMENT 'Segments and whatever else the source says: plan, touch_model, industry, ...',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the author in the community',
    account_id String COMMENT 'Customer account of the author; empty when not known',
    title String COMMENT 'Title, personal data masked',
    body String COMMENT 'Text, personal data masked',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    topics Array(LowCardinality(String)) COMMENT 'Topics the post says something about',
    intents Array(LowCardinality(String)) COMMENT 'What the author does, as in posts',
    flags Array(LowCardinality(String)) COMMENT 'Remarks of the pipeline, such as truncated_for_analysis',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer in analyzer_revisions',
    about Array(Tuple(topic LowCardinality(String), sentiment LowCardinality(String), score Float32)) COMMENT 'Topics with what is said about each, parents included, as the rows of post_topics',
    spans Array(Tuple(intent LowCardinality(String), field LowCardinality(String), start UInt32, end UInt32)) COMMENT 'Where the words are that made each intent, as in post_evidence',
    severe UInt8 COMMENT 'A sum: 1 among the severe posts of the week, and of these 2 with an observation of effort, 4 about a topic of at most 5 posts in the week, 8 not answered within the week'
)
{{security}}
AS
SELECT
    community, day, week, post_id, posted_at, source, channel, thread_id, reply_to, url, rating, views, accepted, reactions, attributes, author_id, author_role, author_level,
    account_id, title, body, sentiment, score, topics, intents, flags, analyzer_revision, about, spans, severe
FROM {{database}}.shown_windows FINAL
-- By their parts, since to read whole tuples takes twice as long.
ARRAY JOIN
    posts.day AS day, posts.post_id AS post_id, posts.posted_at AS posted_at, posts.source AS source, posts.channel AS channel, posts.thread_id AS thread_id, posts.reply_to AS reply_to,
    posts.url AS url, posts.rating AS rating, posts.views AS views, posts.accepted AS accepted, posts.reactions AS reactions, posts.attributes AS attributes,
    posts.author_id AS author_id, posts.author_role AS author_role, posts.author_level AS author_level, posts.account_id AS account_id, posts.title AS title, posts.body AS body,
    posts.sentiment AS sentiment, posts.score AS score, posts.topics AS topics, posts.intents AS intents, posts.flags AS flags, posts.analyzer_revision AS analyzer_revision,
    posts.about AS about, posts.spans AS spans, posts.severe AS severe
{{if counted}}-- Whole texts, so that none is read that was edited or deleted since.
WHERE (community, week) {{global}}NOT IN ({{changed_shown}})
{{end}}COMMENT '{{if not counted}}Also of weeks that changed a moment ago, for those who looked into shown_not_ready themselves: {{end}}Of large weeks, the posts that stand first in lists, whole: by topic and polarity the 40 that voice_candidates shows, by intent the 200 of intent_posts, and the 12 of severe_posts.{{if counted}} Only what stands ready, see shown_not_ready{{end}}'
