// Package faq finds what is asked again and again: questions that mean the same, whoever asks them and however politely,
// put together and ranked by askers × views × repeats. The report and the pages show the same candidates from here.
//
// It compares words and knows no language model; it reads questions as package query gives them and keeps nothing.
package faq

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"voc/dashboards/query"
	"voc/dashboards/wording"
)

// Group is one question asked in several ways, its most viewed asking first.
type Group struct {
	Questions []query.Question
	Askers    int
	Views     uint64
}

// likeness is the cosine of two questions' features from which they count as the same question, if they also share a
// topic or have none.
const likeness = 0.4

// Groups puts questions together whose asking sentences use the same words, and ranks the groups by askers ×
// views × repeats. Only kanji, katakana and Latin letters are compared: the particles and endings that politeness
// varies are hiragana and drop out.
func Groups(list []query.Question) []Group {
	words := make([][]feature, len(list))
	for i, q := range list {
		words[i] = features(q.Title + "\n" + asked(q.Body))
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int {
		return cmp.Or(cmp.Compare(list[y].Views, list[x].Views), cmp.Compare(list[x].PostID, list[y].PostID))
	})
	var leaders []int
	members := map[int][]int{}
	index := map[string][]int{} // word to leaders
	for _, i := range order {
		best, most := -1, likeness
		seen := map[int]bool{}
		for _, w := range words[i] {
			for _, l := range index[w.text] {
				if seen[l] {
					continue
				}
				seen[l] = true
				if !sameMatter(list[i].Topics, list[l].Topics) {
					continue
				}
				if c := cosine(words[i], words[l]); c > most || c == most && best < 0 {
					best, most = l, c
				}
			}
		}
		if best < 0 {
			best = i
			leaders = append(leaders, i)
			for _, w := range words[i] {
				index[w.text] = append(index[w.text], i)
			}
		}
		members[best] = append(members[best], i)
	}
	var groups []Group
	for _, l := range leaders {
		if len(words[l]) < 2 {
			continue // 「どうでしょうか」 asks nothing by itself
		}
		g := Group{}
		askers := map[string]bool{}
		for _, i := range members[l] {
			q := list[i]
			g.Questions = append(g.Questions, q)
			g.Views += q.Views
			askers[query.Speaker(q.AuthorID, q.PostID)] = true
		}
		g.Askers = len(askers)
		groups = append(groups, g)
	}
	rank := func(g Group) uint64 { return uint64(g.Askers) * (g.Views + 1) * uint64(len(g.Questions)) }
	slices.SortStableFunc(groups, func(x, y Group) int {
		return cmp.Or(cmp.Compare(min(2, y.Askers), min(2, x.Askers)), cmp.Compare(rank(y), rank(x)), cmp.Compare(x.Questions[0].PostID, y.Questions[0].PostID))
	})
	return groups
}

// askMarks are the marks of a sentence that asks.
var askMarks = []string{"?", "？", "か。", "か、", "教えて", "わかりません", "分かりません", "知りたい", "どうすれば", "どうやって", "でしょうか", "ですか", "ますか", "ませんか"}

func asks(sentence string) bool {
	return strings.HasSuffix(sentence, "か") || slices.ContainsFunc(askMarks, func(a string) bool { return strings.Contains(sentence, a) })
}

// asked returns the sentences of a text that ask, each with the one before when it says little by itself; all of the
// text when none asks. Greetings and circumstances then make no two questions differ.
func asked(body string) string {
	var kept []string
	previous := ""
	for _, s := range Sentences(body) {
		said := len(features(s))
		switch {
		case !asks(s):
			previous = s
			continue
		case said < 5 && len(features(previous)) >= 3:
			kept = append(kept, previous+s)
		case said > 0 || len(kept) == 0:
			kept = append(kept, s)
		}
		previous = ""
	}
	if len(kept) == 0 {
		return body
	}
	return strings.Join(kept, "")
}

// Sentences cuts a text after full stops, marks and line breaks.
func Sentences(text string) []string {
	var list []string
	for _, line := range strings.Split(text, "\n") {
		from := 0
		for i, r := range line {
			if strings.ContainsRune("。!?！？", r) {
				end := i + len(string(r))
				list = append(list, strings.TrimSpace(line[from:end]))
				from = end
			}
		}
		if rest := strings.TrimSpace(line[from:]); rest != "" {
			list = append(list, rest)
		}
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// common are words of any question, which say nothing about what is asked.
var common = []string{"教", "方法", "質問", "手順", "使", "皆", "方", "場合", "様", "世話", "願", "思", "困", "何", "分", "出", "来", "同", "見", "知", "作", "行", "今", "人", "前", "後", "時", "際", "場", "所"}

// feature is a piece of a word and how much it weighs.
type feature struct {
	text   string
	weight float64
}

// features returns the pieces of a text's kanji, katakana and Latin words, each once, sorted. Kanji words go in pairs of
// characters, so that 閲覧 is found in 閲覧専用; katakana words too, but one word weighs as much as one pair however long
// it is; a Latin word or a number is one piece.
func features(text string) []feature {
	var list []feature
	var run []rune
	script := 0
	flush := func() {
		pairs, weight := len(run)-1, 1.0
		if script == katakana {
			weight = 1 / math.Sqrt(float64(max(1, pairs)))
		}
		switch {
		case len(run) == 0 || len(run) == 1 && script != han:
		case len(run) == 1 || script == latin:
			list = append(list, feature{string(run), 1})
		default:
			for i := range pairs {
				list = append(list, feature{string(run[i : i+2]), weight})
			}
		}
		run = run[:0]
	}
	for _, r := range text {
		r = unicode.ToLower(r)
		kind := 0
		switch {
		case unicode.Is(unicode.Han, r):
			kind = han
		case unicode.Is(unicode.Katakana, r) || r == 'ー':
			kind = katakana
		case unicode.Is(unicode.Latin, r) || unicode.IsDigit(r):
			kind = latin
		}
		if kind != script {
			flush()
			script = kind
		}
		if kind != 0 {
			run = append(run, r)
		}
	}
	flush()
	list = slices.DeleteFunc(list, func(f feature) bool { return slices.Contains(common, f.text) })
	slices.SortFunc(list, func(x, y feature) int { return cmp.Or(cmp.Compare(x.text, y.text), cmp.Compare(y.weight, x.weight)) })
	return slices.CompactFunc(list, func(x, y feature) bool { return x.text == y.text })
}

// The scripts that words are made of.
const (
	han = iota + 1
	katakana
	latin
)

func sameMatter(a, b []string) bool {
	if len(a) == 0 && len(b) == 0 {
		return true
	}
	return slices.ContainsFunc(a, func(t string) bool { return slices.Contains(b, t) })
}

// cosine compares two sorted lists of features. Rare ones weigh no more than others: what is asked often is what is
// looked for here.
func cosine(a, b []feature) float64 {
	norm := func(list []feature) float64 {
		sum := 0.0
		for _, f := range list {
			sum += f.weight * f.weight
		}
		return math.Sqrt(sum)
	}
	dot := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].text == b[j].text:
			dot += a[i].weight * b[j].weight
			i++
			j++
		case a[i].text < b[j].text:
			i++
		default:
			j++
		}
	}
	if dot == 0 {
		return 0
	}
	return dot / (norm(a) * norm(b))
}

// Headline is a question in one line: its title, and the sentence that asks when the title does not say enough.
func Headline(q query.Question) string {
	switch {
	case q.Title == "":
		return wording.Masked(asked(q.Body))
	case len(features(q.Title)) < 5:
		return wording.Masked(q.Title + " — " + asked(q.Body))
	default:
		return wording.Masked(q.Title)
	}
}
