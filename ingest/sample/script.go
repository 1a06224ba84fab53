package sample

import (
	"bufio"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sort"
	"strconv"
	"strings"
	"time"
)

//go:embed material/*.txt
var material embed.FS

// The material is line oriented:
//
//	# comment
//	== id key=value …     begins a script (one kind of thread) or, with pool=1, a pool of loose texts
//	var name: a|b|c       a slot that is drawn once per thread; 3..9 draws a number
//	T text                a title
//	> text                an opening, or a text of the reply step above; >c casual, >k Kansai, >h Hakata
//	@ who p key=value …   a reply step: peer, other, leader, hero, expert, staff or asker answers with probability p
//
// A text may begin with #ab and +c. Letters after # name aspects: a text with aspects fits only where one of them is
// still open, and narrows what follows to those it shares; + opens a new aspect. That is how a reply fits the
// question that was asked, and a thank-you the answer that was given.

// aspects is a set of the letters a to z.
type aspects uint32

// text is one wording of an opening, a reply or a title.
type text struct {
	voice voice
	need  aspects
	give  aspects
	phrase
}

// follow says whether the text fits behind a text that left the aspects ctx open, and what stays open then.
func (t *text) follow(ctx aspects) (aspects, bool) {
	if t.need == 0 {
		return ctx | t.give, true
	}
	if ctx == 0 {
		return t.need | t.give, true
	}
	if t.need&ctx == 0 {
		return 0, false
	}
	return t.need&ctx | t.give, true
}

// voice is how a person writes.
type voice byte

const (
	polite voice = 0
	casual voice = 'c'
	kansai voice = 'k'
	hakata voice = 'h'
)

// step is one possible reply of a script.
type step struct {
	who    string
	chance float64
	accept bool
	after  string // the act of the reply that this one answers, without which it does not come
	wait   time.Duration
	act    string
	mood   string
	texts  []*text
}

// script is one kind of thread with its replies, or a pool of loose texts.
type script struct {
	id       string
	pool     bool
	channel  string
	source   string
	by       string
	act      string
	mood     string
	story    string
	industry string
	plan     string
	size     int // least number of employees of an account whose members would write this
	weight   float64
	on       int  // the day of the week it is written on, 1 for Monday; 0 for any
	first    bool // fits only as a member's first post
	ratings  []int
	vars     []variable
	titles   []*text
	open     []*text
	steps    []*step
}

// variable is a slot that keeps its value through one thread.
type variable struct {
	name   string
	low    int
	high   int
	values []string // empty for a number
}

// library holds the whole material by id.
type library struct {
	scripts map[string]*script
	order   []string
}

// globalSlots are the slots that every text may use besides the variables of its script.
var globalSlots = []string{
	"me", "to", "asker", "leader", "hero", "ind", "size", "sites", "career", "plan", "minor", "company", "short", "times", "bill", "diff", "diffyear", "tel", "mail", "person",
}

// loadLibrary reads the embedded material.
func loadLibrary() (*library, error) {
	lib := &library{scripts: map[string]*script{}}
	names, err := fs.Glob(material, "material/*.txt")
	if err != nil {
		return nil, fmt.Errorf("list the material: %w", err)
	}
	sort.Strings(names)
	for _, name := range names {
		f, err := material.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open the material: %w", err)
		}
		err = errors.Join(lib.read(name, f), f.Close())
		if err != nil {
			return nil, err
		}
	}
	return lib, nil
}

// pool returns the texts of a pool.
func (l *library) pool(id string) ([]*text, error) {
	s, ok := l.scripts[id]
	if !ok || !s.pool {
		return nil, fmt.Errorf("the material has no pool %q", id)
	}
	return s.open, nil
}

// read adds one file of material. Errors name the file and the line.
func (l *library) read(name string, r io.Reader) error {
	p := parser{lib: l}
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		if err := p.line(sc.Text()); err != nil {
			return fmt.Errorf("%s line %d: %w", name, n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := p.end(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// parser builds scripts line by line.
type parser struct {
	lib  *library
	cur  *script
	step *step
}

func (p *parser) line(s string) error {
	if s == "" || strings.HasPrefix(s, "# ") {
		return nil
	}
	if rest, ok := strings.CutPrefix(s, "== "); ok {
		if err := p.end(); err != nil {
			return err
		}
		return p.begin(strings.Fields(rest))
	}
	if p.cur == nil {
		return errors.New("a script must begin with == and its id")
	}
	kind, rest, ok := strings.Cut(s, " ")
	if !ok {
		return fmt.Errorf("%q must be a kind of line, a space and a text", s)
	}
	switch kind {
	case "var":
		return p.variable(rest)
	case "@":
		return p.reply(strings.Fields(rest))
	case "T":
		t, err := parseText(rest, polite)
		if err != nil {
			return err
		}
		p.cur.titles = append(p.cur.titles, t)
		return nil
	case ">", ">c", ">k", ">h":
		v := polite
		if len(kind) == 2 {
			v = voice(kind[1])
		}
		t, err := parseText(rest, v)
		if err != nil {
			return err
		}
		if p.step != nil {
			p.step.texts = append(p.step.texts, t)
		} else {
			p.cur.open = append(p.cur.open, t)
		}
		return nil
	}
	return fmt.Errorf("%q is no kind of line; it must be ==, var, T, >, >c, >k, >h or @", kind)
}

// parseText reads the leading aspects and the phrase.
func parseText(s string, v voice) (*text, error) {
	t := &text{voice: v}
	for {
		head, rest, ok := strings.Cut(s, " ")
		if !ok || len(head) < 2 || (head[0] != '#' && head[0] != '+') {
			break
		}
		var set aspects
		for _, c := range head[1:] {
			if c < 'a' || c > 'z' {
				return nil, fmt.Errorf("aspects must be letters a to z, not %q", head)
			}
			set |= 1 << (c - 'a')
		}
		if head[0] == '#' {
			t.need |= set
		} else {
			t.give |= set
		}
		s = rest
	}
	var err error
	if t.phrase, err = parsePhrase(s); err != nil {
		return nil, err
	}
	return t, nil
}

func (p *parser) begin(fields []string) error {
	if len(fields) == 0 {
		return errors.New("== must be followed by the script's id")
	}
	s := &script{id: fields[0], source: "community", by: "member", weight: 1}
	if _, dup := p.lib.scripts[s.id]; dup {
		return fmt.Errorf("the id %q is given twice", s.id)
	}
	err := options(fields[1:], func(k, v string) (err error) {
		switch k {
		case "pool":
			s.pool = v == "1"
		case "ch":
			s.channel = v
		case "source":
			s.source = v
		case "by":
			s.by = v
		case "act":
			s.act = v
		case "mood":
			s.mood = v
		case "story":
			s.story = v
		case "ind":
			s.industry = v
		case "first":
			s.first = v == "1"
		case "on":
			s.on, err = strconv.Atoi(v)
		case "plan":
			s.plan = v
		case "size":
			s.size, err = strconv.Atoi(v)
		case "weight":
			s.weight, err = strconv.ParseFloat(v, 64)
		case "rating":
			for n := range strings.SplitSeq(v, "|") {
				i, err := strconv.Atoi(n)
				if err != nil {
					return fmt.Errorf("rating=%s must be numbers: %w", v, err)
				}
				s.ratings = append(s.ratings, i)
			}
		default:
			return fmt.Errorf("a script has no option %q", k)
		}
		return err
	})
	p.cur, p.step = s, nil
	return err
}

func options(fields []string, set func(k, v string) error) error {
	for _, f := range fields {
		k, v, _ := strings.Cut(f, "=")
		if err := set(k, v); err != nil {
			return fmt.Errorf("option %q: %w", f, err)
		}
	}
	return nil
}

func (p *parser) variable(s string) error {
	name, spec, ok := strings.Cut(s, ": ")
	if !ok || name == "" || spec == "" {
		return fmt.Errorf("var %q must be a name, a colon, a space and values", s)
	}
	v := variable{name: name}
	if low, high, ok := strings.Cut(spec, ".."); ok {
		var err1, err2 error
		v.low, err1 = strconv.Atoi(low)
		v.high, err2 = strconv.Atoi(high)
		if err := errors.Join(err1, err2); err != nil {
			return fmt.Errorf("var %s must be a range such as 3..9: %w", name, err)
		}
		if v.high < v.low {
			return fmt.Errorf("var %s must not end before it begins", name)
		}
	} else {
		v.values = strings.Split(spec, "|")
	}
	p.cur.vars = append(p.cur.vars, v)
	return nil
}

func (p *parser) reply(fields []string) error {
	if len(fields) < 2 {
		return errors.New("@ must be followed by who replies and the probability")
	}
	st := &step{who: fields[0]}
	switch st.who {
	case "peer", "other", "leader", "hero", "expert", "staff", "asker":
	default:
		return fmt.Errorf("%q cannot reply; it must be peer, other, leader, hero, expert, staff or asker", st.who)
	}
	var err error
	if st.chance, err = strconv.ParseFloat(fields[1], 64); err != nil || st.chance < 0 || st.chance > 1 {
		return fmt.Errorf("the probability %q must be between 0 and 1", fields[1])
	}
	err = options(fields[2:], func(k, v string) (err error) {
		switch k {
		case "accept":
			st.accept = true
		case "act":
			st.act = v
		case "mood":
			st.mood = v
		case "after":
			st.after = v
		case "wait":
			days, err := strconv.Atoi(strings.TrimSuffix(v, "d"))
			if err != nil {
				return fmt.Errorf("wait must be days such as 9d: %w", err)
			}
			st.wait = time.Duration(days) * 24 * time.Hour
		default:
			return fmt.Errorf("a reply has no option %q", k)
		}
		return nil
	})
	p.cur.steps = append(p.cur.steps, st)
	p.step = st
	return err
}

// end checks the script that is complete now: texts everywhere, every slot known.
func (p *parser) end() error {
	s := p.cur
	if s == nil {
		return nil
	}
	known := map[string]bool{}
	for _, g := range globalSlots {
		known[g] = true
	}
	for _, v := range s.vars {
		known[v.name] = true
	}
	var errs []error
	check := func(ts []*text) {
		if len(ts) == 0 {
			errs = append(errs, fmt.Errorf("script %s must have texts for its opening and for each reply", s.id))
		}
		for _, t := range ts {
			t.slots(func(name string) {
				if !known[name] && !s.pool {
					errs = append(errs, fmt.Errorf("script %s uses the slot {%s} that nothing fills", s.id, name))
				}
			})
		}
	}
	check(s.open)
	for _, st := range s.steps {
		check(st.texts)
	}
	if !s.pool && s.channel == "" {
		errs = append(errs, fmt.Errorf("script %s must have a channel (ch=…)", s.id))
	}
	p.lib.scripts[s.id] = s
	p.lib.order = append(p.lib.order, s.id)
	p.cur, p.step = nil, nil
	return errors.Join(errs...)
}
