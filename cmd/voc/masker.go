package main

import (
	"voc/cmd/internal/config"
	"voc/ingest"
	"voc/ingest/privacy"
)

// newMasker makes what hides persons, with the configured key.
func newMasker(c config.Privacy) (ingest.Masker, error) {
	return privacy.New([]byte(c.Key))
}
