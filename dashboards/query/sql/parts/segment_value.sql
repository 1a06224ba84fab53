-- Value of segment k of a post p with segment_columns: what the post itself says, else what its account was when it was written, else ''.
multiIf(
    k = 'author_role', toString(p.author_role),
    k = 'author_level', toString(p.author_level),
    k = 'source', toString(p.source),
    k = 'channel', toString(p.channel),
    k = 'tenure', p.tenure,
    p.attributes[k] != '', p.attributes[k],
    p.account_says[k])
