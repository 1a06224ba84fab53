package report

import "slices"

// Report is one week of one community, ready to be printed. It is plain data: everything a renderer shows is in here.
type Report struct {
	Format     int       `json:"format"` // of this structure; 1
	Title      string    `json:"title"`
	Community  string    `json:"community"`
	Week       string    `json:"week"` // 2026-W46
	From       string    `json:"from"`
	To         string    `json:"to"`
	Period     string    `json:"period"`               // in Japanese
	CreatedAt  string    `json:"created_at,omitempty"` // as Options.Now says
	Purpose    string    `json:"purpose"`
	Conditions []Fact    `json:"conditions"` // what the numbers rest on: scope and denominators
	Highlights []Line    `json:"highlights"`
	Sections   []Section `json:"sections"`
	Sources    []Source  `json:"sources"`
}

// Fact is a labelled line.
type Fact struct {
	Label string `json:"label"`
	Line  Line   `json:"line"`
}

// Section is one chapter.
type Section struct {
	ID     string  `json:"id"` // stable, also the anchor
	Title  string  `json:"title"`
	Lead   Line    `json:"lead,omitempty"` // what the chapter answers, with its main number
	Blocks []Block `json:"blocks"`
}

// Block is one thing on the page; exactly one of its contents is set.
type Block struct {
	ID    string     `json:"id"`
	Title string     `json:"title,omitempty"`
	Note  string     `json:"note,omitempty"` // how to read it
	Text  []Line     `json:"text,omitempty"` // a list of sentences
	Tiles []Tile     `json:"tiles,omitempty"`
	Table *Table     `json:"table,omitempty"`
	Chart *Chart     `json:"chart,omitempty"`
	Posts []PostCard `json:"posts,omitempty"`
	Story *Story     `json:"story,omitempty"`
	Empty string     `json:"empty,omitempty"` // said instead, when there is nothing to show
	// Sources are the ids of the queries that the block rests on.
	Sources []string `json:"sources,omitempty"`
}

// Line is a run of text.
type Line []Span

// Span is a piece of text, or a figure.
type Span struct {
	Text   string   `json:"text"`
	Value  *float64 `json:"value,omitempty"`  // of a figure
	Source string   `json:"source,omitempty"` // id of the query a figure comes from
	Posts  string   `json:"posts,omitempty"`  // address of the posts a figure counts, below the web pages' address
	Anchor string   `json:"anchor,omitempty"` // place in this report
	Tone   Tone     `json:"tone,omitempty"`
}

// Tone says how a piece of text is meant; it is never told by colour alone.
type Tone string

// The tones.
const (
	ToneStrong   Tone = "strong"
	ToneQuiet    Tone = "quiet"
	ToneGood     Tone = "good"
	ToneBad      Tone = "bad"
	ToneMark     Tone = "mark"     // words that are evidence of a tag
	ToneMarkGood Tone = "markgood" // of something positive
	ToneMarkBad  Tone = "markbad"  // of something negative
)

// Tile is a key figure.
type Tile struct {
	Label  string    `json:"label"`
	Figure Span      `json:"figure"`
	Change Line      `json:"change,omitempty"` // against last week and the mean
	Trend  []float64 `json:"trend,omitempty"`  // oldest first, the figure's week last
}

// Table has cells by column key.
type Table struct {
	Columns []Column `json:"columns"`
	Rows    []Row    `json:"rows"`
	// More says what is left out, if anything.
	More string `json:"more,omitempty"`
}

// Head is the column that names a row: the first that is no number.
func (t Table) Head() int {
	return max(0, slices.IndexFunc(t.Columns, func(c Column) bool { return c.Kind != "number" }))
}

// Column of a table.
type Column struct {
	Key   string `json:"key"` // stable
	Title string `json:"title"`
	Kind  string `json:"kind"` // text, label (short text on one line), number or bar
	Help  string `json:"help,omitempty"`
}

// Row of a table; cells are in the order of the columns.
type Row struct {
	Cells []Cell `json:"cells"`
}

// Cell of a table.
type Cell struct {
	Line  Line      `json:"line,omitempty"`
	Sub   Line      `json:"sub,omitempty"` // smaller, below
	Bar   *Polarity `json:"bar,omitempty"`
	Range *Range    `json:"range,omitempty"`
}

// Polarity is a bar of four parts.
type Polarity struct {
	Positive uint64 `json:"positive"`
	Mixed    uint64 `json:"mixed"`
	Neutral  uint64 `json:"neutral"`
	Negative uint64 `json:"negative"`
}

// Total is the length of the bar.
func (p Polarity) Total() uint64 { return p.Positive + p.Mixed + p.Neutral + p.Negative }

// Range is a share with its interval, drawn on a scale up to Max.
type Range struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Max   float64 `json:"max"`
}

// Chart is drawn as inline SVG by the HTML renderer and written as a table by the others.
type Chart struct {
	Kind   ChartKind `json:"kind"`
	Labels []string  `json:"labels"` // of the x axis
	Rows   []string  `json:"rows,omitempty"`
	Series []Series  `json:"series"` // of a heat map: one a row
	Unit   string    `json:"unit"`
	// Marked is the index of the label that the report speaks of, −1 for none.
	Marked int    `json:"marked"`
	Alt    string `json:"alt"` // says in words what the picture shows
	// Narrow is set for a chart that stands beside text.
	Narrow bool `json:"narrow,omitempty"`
}

// ChartKind is how a chart is drawn.
type ChartKind string

// The kinds of charts.
const (
	ChartStack ChartKind = "stack" // columns whose parts add up
	ChartHeat  ChartKind = "heat"  // a grid of shades
)

// Series of a chart.
type Series struct {
	Name   string    `json:"name"`
	Tone   string    `json:"tone"` // positive, mixed, neutral, negative or main
	Values []float64 `json:"values"`
	Posts  []string  `json:"posts,omitempty"`
}

// PostCard is a post as it is shown.
type PostCard struct {
	PostID string   `json:"post_id"`
	Meta   []string `json:"meta"` // day, channel, role, segments
	Title  string   `json:"title,omitempty"`
	Body   Line     `json:"body"` // evidence marked, cut when long
	Tags   []string `json:"tags,omitempty"`
	Why    Line     `json:"why,omitempty"` // why it is shown here
	Posts  string   `json:"posts"`
	URL    string   `json:"url,omitempty"`
}

// Story is one change with its chain: what, for whom, when, and what probably caused it.
type Story struct {
	Topic string     `json:"topic"`
	Title Line       `json:"title"`
	Up    bool       `json:"up"`
	Bad   bool       `json:"bad"` // more of something negative, or less of something positive
	Chain []Fact     `json:"chain"`
	Chart *Chart     `json:"chart,omitempty"`
	Posts []PostCard `json:"posts,omitempty"`
}

// Source is one query that was asked for this report.
type Source struct {
	ID     string `json:"id"` // S1, S2, …
	Query  string `json:"query"`
	Title  string `json:"title"`
	Params []Fact `json:"params"`
	SQL    string `json:"sql"`
}
