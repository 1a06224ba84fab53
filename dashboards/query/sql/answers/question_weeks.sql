SELECT
    w.week AS week, w.questions AS questions, w.replied AS replied, w.solved AS solved, w.accepted AS accepted, w.first_peer AS first_peer, w.first_staff AS first_staff,
    w.solved_by_peers AS solved_by_peers, w.within_day AS within_day, w.median_hours AS median_hours, w.p90_hours AS p90_hours
FROM question_progress
ARRAY JOIN weeks AS w
WHERE community = {community:String} AND question_progress.week = toMonday({to:Date})
ORDER BY week
