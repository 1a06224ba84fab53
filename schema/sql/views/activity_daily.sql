CREATE OR REPLACE VIEW {{database}}.activity_daily{{on_cluster}}
(
    day Date COMMENT 'Calendar day in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    event LowCardinality(String) COMMENT 'viewed, reacted, accepted, joined, login or point',
    hour UInt8 COMMENT 'Hour from 0 to 23 in the calendar''s zone',
    author_role LowCardinality(String) COMMENT 'Role of who did it: member, leader, staff, partner, outsider or empty',
    events UInt64 COMMENT 'Number of events',
    count Int64 COMMENT 'How many times it happened; for point the points, which may be negative',
    member_keys Array(UInt64) COMMENT 'Keys of who did it, cityHash64(author_id), to count them over several rows'
)
{{security}}
AS
SELECT
    day, toMonday(day) AS week, community, c.event AS event, c.hour AS hour, c.author_role AS author_role, c.events AS events, c.count AS count, c.members AS member_keys
FROM {{database}}.day_windows FINAL
ARRAY JOIN activity AS c
COMMENT 'What members did that is not a post, by day, event, hour and role; one row for each combination that there is'
