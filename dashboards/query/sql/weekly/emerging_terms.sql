-- when: toDayOfWeek({week:Date}) = 1 AND hasAll(['opinion_unit', 'entity'], {kinds:Array(String)})
WITH
-- A tuple, since servers of a cluster can be sent what it is made of but no array of tuples.
(SELECT (groupArray((kind, value, authors, past, tested, risen)), groupArrayIf((kind, value), risen)) FROM /*@emerging_values*/) AS chosen
SELECT t.kind AS kind, t.value AS value, s.posts AS posts, t.authors AS authors, t.past AS past, t.tested AS tested
FROM
(
    SELECT x.1 AS kind, x.2 AS value, x.3 AS authors, x.4 AS past, x.5 AS tested, x.6 AS risen FROM (SELECT arrayJoin(chosen.1) AS x)
) AS t
LEFT JOIN
(
    SELECT toString(kind) AS kind, value, posts
    FROM week_terms_ready
    WHERE community = {community:String} AND week = {week:Date} AND (kind, value) IN (SELECT x.1, x.2 FROM (SELECT arrayJoin(chosen.2) AS x))
) AS s ON s.kind = t.kind AND s.value = t.value
ORDER BY t.risen DESC, authors DESC, kind, value
