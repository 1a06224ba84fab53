CREATE OR REPLACE VIEW {{database}}.metrics{{on_cluster}}
(
    id String COMMENT 'Id of the metric, stable',
    name String COMMENT 'Japanese name',
    meaning String COMMENT 'What it counts, in Japanese',
    unit String COMMENT 'Unit in Japanese: 件, 人, 社, ポイント, ...',
    view String COMMENT 'Contract view it is taken from',
    expression String COMMENT 'Aggregate expression over rows of that view; the one definition of the metric',
    sql String COMMENT 'Query that gives it by community for the days from to to, inclusive, as parameters of type Date'
)
{{security}}
AS
SELECT m.1 AS id, m.2 AS name, m.3 AS meaning, m.4 AS unit, m.5 AS view, m.6 AS expression, m.7 AS sql
FROM
(
    SELECT arrayJoin([
{{metrics}}
    ]) AS m
)
COMMENT 'Definition of every metric; reports, pages and dashboards use these and no others';
