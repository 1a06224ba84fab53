package analyze

// Sentiment is the polarity of a post, of one of its topics or of a clause.
type Sentiment string

// The four polarities. Mixed means that a text has clearly positive and clearly negative parts.
const (
	Positive Sentiment = "positive"
	Negative Sentiment = "negative"
	Neutral  Sentiment = "neutral"
	Mixed    Sentiment = "mixed"
)

// Field names which text of a post an evidence span points into.
type Field string

// The analysed fields of a post. The zero value of Evidence.Field is FieldBody.
const (
	FieldBody  Field = ""
	FieldTitle Field = "title"
)

// Evidence is one span of the given text that made a rule fire.
// Start and End are rune offsets into the field as it was given, before any normalisation; End is exclusive.
type Evidence struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
	Rule  string `json:"rule"`
	Field Field  `json:"field,omitempty"`
}

// Topic is a topic the post says something about, with the polarity of what it says about that topic.
// Score is in [-1, 1].
type Topic struct {
	ID        string     `json:"id"`
	Sentiment Sentiment  `json:"sentiment"`
	Score     float64    `json:"score"`
	Evidence  []Evidence `json:"evidence"`
}

// Intent is what the writer does with the post: ask, request, complain, praise and so on.
type Intent struct {
	ID       string     `json:"id"`
	Evidence []Evidence `json:"evidence"`
}

// Signal is a further observation that is neither a topic, a polarity nor an intent: an emotion, effort, an
// opinion unit, an entity or an outcome number. Kind names which; Value is its normalised form.
type Signal struct {
	Kind     string     `json:"kind"`
	Value    string     `json:"value"`
	Evidence []Evidence `json:"evidence"`
}

// The flags of a result.
const (
	// FlagTruncated says that the text was longer than the analysis limit and only its beginning was analysed.
	FlagTruncated = "truncated_for_analysis"
	// FlagInvalidUTF8 says that the text held bytes that are not UTF-8; they were read as U+FFFD.
	FlagInvalidUTF8 = "invalid_utf8"
)

// Input is the text to analyse and what is known about it. Only Body is needed.
type Input struct {
	Title string
	Body  string
	// IsReply says that the post answers another one, which is a hint for the intents answer and thanks.
	IsReply bool
	// AuthorRole is member, leader, staff, partner or outsider; empty when not known.
	AuthorRole string
}

// Result is everything that Analyze found in one post. A Result can be reused: Analyze overwrites it.
type Result struct {
	Sentiment Sentiment `json:"sentiment"`
	// Score is the strength of the polarity, in [-1, 1].
	Score float64 `json:"score"`
	// Evidence are the spans that decided the polarity of the whole post.
	Evidence []Evidence `json:"evidence,omitempty"`
	Topics   []Topic    `json:"topics"`
	Intents  []Intent   `json:"intents"`
	Signals  []Signal   `json:"signals,omitempty"`
	Flags    []string   `json:"flags"`
}
