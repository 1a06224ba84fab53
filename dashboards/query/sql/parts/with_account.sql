-- Joins posts p with the state h that their account had when they were written.
ASOF LEFT JOIN account_history AS h ON p.account_id = h.account_id AND p.posted_at >= h.valid_from
