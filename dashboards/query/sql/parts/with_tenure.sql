-- Joins posts p with the day j their author joined, if any of the segments asks for it.
LEFT JOIN
(
    SELECT author_key, joined_at FROM members WHERE community = {community:String}
) AS j ON cityHash64(p.author_id) = j.author_key
