// Package gold holds the labelled battery that the analyzer is measured on, and the floors that a build must reach. It
// holds data only; GUIDE.md says how the labels were decided. Tests import it; no shipped program does.
package gold

import "embed"

// Files holds the labelled files (*.jsonl) and floors.yaml. test.jsonl and the *.test.jsonl files stay unread while rules
// are written: a test may print their figures, never their posts.
//
//go:embed *.jsonl floors.yaml
var Files embed.FS
