package stats

import "voc/analyze/similar"

// What is a light variation of the same text is decided by voc/analyze/similar, which the job that groups the stored
// posts uses too: a report and the views cannot disagree.
type (
	// DuplicateConfig rules what is a light variation of the same text.
	DuplicateConfig = similar.Config
	// Text is one post to be compared.
	Text = similar.Text
	// DuplicateGroup is one text in two or more variations.
	DuplicateGroup = similar.Group
	// Duplicates says which texts are variations of one another.
	Duplicates = similar.Groups
)

// DefaultDuplicateConfig leaves texts below 20 characters alone.
func DefaultDuplicateConfig() DuplicateConfig { return similar.DefaultConfig() }

// Deduplicate groups the near-duplicates among texts. A topic's deduplicated count is Duplicates.Unique of its posts.
func Deduplicate(cfg DuplicateConfig, texts []Text) (Duplicates, error) {
	return similar.Find(cfg, texts)
}
