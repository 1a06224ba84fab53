package schema

// BoardSQL is the SQL expression for the board of roles: kind, id, and the intents, topics or kinds of signals of which a
// post must have one. Each entry has entries of one sort only, so that a drill-down can ask for the same posts. Of signals
// the views look for emotion alone. A change needs a new number in StampSQL.
const BoardSQL = `[
    ('all', 'all', emptyArrayString(), emptyArrayString(), emptyArrayString()),
    ('role', 'feedback', ['request', 'complaint', 'bug', 'praise', 'churn_risk', 'upsell_signal'], [], []),
    ('role', 'qa', ['question', 'answer', 'resolution', 'level_question'], [], []),
    ('role', 'cases', ['success_story', 'tip', 'recommend', 'too_high'], [], []),
    ('role', 'network', ['wants_to_connect', 'greeting', 'empathy'], [], []),
    ('role', 'belonging', ['thanks', 'heard_in_community'], [], []),
    ('cx', 'functional', [], ['usability', 'feature', 'performance', 'reliability', 'design', 'quality', 'docs', 'onboarding', 'search', 'notification', 'mobile', 'integration', 'reporting'], []),
    ('cx', 'emotional', [], [], ['emotion']),
    ('co', 'used', ['tip', 'answer'], [], []),
    ('co', 'solved', ['resolution', 'success_story'], [], []),
    ('co', 'continuing', ['recommend', 'upsell_signal', 'churn_risk'], [], [])
]`
