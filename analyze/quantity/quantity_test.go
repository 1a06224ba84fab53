package quantity_test

import (
	"slices"
	"testing"

	"voc/analyze/quantity"
)

func TestFind(t *testing.T) {
	for in, want := range map[string]struct{ changes, amounts []string }{
		"集計が3時間から20分になった":         {[]string{"3時間→20分"}, nil},
		"残業が月20時間減りました":           {[]string{"-20時間/月"}, nil},
		"クレームが4割減":                {[]string{"-40%"}, nil},
		"売上が1.5倍になった":             {[]string{"x1.5"}, nil},
		"作業が半分に":                  {[]string{"x0.5"}, nil},
		"以前は30分かかっていたのが、今は5分で終わる": {[]string{"30分→5分"}, nil},
		"ミスが0件に":                  {[]string{"→0件"}, nil},
		"月5万円で契約":                 {nil, []string{"50000円/月"}},
		"3万8千円でした":                {nil, []string{"38000円"}},
		"10時から18時まで":              {nil, nil},
		"11月30日に届いた":              {nil, nil},
		"iphone 15から17に変えた":       {nil, nil},
		"二度手間です":                  {nil, nil},
		"3日から5日かかります":             {nil, nil},
	} {
		changes, amounts := quantity.Find(nil, nil, []rune(in), 0)
		var c, a []string
		for i := range changes {
			c = append(c, changes[i].Value)
		}
		for i := range amounts {
			a = append(a, amounts[i].String())
		}
		if !slices.Equal(c, want.changes) || want.amounts != nil && !slices.Equal(a, want.amounts) {
			t.Errorf("Find(%q) = %q, %q; want %q, %q", in, c, a, want.changes, want.amounts)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"3時間→20分", "半日から1,200円に", "9999999999999999億万千", "1..2,3", "倍に0分の1に"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		rs := []rune(s)
		changes, amounts := quantity.Find(nil, nil, rs, 0)
		for _, c := range changes {
			if c.Start < 0 || c.End > len(rs) || c.Start >= c.End || c.Value == "" {
				t.Fatalf("change %+v in %d runes", c, len(rs))
			}
		}
		for _, a := range amounts {
			if a.Start < 0 || a.End > len(rs) || a.Start >= a.End {
				t.Fatalf("amount %+v in %d runes", a, len(rs))
			}
		}
	})
}
