-- Value of segment k of a post p: what the post itself says, else what its account h was when it was written, else ''.
multiIf(
    k = 'author_role', toString(p.author_role),
    k = 'author_level', toString(p.author_level),
    k = 'source', toString(p.source),
    k = 'channel', toString(p.channel),
    k = 'tenure', multiIf(
        toUnixTimestamp64Milli(j.joined_at) = 0 OR j.joined_at > p.posted_at, '',
        p.posted_at < j.joined_at + INTERVAL 30 DAY, '0-29d',
        p.posted_at < j.joined_at + INTERVAL 90 DAY, '30-89d',
        p.posted_at < j.joined_at + INTERVAL 365 DAY, '90-364d',
        '365d+'),
    p.attributes[k] != '', p.attributes[k],
    h.valid_to > p.posted_at, h.attributes[k],
    '')
