package sample

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// anyDraw is a source of draws for tests in which any draw will do.
func anyDraw() *rand.Rand { return rand.New(rand.NewPCG(0, 0)) }

func TestPhrase(t *testing.T) {
	p, err := parsePhrase("[朝|昼[前|過ぎ]]に{who}が来た\\nよ")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	r := anyDraw()
	for range 200 {
		got[p.render(r, map[string]string{"who": "猫"})] = true
	}
	for _, want := range []string{"朝に猫が来た\nよ", "昼前に猫が来た\nよ", "昼過ぎに猫が来た\nよ"} {
		if !got[want] {
			t.Errorf("never %q", want)
		}
	}
	if len(got) != 3 || p.wordings() != 3 {
		t.Errorf("%d texts, %d wordings; want 3", len(got), p.wordings())
	}
}

func TestMaterialErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"open bracket":   {"== a ch=x\n> [x|y", "line 2"},
		"close bracket":  {"== a ch=x\n> x]y", "line 2"},
		"loose bar":      {"== a ch=x\n> x|y", "outside of brackets"},
		"empty slot":     {"== a ch=x\n> {}", "slot name"},
		"unknown slot":   {"== a ch=x\n> {nobody}", "{nobody}"},
		"no texts":       {"== a ch=x\n", "must have texts"},
		"reply no texts": {"== a ch=x\n> x\n@ peer .5\n", "must have texts"},
		"no channel":     {"== a\n> x", "channel"},
		"twice":          {"== a ch=x\n> x\n== a ch=x\n> y", "twice"},
		"option":         {"== a ch=x colour=red\n> x", "colour"},
		"who":            {"== a ch=x\n> x\n@ cat .5\n> y", "cat"},
		"probability":    {"== a ch=x\n> x\n@ peer 3\n> y", "between 0 and 1"},
		"before script":  {"> x", "must begin with =="},
		"kind":           {"== a ch=x\n>q x", "no kind of line"},
		"range":          {"== a ch=x\nvar n: 9..3\n> {n}", "end before it begins"},
		"aspect":         {"== a ch=x\n> #A x", "letters a to z"},
	} {
		lib := &library{scripts: map[string]*script{}}
		if err := lib.read("file.txt", strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want one with %q", name, err, c.want)
		}
	}
}

func TestAspectsKeepAnswersToTheirQuestions(t *testing.T) {
	a, b := aspects(1), aspects(2)
	for _, c := range []struct {
		ctx, need, give, after aspects
		ok                     bool
	}{
		{0, 0, 0, 0, true},
		{0, a, 0, a, true},
		{a | b, a, 0, a, true},
		{a, b, 0, 0, false},
		{a, 0, b, a | b, true},
		{a, a, b, a | b, true},
	} {
		x := &text{need: c.need, give: c.give}
		if after, ok := x.follow(c.ctx); ok != c.ok || (ok && after != c.after) {
			t.Errorf("follow(%b) of %b+%b = %b, %v; want %b, %v", c.ctx, c.need, c.give, after, ok, c.after, c.ok)
		}
	}
}

func TestHalfKana(t *testing.T) {
	if got := halfKana("ムスビラのバグ、すごーい"); got != "ﾑｽﾋﾞﾗのﾊﾞｸﾞ、すごｰい" {
		t.Errorf("halfKana gave %q", got)
	}
}

func FuzzMaterial(f *testing.F) {
	f.Add("== a ch=x act=question\nvar n: 1..3\nT 題\n> [あ|い]{n}\n@ peer .5 accept wait=2d\n>c #ab +c う\n")
	f.Fuzz(func(t *testing.T, s string) {
		lib := &library{scripts: map[string]*script{}}
		if err := lib.read("fuzz", strings.NewReader(s)); err != nil {
			return
		}
		for _, id := range lib.order {
			for _, x := range lib.scripts[id].open {
				x.render(anyDraw(), nil)
			}
		}
	})
}
