-- Copies {from} to {from} + {n} - 1 of {copies} of everything that the sample's communities have, as the community {large}.
-- A copy k is laid 7·k weeks further within the year that begins on {year}, so that a text comes back to its week after
-- 52 copies only. One in twelve of the posts about prices is moved into the week {last}. The offsets of a partition have
-- no holes, and its times go up with them.
INSERT INTO account_facts
SELECT f.* REPLACE (concat(f.account_id, '-', toString(k)) AS account_id)
FROM base_accounts AS f
CROSS JOIN (SELECT number + {from:UInt64} AS k FROM numbers({n:UInt64}) WHERE k < 20) AS c;

INSERT INTO post_facts
WITH
    x -> if(x = '', '', concat(if(startsWith(x, 'survey/'), 'survey/', ''), lower(hex(cityHash64(replaceOne(x, 'survey/', ''), k))))) AS id,
    if(arrayExists(t -> startsWith(t, 'pricing'), f.topics.id) AND cityHash64(f.post_id, k, 'rise') % 12 = 0,
        toInt32({last:Date}) + (toInt32(f.day) - toInt32({first:Date})) % 7,
        toInt32({year:Date}) + (toInt32(f.day) - toInt32({first:Date}) + 49 * toInt32(k)) % 364) - toInt32(f.day) AS ahead
SELECT f.* REPLACE (
    {large:String} AS community, addDays(f.day, ahead) AS day, id(f.post_id) AS post_id, addDays(f.posted_at, ahead) AS posted_at,
    addDays(f.occurred_at, ahead) AS occurred_at, id(f.thread_id) AS thread_id, id(f.reply_to) AS reply_to,
    if(f.author_id = '', '', lower(hex(sipHash128(f.author_id, k)))) AS author_id,
    if(f.account_id = '', '', concat(f.account_id, '-', toString(k % 20))) AS account_id, f.kafka_offset + (k + 1) * e.messages AS kafka_offset)
FROM base_posts AS f
INNER JOIN base_ends AS e ON e.kafka_topic = f.kafka_topic AND e.kafka_partition = f.kafka_partition
CROSS JOIN (SELECT number + {from:UInt64} AS k FROM numbers({n:UInt64})) AS c;

INSERT INTO activity_facts
WITH
    x -> if(x = '', '', concat(if(startsWith(x, 'survey/'), 'survey/', ''), lower(hex(cityHash64(replaceOne(x, 'survey/', ''), k))))) AS id,
    toInt32({year:Date}) + (toInt32(f.day) - toInt32({first:Date}) + 49 * toInt32(k)) % 364 - toInt32(f.day) AS ahead
SELECT f.* REPLACE (
    {large:String} AS community, addDays(f.day, ahead) AS day, id(f.event_id) AS event_id, addDays(f.occurred_at, ahead) AS occurred_at, id(f.post_id) AS post_id,
    if(f.author_id = '', '', lower(hex(sipHash128(f.author_id, k)))) AS author_id, if(f.invited_by = '', '', lower(hex(sipHash128(f.invited_by, k)))) AS invited_by,
    if(f.account_id = '', '', concat(f.account_id, '-', toString(k % 20))) AS account_id, f.kafka_offset + (k + 1) * e.messages AS kafka_offset)
FROM base_activity AS f
INNER JOIN base_ends AS e ON e.kafka_topic = f.kafka_topic AND e.kafka_partition = f.kafka_partition
CROSS JOIN (SELECT number + {from:UInt64} AS k FROM numbers({n:UInt64})) AS c
WHERE f.day >= {first:Date};

INSERT INTO survey_facts
WITH
    x -> lower(hex(cityHash64(x, k))) AS id,
    toInt32({year:Date}) + (toInt32(f.day) - toInt32({first:Date}) + 49 * toInt32(k)) % 364 - toInt32(f.day) AS ahead
SELECT f.* REPLACE (
    {large:String} AS community, addDays(f.day, ahead) AS day, id(f.response_id) AS response_id, addDays(f.answered_at, ahead) AS answered_at,
    if(f.author_id = '', '', lower(hex(sipHash128(f.author_id, k)))) AS author_id,
    if(f.account_id = '', '', concat(f.account_id, '-', toString(k % 20))) AS account_id, f.kafka_offset + (k + 1) * e.messages AS kafka_offset)
FROM base_surveys AS f
INNER JOIN base_ends AS e ON e.kafka_topic = f.kafka_topic AND e.kafka_partition = f.kafka_partition
CROSS JOIN (SELECT number + {from:UInt64} AS k FROM numbers({n:UInt64})) AS c;

INSERT INTO record_outcomes
WITH x -> if(x = '', '', concat(if(startsWith(x, 'survey/'), 'survey/', ''), lower(hex(cityHash64(replaceOne(x, 'survey/', ''), k))))) AS id
SELECT f.* REPLACE (
    if(f.community = '', '', {large:String}) AS community, id(f.post_id) AS post_id, f.kafka_offset + (k + 1) * e.messages AS kafka_offset,
    fromUnixTimestamp64Milli(toInt64(1000 * (toUnixTimestamp(toDateTime({year:Date})) + 364 * 86400 * (k + f.kafka_offset / e.messages) / {copies:UInt64}))) AS record_time)
FROM base_records AS f
INNER JOIN base_ends AS e ON e.kafka_topic = f.kafka_topic AND e.kafka_partition = f.kafka_partition
CROSS JOIN (SELECT number + {from:UInt64} AS k FROM numbers({n:UInt64})) AS c;
