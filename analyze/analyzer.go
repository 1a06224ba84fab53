// Package analyze tags Japanese posts: sentiment, topics with the sentiment about each, intents and further signals,
// every tag with the spans of the given text that made it.
//
// It owns the composition of the language packages below it and the shape of a result. It knows neither Kafka nor
// ClickHouse, keeps no state between posts, needs no network, and stores nothing. Its callers are ingest and the
// command line.
//
// An Analyzer is immutable and shared; each goroutine takes its own Worker. The same post, configuration and
// Revision give the same result on every machine.
package analyze

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"voc/analyze/emotion"
	"voc/analyze/entity"
	"voc/analyze/intent"
	"voc/analyze/lexicon"
	"voc/analyze/model"
	"voc/analyze/normalize"
	"voc/analyze/parse"
	"voc/analyze/pattern"
	"voc/analyze/sentiment"
	"voc/analyze/taxonomy"
	"voc/analyze/term"
	"voc/analyze/token"
	"voc/analyze/topic"
)

// EngineVersion is raised by every change of the rules in code that can change a tag.
const EngineVersion = "4"

// DefaultMaxRunes is how much of a text is analysed when Config does not say.
const DefaultMaxRunes = 10_000

// Config says how posts are analysed. The zero value is the default analyzer.
type Config struct {
	// Taxonomy is the YAML text of the taxonomy; empty means the taxonomy that ships with voc.
	Taxonomy []byte
	// TaxonomyName is how errors call it, usually its file name.
	TaxonomyName string
	// UserDictionary is added words, one a line: "word", or "word kind" with a kind of token.Kinds. Lines that begin
	// with # are comments.
	UserDictionary []byte
	// MaxRunes is how much of a text is analysed; 0 means DefaultMaxRunes. Longer texts are flagged, not refused.
	MaxRunes int
	// NoModel leaves the linear model out, so that the rules alone decide; Model replaces the one that ships with voc.
	NoModel bool
	Model   *model.Weights
	// Tokenizer is the engine that cuts texts into words; empty means token.Lattice. The tags do not depend on it.
	Tokenizer token.Engine
	// Dictionary replaces the IPA dictionary; nil means IPA.
	Dictionary *token.Dictionary
}

// Analyzer holds the compiled rules. It is immutable and safe for concurrent use.
type Analyzer struct {
	maxRunes int
	revision string
	file     *taxonomy.File
	tok      *token.Tokenizer
	parser   *parse.Parser
	lex      *lexicon.Lexicon
	opinions *sentiment.Engine
	topics   *topic.Engine
	intents  *intent.Engine
	emotions *emotion.Engine
	entities *entity.Engine
	terms    *term.Table
	norm     *normalize.Normalizer
	// learned is nil when the rules alone decide.
	learned *learned
	assoc   *model.Associations
}

// New compiles an analyzer. It loads the dictionary when the process has not done so yet (about 1.5 s).
func New(cfg Config) (*Analyzer, error) {
	if cfg.MaxRunes < 0 {
		return nil, fmt.Errorf("analyze: MaxRunes is %d; give 0 for the default or a positive number", cfg.MaxRunes)
	}
	if cfg.MaxRunes == 0 {
		cfg.MaxRunes = DefaultMaxRunes
	}
	if len(cfg.Taxonomy) == 0 {
		cfg.Taxonomy, cfg.TaxonomyName = taxonomy.Default, "default.yaml"
	}
	file, err := taxonomy.Parse(cfg.TaxonomyName, cfg.Taxonomy)
	if err != nil {
		return nil, err
	}
	lex, err := lexicon.Load()
	if err != nil {
		return nil, err
	}
	words, err := addedWords(lex, file, cfg.UserDictionary)
	if err != nil {
		return nil, err
	}
	dict := cfg.Dictionary
	if dict == nil {
		if dict, err = token.IPA(); err != nil {
			return nil, err
		}
	}
	tok, err := token.New(dict, words)
	if err != nil {
		return nil, err
	}
	if tok, err = tok.WithEngine(cfg.Tokenizer); err != nil {
		return nil, err
	}
	a := &Analyzer{maxRunes: cfg.MaxRunes, file: file, lex: lex}
	if !cfg.NoModel {
		if cfg.Model == nil {
			if cfg.Model, err = model.Default(); err != nil {
				return nil, err
			}
		}
		if a.learned, err = newLearned(cfg.Model, file); err != nil {
			return nil, fmt.Errorf("taxonomy %s: %w", cfg.TaxonomyName, err)
		}
	}
	a.revision = revision(lex, cfg, dict)
	norm := normalize.New(lex.Variants())
	if a.assoc, err = model.LoadAssociations(norm.Fold); err != nil {
		return nil, err
	}
	cutter := tok.NewWorker()
	b := pattern.NewBuilder(norm.Fold, func(s string) []token.Token { return cutter.Append(nil, s, 0) })
	if err := lex.Compile(b); err != nil {
		return nil, err
	}
	topics, err := taxonomy.Compile(file.Topics, b)
	if err != nil {
		return nil, fmt.Errorf("taxonomy %s: topics: %w", cfg.TaxonomyName, err)
	}
	intents, err := taxonomy.Compile(file.Intents, b)
	if err != nil {
		return nil, fmt.Errorf("taxonomy %s: intents: %w", cfg.TaxonomyName, err)
	}
	entities, err := entity.Compile(file.Entities, b)
	if err != nil {
		return nil, fmt.Errorf("taxonomy %s: %w", cfg.TaxonomyName, err)
	}
	set := b.Build()
	lex.Finish(set.Len())
	a.tok = tok
	a.parser = parse.New(norm, tok, set)
	a.opinions = sentiment.New(lex)
	a.topics = topic.New(topics)
	a.intents = intent.New(intents, lex)
	a.entities = entities
	a.terms = term.New(norm.Fold, reader(tok), lex.Same())
	a.norm = norm
	if a.emotions, err = emotion.New(lex); err != nil {
		return nil, err
	}
	return a, nil
}

// addedWords are the words of the lexicon, the taxonomy and the user dictionary.
func addedWords(lex *lexicon.Lexicon, file *taxonomy.File, user []byte) ([]token.Word, error) {
	words := append([]token.Word(nil), lex.Words()...)
	words = append(words, entity.Words(file.Entities)...)
	for _, line := range file.Words {
		w, err := taxonomy.ParseWord(line)
		if err != nil {
			return nil, err
		}
		words = append(words, w)
	}
	sc := bufio.NewScanner(bytes.NewReader(user))
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		w, err := taxonomy.ParseWord(line)
		if err != nil {
			return nil, fmt.Errorf("user dictionary line %d: %w", n, err)
		}
		words = append(words, w)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("user dictionary: %w", err)
	}
	fold := normalize.New(nil)
	for i := range words {
		words[i].Text = fold.Fold(words[i].Text)
	}
	return words, nil
}

func revision(lex *lexicon.Lexicon, cfg Config, dict *token.Dictionary) string {
	h := sha256.New()
	weights := "none"
	if !cfg.NoModel {
		weights = cfg.Model.Hash()
	}
	for _, part := range []string{EngineVersion, lex.Hash(), string(cfg.Taxonomy), string(cfg.UserDictionary), dict.Name(), fmt.Sprint(cfg.MaxRunes), weights} {
		fmt.Fprintf(h, "%d:%s;", len(part), part)
	}
	return "e" + EngineVersion + "-" + hex.EncodeToString(h.Sum(nil))[:12]
}

// Tokenizer returns the tokenizer of the posts, with the words of lexicon, taxonomy and user dictionary added.
func (a *Analyzer) Tokenizer() *token.Tokenizer { return a.tok }

// Revision names engine, lexicon, taxonomy and dictionary: two analyzers with one revision give the same results.
func (a *Analyzer) Revision() string { return a.revision }

// Taxonomy is the taxonomy in use. It must not be changed.
func (a *Analyzer) Taxonomy() *taxonomy.File { return a.file }

// RulesAlone is the analyzer without the linear model, for those who try out rules. It shares everything else.
func (a *Analyzer) RulesAlone() *Analyzer {
	b := *a
	b.learned = nil
	return &b
}
