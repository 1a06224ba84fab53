CREATE OR REPLACE VIEW {{database}}.attention_progress{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the last of nine ISO weeks; filter by it, it prunes',
    accounts Array(String) COMMENT 'Customer accounts, one for each reason to attend to one; empty for authors without one. All that follow are in this order',
    authors Array(String) COMMENT 'Authors without an account',
    whys Array(UInt8) COMMENT 'The reason: 1 unanswered_complaint, 2 open_question, 3 churn_signal, 4 negative_voice, 6 silent, as in the query attention_reasons. The fifth of these, detractor, is in surveys',
    posts Array(Array(String)) COMMENT 'Ids of the posts that are the reason, the newest first and at most 50',
    last Array(DateTime64(3, '{{zone}}')) COMMENT 'When the newest of them was written'
)
{{security}}
AS
SELECT community, week, accounts, authors, whys, posts, last
FROM {{database}}.attention_windows FINAL
WHERE (community, week) {{global}}NOT IN ({{changed_progress}})
COMMENT 'Who needs attention by the posts of nine weeks until the end of the last; one row for each last week of a large community. Only what stands ready: a week has no row while one of the nine, or of the eight before them, changed a moment ago'
