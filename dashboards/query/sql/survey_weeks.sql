-- name: survey_weeks
-- title: アンケートの週次推移
-- meaning: 週・アンケート・指標ごとの回答数と内訳。NPS は推奨者の割合 − 批判者の割合、CSAT は満足の割合。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
SELECT
    s.week AS week, toString(s.metric) AS metric, count() AS answers, countIf(s.category = 'promoter') AS promoters, countIf(s.category = 'passive') AS passives,
    countIf(s.category = 'detractor') AS detractors, countIf(s.category = 'satisfied') AS satisfied, uniqExactIf(s.account_id, s.account_id != '') AS accounts
FROM surveys AS s
WHERE s.community = {community:String} AND s.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
GROUP BY week, metric
ORDER BY week, metric
