-- What segment_value needs of a post p, its account h and its author's first day j.
if(h.valid_to > p.posted_at, h.attributes, map()) AS account_says,
multiIf(
    toUnixTimestamp64Milli(j.joined_at) = 0 OR j.joined_at > p.posted_at, '',
    p.posted_at < j.joined_at + INTERVAL 30 DAY, '0-29d',
    p.posted_at < j.joined_at + INTERVAL 90 DAY, '30-89d',
    p.posted_at < j.joined_at + INTERVAL 365 DAY, '90-364d',
    '365d+') AS tenure
