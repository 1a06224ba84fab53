package eval

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
)

// VariantGroup is one concept and its writings.
type VariantGroup struct {
	ID      string   `json:"id"`
	Concept string   `json:"concept"`
	Forms   []string `json:"forms"`
	// Distinct are look-alikes that must not be taken for the concept.
	Distinct []string `json:"distinct,omitzero"`
}

// ReadVariants reads groups of writings as JSON Lines.
func ReadVariants(r io.Reader, name string) ([]VariantGroup, error) {
	var groups []VariantGroup
	err := eachLine(r, name, func(n int, line []byte) error {
		var g VariantGroup
		if err := json.Unmarshal(line, &g, json.RejectUnknownMembers(true)); err != nil {
			return fmt.Errorf("%s line %d: not a group of writings: %w", name, n, err)
		}
		if g.Concept == "" || len(g.Forms) < 2 {
			return fmt.Errorf("%s line %d: a group needs a concept and at least two forms", name, n)
		}
		groups = append(groups, g)
		return nil
	})
	return groups, err
}

// VariantReport is how many writings fall together as they should.
type VariantReport struct {
	// Groups have all their forms together and no distinct form among them.
	Groups Proportion `json:"groups"`
	// Forms agree with the key of their concept.
	Forms Proportion `json:"forms"`
	// Wrong lists what went wrong, one sentence each.
	Wrong []string `json:"wrong,omitzero"`
}

// ScoreVariants reduces every form with key, the analyzer's normalisation, and compares the keys with that of the concept.
func ScoreVariants(groups []VariantGroup, key func(string) string) VariantReport {
	var rep VariantReport
	whole, together, forms := 0, 0, 0
	for _, g := range groups {
		want, ok := key(g.Concept), true
		for _, f := range g.Forms {
			forms++
			if got := key(f); got != want {
				ok = false
				rep.Wrong = append(rep.Wrong, fmt.Sprintf("%s: %s becomes %q, not %q", g.ID, f, got, want))
				continue
			}
			together++
		}
		for _, d := range g.Distinct {
			if key(d) == want {
				ok = false
				rep.Wrong = append(rep.Wrong, fmt.Sprintf("%s: %s is taken for %s", g.ID, d, g.Concept))
			}
		}
		if ok {
			whole++
		}
	}
	rep.Groups, rep.Forms = NewProportion(whole, len(groups)), NewProportion(together, forms)
	return rep
}
