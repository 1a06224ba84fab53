package mask

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"voc/analyze/token"
)

// ipaNames is the name finder over the IPA dictionary, loaded once for the test binary.
var ipaNames = sync.OnceValues(func() (NameFinder, error) {
	d, err := token.IPA()
	if err != nil {
		return nil, err
	}
	t, err := token.New(d, nil)
	if err != nil {
		return nil, err
	}
	return NewDictionaryNames(t), nil
})

func testKey() Key { return Key("a key for tests only, 32 bytes..") }

func newTestWorker(t testing.TB, change func(*Config)) *Worker {
	t.Helper()
	names, err := ipaNames()
	if err != nil {
		t.Fatal(err)
	}
	cfg := DefaultConfig()
	cfg.Key = testKey()
	if change != nil {
		change(&cfg)
	}
	m, err := New(cfg, names)
	if err != nil {
		t.Fatal(err)
	}
	return m.NewWorker()
}

// sentence is one line of the battery.
type sentence struct {
	ID     string `json:"id"`
	Group  string `json:"group"`
	Marked string `json:"marked"`
}

// span is a marked part of a sentence, in bytes.
type span struct {
	kind       Kind
	start, end int
}

var tag = regexp.MustCompile(`<(/?)(mail|phone|postal|address|card|mynumber|number|secret|mention|account|ip|name)>`)

// parse takes the tags out of a marked sentence.
func (s sentence) parse(t testing.TB) (string, []span) {
	t.Helper()
	var text strings.Builder
	var spans []span
	at, open := 0, -1
	for _, m := range tag.FindAllStringSubmatchIndex(s.Marked, -1) {
		text.WriteString(s.Marked[at:m[0]])
		at = m[1]
		kind, err := ParseKind(s.Marked[m[4]:m[5]])
		if err != nil {
			t.Fatal(err)
		}
		if closing := m[2] != m[3]; closing {
			if open < 0 {
				t.Fatalf("%s: a tag is closed that was not opened", s.ID)
			}
			spans = append(spans, span{kind, open, text.Len()})
			open = -1
			continue
		}
		open = text.Len()
	}
	text.WriteString(s.Marked[at:])
	return text.String(), spans
}

func readBattery(t testing.TB, name string) []sentence {
	t.Helper()
	f, err := os.Open("testdata/battery/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []sentence
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var s sentence
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, s)
	}
	return out
}

// tally counts the outcome for one kind. A marked part is found when a mask of its kind lies over it and no letter of
// it is left; a mask is right when it overlaps a marked part of its kind.
type tally struct {
	marked, found, exact, masks, right int
}

func (c tally) recall() float64    { return ratio(c.found, c.marked) }
func (c tally) precision() float64 { return ratio(c.right, c.masks) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func (c *tally) add(o tally) {
	c.marked += o.marked
	c.found += o.found
	c.exact += o.exact
	c.masks += o.masks
	c.right += o.right
}

// score runs the masker over a battery file. misses lists every wrong sentence.
func score(t testing.TB, w *Worker, name string) (out [kinds]tally, misses []string) {
	for _, s := range readBattery(t, name) {
		text, spans := s.parse(t)
		masked, _ := w.Mask(text)
		hits := w.Hits(nil)
		wrong := false
		for _, p := range spans {
			c := &out[p.kind]
			c.marked++
			kind, exact, at := false, false, p.start
			for _, h := range hits {
				if h.Start < p.end && p.start < h.End {
					kind = kind || h.Kind == p.kind
					exact = exact || h.Kind == p.kind && h.Start == p.start && h.End == p.end
					if h.Start <= at {
						at = max(at, h.End)
					}
				}
			}
			if kind && at >= p.end {
				c.found++
			} else {
				wrong = true
			}
			if exact {
				c.exact++
			}
		}
		for _, h := range hits {
			c := &out[h.Kind]
			c.masks++
			right := false
			for _, p := range spans {
				right = right || p.kind == h.Kind && h.Start < p.end && p.start < h.End
			}
			if right {
				c.right++
			} else {
				wrong = true
			}
		}
		if wrong {
			misses = append(misses, fmt.Sprintf("%s\t%s\t->\t%s", s.ID, s.Marked, masked))
		}
	}
	return out, misses
}

func TestBattery(t *testing.T) {
	floors := map[string]struct{ patterns, names, precision float64 }{
		"dev.jsonl":   {0.98, 0.90, 0.95},
		"test.jsonl":  {0.98, 0.90, 0.95},
		"fresh.jsonl": {0.98, 0.90, 0.95},
	}
	for name, floor := range floors {
		t.Run(name, func(t *testing.T) {
			result, misses := score(t, newTestWorker(t, nil), name)
			var patterns, all tally
			for k, c := range result {
				t.Logf("%-9s marked %3d recall %.3f exact %.3f   masks %3d precision %.3f", Kind(k), c.marked, c.recall(), ratio(c.exact, c.marked), c.masks, c.precision())
				all.add(c)
				if Kind(k) != Name {
					patterns.add(c)
				}
			}
			t.Logf("patterns  recall %.3f precision %.3f (%d marked); all recall %.3f precision %.3f", patterns.recall(), patterns.precision(), patterns.marked, all.recall(), all.precision())
			for _, m := range misses {
				t.Log(m)
			}
			if r := patterns.recall(); r < floor.patterns {
				t.Errorf("recall of patterns is %.3f, must be at least %.2f", r, floor.patterns)
			}
			if r := result[Name].recall(); r < floor.names {
				t.Errorf("recall of names is %.3f, must be at least %.2f", r, floor.names)
			}
			for label, c := range map[string]tally{"patterns": patterns, "names": result[Name]} {
				if p := c.precision(); p < floor.precision {
					t.Errorf("precision of %s is %.3f, must be at least %.2f", label, p, floor.precision)
				}
			}
		})
	}
}
