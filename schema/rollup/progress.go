package rollup

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"voc/schema"
)

// progressNowSQL is schema.ProgressStampsSQL for the last weeks that have as many posts, or had, while all that is read of the
// nine weeks stands ready. If some of it changes after this was asked, so does the stamp, and what was counted is never read.
func progressNowSQL(from int) string {
	return "SELECT community, week, stamp, age, calculated_at FROM (" + schema.ProgressStampsSQL("@") + ") WHERE (community, week) GLOBAL IN (" +
		fmt.Sprintf("SELECT community, week FROM @week_windows FINAL WHERE totals[1].posts >= %d", from) +
		" UNION ALL SELECT community, week FROM @progress_windows)" +
		" AND (community, week) GLOBAL NOT IN (SELECT community, addWeeks(week, n) FROM (" +
		"SELECT community, week FROM @questions_not_ready UNION ALL SELECT community, week FROM @writers_not_ready UNION ALL SELECT community, toMonday(day) FROM @days_not_ready" +
		") ARRAY JOIN range(" + strconv.Itoa(schema.ProgressWeeks+1) + ") AS n)"
}

// progressOpen is how many questions without a reply a row of progress_windows names.
const progressOpen = 100

// progressWeeksSQL writes what became of the questions of nine weeks until the end of the last of them: for each such week
// one statement that follows the questions, as the query question_weeks does, and one that completes the oldest of those without a reply.
func progressWeeksSQL(weeks []week) []string {
	var statements []string
	for _, w := range weeks {
		put := strings.NewReplacer(
			"{community}", quote(w.Community), "{calc}", strconv.FormatUint(w.calc, 10), "{open}", strconv.Itoa(progressOpen),
			"{sources}", date(w.Day.AddDate(0, 0, -2*7*schema.ProgressWeeks)), "{from}", date(w.Day.AddDate(0, 0, -7*schema.ProgressWeeks)),
			"{week}", date(w.Day), "{to}", date(w.Day.AddDate(0, 0, 6)))
		statements = append(statements, put.Replace(followSQL), put.Replace(completeSQL))
	}
	return statements
}

func date(day time.Time) string { return "toDate('" + day.Format(time.DateOnly) + "')" }

// followSQL is what dashboards/query asks for question_weeks, over whole weeks. The states are numbers: 0 without a reply, 1
// answered, 2 thanked, 3 resolved, 4 accepted.
const followSQL = `INSERT INTO @progress_windows (community, week, calc, weeks, waiting, open) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT
    {community}, {week}, {calc}, arraySort(groupArray(total)), sum(waiting),
    arrayMap(q -> (q.1, q.2, q.3, q.4, q.5, '', 0, 0), arraySlice(arraySort(groupArrayArray(first)), 1, {open}))
FROM
(
    SELECT
        (
            week, count(), countIf(status > 0), countIf(status > 1), countIf(status = 4), countIf(replied AND bitAnd(rank, 1) = 0), countIf(replied AND bitAnd(rank, 1) = 1),
            countIf(status > 1 AND NOT by_staff), countIf(hours <= 24), quantileExact(0.5)(hours), quantileExact(0.9)(hours)
        ) AS total,
        countIf(status = 0) AS waiting, groupArraySortedIf({open})((day, place, post, thread, author), status = 0) AS first
    FROM
    (
        SELECT
            q.week AS week, q.day AS day, q.place AS place, q.post AS post, q.thread AS thread, q.author AS author,
            least(q.first, if(r.post = 0, 9223372036854775807, r.first)) AS rank, rank < 9223372036854775807 AS replied, if(replied, bitShiftRight(rank, 24) / 3600000, NULL) AS hours,
            q.staff < 2147483647 OR r.staff AS by_staff,
            multiIf(
                q.accepted < 2147483647 OR r.accepted OR c.thread != 0 AND (c.one != q.author OR c.other != q.author), 4,
                q.resolved < 2147483647 OR r.resolved, 3,
                replied AND (q.thanked < 2147483647 OR r.thanked), 2,
                replied, 1,
                0) AS status
        FROM
        (
            SELECT week, day, place, post, thread, author, first, staff, resolved, thanked, accepted
            FROM @question_states_ready
            WHERE community = {community} AND week BETWEEN {from} AND {week}
                AND source GLOBAL IN (SELECT source FROM @source_daily WHERE community = {community} AND day BETWEEN {sources} AND {to} AND replies > 0)
        ) AS q
        LEFT JOIN
        (
            SELECT
                post, min(if(answer, bitShiftLeft(toUnixTimestamp64Milli(replied_at) - toUnixTimestamp64Milli(asked_at), 24) + 2 * place + bitAnd(trait, 1), 9223372036854775807)) AS first,
                max(answer AND bitAnd(trait, 1) > 0) AS staff, max(answer AND bitAnd(trait, 16) > 0) AS accepted, max(NOT answer AND bitAnd(trait, 128) > 0) AS resolved,
                max(NOT answer AND bitAnd(trait, 64) > 0) AS thanked
            FROM
            (
                SELECT a.post AS post, a.posted_at AS asked_at, f.posted_at AS replied_at, f.place AS place, f.trait AS trait, a.author != f.author AS answer
                FROM
                (
                    SELECT post, posted_at, thread, author FROM @question_states_ready WHERE community = {community} AND week BETWEEN {from} AND {week}
                ) AS a
                INNER JOIN
                (
                    SELECT thread, author, posted_at, place, traits AS trait
                    FROM @late_replies_ready
                    WHERE community = {community} AND week BETWEEN {from} AND {week}
                    UNION ALL
                    -- A week knows the replies only to questions that are a thread of their own.
                    SELECT thread, author, posted_at, place, trait
                    FROM @post_keys_ready
                    ARRAY JOIN at AS posted_at, authors AS author, threads AS thread, traits AS trait, places AS place
                    WHERE community = {community} AND day BETWEEN {from} AND {to} AND kind = 'reply'
                        AND thread GLOBAL IN (SELECT thread FROM @question_states_ready WHERE community = {community} AND week BETWEEN {from} AND {week} AND thread != post)
                ) AS f ON a.thread = f.thread
            )
            GROUP BY post
        ) AS r ON q.post = r.post
        LEFT JOIN
        (
            SELECT thread, min(author) AS one, max(author) AS other
            FROM @post_keys_ready
            ARRAY JOIN posts AS post, threads AS thread, authors AS author
            WHERE community = {community} AND day BETWEEN {from} AND {to} AND kind = 'reply'
                AND post GLOBAL IN (SELECT arrayJoin(posts) FROM @activity_keys_ready WHERE community = {community} AND kind = 'accepted' AND day BETWEEN {from} AND {to})
            GROUP BY thread
        ) AS c ON q.thread = c.thread
    )
    GROUP BY week
)`

// completeSQL writes the row again, with the ids of its questions, who of those who asked them came back, and the views that activity tells of.
const completeSQL = `INSERT INTO @progress_windows (community, week, calc, weeks, waiting, open) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT community, week, calc, any(weeks), any(waiting), arraySort(groupArrayIf((asked.1, asked.2, asked.3, asked.4, asked.5, p.post_id, c.thread != 0, toUInt64(greatest(0, v.n))), asked.3 != 0))
FROM
(
    SELECT community, week, calc, weeks, waiting, asked
    FROM @progress_windows FINAL
    LEFT ARRAY JOIN open AS asked
    WHERE community = {community} AND week = {week} AND calc = {calc}
) AS l
LEFT JOIN
(
    SELECT day, post_id, cityHash64(post_id) AS post
    FROM @posts
    WHERE community = {community} AND day GLOBAL IN (SELECT arrayJoin(open.day) FROM @progress_windows FINAL WHERE community = {community} AND week = {week})
) AS p ON asked.1 = p.day AND asked.3 = p.post
LEFT JOIN
(
    SELECT DISTINCT thread, author
    FROM @post_keys_ready
    ARRAY JOIN threads AS thread, authors AS author
    WHERE community = {community} AND day BETWEEN {from} AND {to} AND kind = 'reply'
        AND thread GLOBAL IN (SELECT arrayJoin(open.thread) FROM @progress_windows FINAL WHERE community = {community} AND week = {week})
) AS c ON asked.4 = c.thread AND asked.5 = c.author
LEFT JOIN
(
    SELECT post, sum(n) AS n
    FROM @activity_keys_ready
    ARRAY JOIN posts AS post, counts AS n
    WHERE community = {community} AND day BETWEEN {from} AND {to} AND kind = 'viewed'
        AND post GLOBAL IN (SELECT arrayJoin(open.post) FROM @progress_windows FINAL WHERE community = {community} AND week = {week})
    GROUP BY post
) AS v ON asked.3 = v.post
GROUP BY community, week, calc`
