// Package event holds the JSON Schemas (draft 2020-12) of the events that voc reads from Kafka, for producers and
// their tests.
//
// The schemas say what a good event looks like; they decide nothing. The pipeline's own decoder, ingest/event, is the
// one that accepts or refuses, and it sees more: bytes that are not UTF-8, names given twice, times out of range and
// lengths in bytes. Both are held together by the examples in testdata, which each of them must judge alike.
package event

import (
	"embed"
	"fmt"
)

//go:embed *.schema.json
var files embed.FS

// Names are the events that have a schema: post, activity, account and survey.
func Names() []string { return []string{"post", "activity", "account", "survey"} }

// Schema returns the JSON Schema of the named event.
func Schema(name string) ([]byte, error) {
	b, err := files.ReadFile(name + ".schema.json")
	if err != nil {
		return nil, fmt.Errorf("there is no schema of %q; it must be one of %q: %w", name, Names(), err)
	}
	return b, nil
}
