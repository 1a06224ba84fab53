package main

import (
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"voc/analyze"
	"voc/cmd/internal/config"
	"voc/ingest/mask"
	"voc/ingest/privacy"
)

// processing is what turns a record's text into what is stored: first masked, then tagged.
type processing struct {
	key      config.Secret
	former   [][]byte
	analyzer *analyze.Analyzer
	masker   *mask.Masker
	// live is the guard made last; the one that takes its place counts on with its counters.
	live *privacy.Guard
}

func newProcessing(c config.Config) (*processing, error) {
	if c.Privacy.Key == "" {
		return nil, usageError{errors.New("privacy.key is not set; give it by VOC_PRIVACY_KEY or privacy.key_file, for example the output of `openssl rand -hex 32`")}
	}
	an, err := newAnalyzer(c.Analyze)
	if err != nil {
		return nil, err
	}
	m, err := mask.New(mask.Config{
		Key: mask.Key(c.Privacy.Key), Off: c.Privacy.Off, Allow: c.Privacy.Allow, AllowDomains: c.Privacy.AllowDomains,
	}, mask.NewDictionaryNames(an.Tokenizer()))
	if err != nil {
		return nil, usageError{fmt.Errorf("privacy: %w", err)}
	}
	an.Tokenizer().Dictionary().Release() // nothing here asks kagome what its tokens are
	return &processing{key: c.Privacy.Key, former: c.Privacy.Former(), analyzer: an, masker: m}, nil
}

// revision names everything that the stored texts and tags depend on.
func (p *processing) revision() string { return p.analyzer.Revision() + p.masked() }

// masked is the part of the revision that the stored texts depend on, which is its end.
func (p *processing) masked() string { return "+" + p.masker.Revision() }

// guard hides persons from everything behind it.
func (p *processing) guard(reg prometheus.Registerer) (*privacy.Guard, error) {
	g, err := privacy.NewWithMasker([]byte(p.key), p.masker, reg)
	if err == nil {
		p.live = g.WithFormer(p.former...)
	}
	return g, err
}
