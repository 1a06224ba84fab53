package parse

import "strings"

var linkNames = [...]string{"none", "contrast", "concede", "cause", "condition", "list"}

// String is the link's name, for people who write rules.
func (l Link) String() string { return linkNames[l] }

var kindNames = [...]string{"nominal", "verbal", "adjectival", "na-adjectival", "modifier", "connective", "exclaim", "mark"}

// String is the kind's name.
func (k Kind) String() string { return kindNames[k] }

var modNames = [...]string{"negated", "double-negated", "partial", "not-only", "past", "desire", "want", "receive", "please",
	"potential", "passive", "causative", "regret", "excess", "hard", "easy", "appear", "hearsay", "guess", "question",
	"imperative", "conditional", "change", "obligation", "concession", "progressive", "invite", "attributive", "adverbial",
	"only", "too-much", "doubt", "attempt", "thought", "final", "mistaken", "tag", "certain"}

// String lists the modifications by name.
func (m Mod) String() string {
	var out []string
	for i, name := range modNames {
		if m&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return strings.Join(out, ",")
}

// ModNames are the names of all modifications, in the order of their bits.
func ModNames() []string { return append([]string(nil), modNames[:]...) }
