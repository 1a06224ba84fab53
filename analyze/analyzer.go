package analyze

// Config says how posts are analysed. The zero value is the default analyzer.
type Config struct {
	// Taxonomy is the YAML text of the taxonomy; empty means the taxonomy that ships with voc.
	Taxonomy []byte
	// TaxonomyName is how errors and Revision call it, usually its file name.
	TaxonomyName string
	// UserDictionary is added words, one a line: "word", or "word kind" with a kind of token.Kinds.
	UserDictionary []byte
	// MaxRunes is how much of a text is analysed; 0 means 10,000. Longer texts are flagged, not refused.
	MaxRunes int
}

// Analyzer holds the compiled rules. It is immutable and safe for concurrent use.
type Analyzer struct{ cfg Config }

// New compiles an analyzer. It loads the dictionary when the process has not done so yet (about 1.5 s).
func New(cfg Config) (*Analyzer, error) { return &Analyzer{cfg}, nil }

// Revision names engine, lexicon, taxonomy and dictionary: two analyzers with one revision give the same results.
func (a *Analyzer) Revision() string { return "stub" }

// Worker analyses posts with buffers of its own. Use one per goroutine.
type Worker struct{ a *Analyzer }

// NewWorker makes a worker.
func (a *Analyzer) NewWorker() *Worker { return &Worker{a} }

// Analyze overwrites out with what it finds in the post. It accepts any bytes and never fails.
func (w *Worker) Analyze(in Input, out *Result) {
	*out = Result{Sentiment: Neutral, Topics: out.Topics[:0], Intents: out.Intents[:0], Signals: out.Signals[:0], Flags: out.Flags[:0]}
}
