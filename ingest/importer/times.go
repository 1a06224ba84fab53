package importer

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// usualLayouts are the ways in which files write times.
func usualLayouts() []string {
	return []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-1-2 15:04:05.999999999 -07:00", "2006-1-2 15:04:05.999999999 -0700",
		"2006-1-2 15:04:05.999999999Z07:00", "2006-1-2 15:04:05.999999999", "2006-1-2 15:04", "2006-1-2",
		"2006/1/2 15:04:05.999999999", "2006/1/2 15:04", "2006/1/2", "2006.1.2 15:04:05", "2006.1.2 15:04", "2006.1.2",
		"2006年1月2日 15時4分5秒", "2006年1月2日 15時4分", "2006年1月2日 15:04:05", "2006年1月2日 15:04", "2006年1月2日",
		"20060102150405", "20060102", "Mon, 02 Jan 2006 15:04:05 -0700", "Mon Jan 02 15:04:05 -0700 2006", "Jan 2, 2006 15:04:05", "Jan 2, 2006",
	}
}

// timeParser reads times as people and programs write them.
type timeParser struct {
	layouts []string
	zone    *time.Location
	last    string // the layout that fitted last is tried first
	weekday *regexp.Regexp
	era     *regexp.Regexp
	clock   *regexp.Regexp
}

func newTimeParser(own []string, zone *time.Location) *timeParser {
	return &timeParser{
		layouts: append(append([]string{}, own...), usualLayouts()...), zone: zone,
		weekday: regexp.MustCompile(`\((?:月|火|水|木|金|土|日)(?:曜日?)?\)`),
		era:     regexp.MustCompile(`^(令和|平成|R|H)\s?(\d+|元)(年|\.)`),
		clock:   regexp.MustCompile(`(午前|午後)\s?(\d{1,2})`),
	}
}

// parse reads a time; a time without a zone is in the parser's zone, a date is its midnight.
func (p *timeParser) parse(s string) (time.Time, error) {
	t := strings.TrimSpace(norm.NFKC.String(s))
	t = strings.Join(strings.Fields(p.weekday.ReplaceAllString(t, " ")), " ")
	if m := p.clock.FindStringSubmatch(t); m != nil {
		h, err := strconv.Atoi(m[2])
		if err == nil && h <= 12 {
			if h %= 12; m[1] == "午後" {
				h += 12
			}
			t = strings.Replace(t, m[0], strconv.Itoa(h), 1)
		}
	}
	if m := p.era.FindStringSubmatch(t); m != nil {
		y := 1
		if m[2] != "元" {
			var err error
			if y, err = strconv.Atoi(m[2]); err != nil {
				return time.Time{}, p.fault(s)
			}
		}
		base := 2018
		if m[1] == "平成" || m[1] == "H" {
			base = 1988
		}
		t = strconv.Itoa(base+y) + m[3] + strings.TrimPrefix(t, m[0])
	}
	if p.last != "" {
		if v, err := time.ParseInLocation(p.last, t, p.zone); err == nil {
			return v, nil
		}
	}
	for _, l := range p.layouts {
		if v, err := time.ParseInLocation(l, t, p.zone); err == nil {
			p.last = l
			return v, nil
		}
	}
	if n, err := strconv.ParseInt(t, 10, 64); err == nil {
		switch len(t) {
		case 10:
			return time.Unix(n, 0).In(p.zone), nil
		case 13:
			return time.UnixMilli(n).In(p.zone), nil
		}
	}
	return time.Time{}, p.fault(s)
}

func (p *timeParser) fault(s string) error {
	return fmt.Errorf("%q is no time that is understood; it must look like 2026-11-16T09:00:00+09:00, 2026-11-16 09:00 or 2026年11月16日, or give its layout", short(s))
}

// short cuts a value that is printed in an error.
func short(s string) string {
	const limit = 60
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	return string(r[:limit]) + "…"
}
