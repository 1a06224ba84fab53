package report

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// draw makes a chart an SVG element whose texts are escaped.
func draw(c *Chart, link func(string) string) string {
	if c.Kind == ChartHeat {
		return drawHeat(c, link)
	}
	return drawStack(c)
}

// ceiling is the end of the y axis: a round number not below v, and the step of its grid.
func ceiling(v float64) (end, step float64) {
	if v <= 4 {
		return 4, 1
	}
	magnitude := math.Pow(10, math.Floor(math.Log10(v/4)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		step = m * magnitude
		if step == math.Trunc(step) && step*4 >= v {
			return step * math.Ceil(v/step), step
		}
	}
	return step * math.Ceil(v/step), step
}

func drawStack(c *Chart) string {
	width, height := 900.0, 230.0
	if c.Narrow {
		width, height = 400, 210
	}
	const left, bottom, top = 40.0, 36.0, 16.0
	n := len(c.Labels)
	totals := make([]float64, n)
	most := 0.0
	for _, s := range c.Series {
		for i, v := range s.Values {
			totals[i] += v
			most = math.Max(most, totals[i])
		}
	}
	end, step := ceiling(most)
	y := func(v float64) float64 { return top + (height-top-bottom)*(1-v/end) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, width, height, html.EscapeString(c.Alt))
	for v := 0.0; v <= end+step/2; v += step {
		fmt.Fprintf(&b, `<line class="grid" x1="%.0f" x2="%.0f" y1="%.1f" y2="%.1f"/><text x="%.0f" y="%.1f" text-anchor="end">%s</text>`, left, width, y(v), y(v), left-6, y(v)+4, comma(v))
	}
	slot := (width - left) / float64(max(1, n))
	bar := math.Min(slot*0.62, 46)
	for i, label := range c.Labels {
		x := left + slot*(float64(i)+0.5)
		sum := 0.0
		for _, s := range c.Series {
			v := s.Values[i]
			if v == 0 {
				continue
			}
			fmt.Fprintf(&b, `<rect class="t-%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%s</title></rect>`, html.EscapeString(s.Tone), x-bar/2, y(sum+v), bar, y(sum)-y(sum+v),
				html.EscapeString(fmt.Sprintf("%s %s %s%s", strings.ReplaceAll(label, "\n", " "), s.Name, comma(v), c.Unit)))
			sum += v
		}
		class := ""
		if i == c.Marked {
			class = ` class="here"`
		}
		first, second, _ := strings.Cut(label, "\n")
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="middle"%s>%s</text>`, x, height-bottom+15, class, html.EscapeString(first))
		if second != "" {
			fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="middle"%s>%s</text>`, x, height-bottom+29, class, html.EscapeString(second))
		}
		if sum > 0 {
			fmt.Fprintf(&b, `<text class="v%s" x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, map[bool]string{true: " here"}[i == c.Marked], x, y(sum)-4, comma(sum))
		}
	}
	b.WriteString("</svg>")
	return b.String()
}

func drawHeat(c *Chart, link func(string) string) string {
	const left, top, w, h = 26.0, 18.0, 36.4, 26.0
	most := 0.0
	for _, s := range c.Series {
		for _, v := range s.Values {
			most = math.Max(most, v)
		}
	}
	width, height := left+w*float64(len(c.Labels)), top+h*float64(len(c.Series))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, math.Ceil(width), height, html.EscapeString(c.Alt))
	for i, l := range c.Labels {
		fmt.Fprintf(&b, `<text x="%.1f" y="12" text-anchor="middle">%s</text>`, left+w*(float64(i)+0.5), html.EscapeString(l))
	}
	for r, s := range c.Series {
		fmt.Fprintf(&b, `<text x="%.0f" y="%.1f" text-anchor="end">%s</text>`, left-8, top+h*(float64(r)+0.5)+4, html.EscapeString(s.Name))
		for i, v := range s.Values {
			x, y := left+w*float64(i), top+h*float64(r)
			href := ""
			if i < len(s.Posts) {
				href = link(s.Posts[i])
			}
			if href != "" {
				fmt.Fprintf(&b, `<a href="%s">`, html.EscapeString(href))
			}
			opacity := 0.0
			if most > 0 {
				opacity = v / most
			}
			fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="2" fill="%s"><title>%s</title></rect>`, x+1, y+1, w-2, h-2, shade(opacity),
				html.EscapeString(fmt.Sprintf("%s曜 %s時 %s%s", s.Name, c.Labels[i], comma(v), c.Unit)))
			if v > 0 {
				fill := "#1f2933"
				if opacity > 0.55 {
					fill = "#ffffff"
				}
				fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="middle" style="fill:%s;font-size:10px">%s</text>`, x+w/2, y+h/2+4, fill, comma(v))
			}
			if href != "" {
				b.WriteString("</a>")
			}
		}
	}
	b.WriteString("</svg>")
	return b.String()
}

// shade goes from nearly white to the main colour.
func shade(share float64) string {
	mix := func(from, to float64) int { return int(math.Round(from + (to-from)*share)) }
	return fmt.Sprintf("#%02x%02x%02x", mix(0xf2, 0x24), mix(0xf5, 0x52), mix(0xf8, 0x7a))
}

func sparkline(values []float64) string {
	if len(values) < 2 {
		return ""
	}
	const width, height = 120.0, 26.0
	most := 0.0
	for _, v := range values {
		most = math.Max(most, v)
	}
	if most == 0 {
		most = 1
	}
	var points []string
	var x, y float64
	for i, v := range values {
		x, y = 3+(width-6)*float64(i)/float64(len(values)-1), height-3-(height-6)*v/most
		points = append(points, fmt.Sprintf("%.1f,%.1f", x, y))
	}
	return fmt.Sprintf(`<svg viewBox="0 0 %.0f %.0f" preserveAspectRatio="none" aria-hidden="true"><polyline points="%s" fill="none" stroke="#8aa2b8" stroke-width="1.5" vector-effect="non-scaling-stroke"/><rect class="t-main" x="%.1f" y="%.1f" width="3" height="5"/></svg>`,
		width, height, strings.Join(points, " "), x-1.5, y-2.5)
}

func comma(v float64) string {
	whole := fmt.Sprintf("%.0f", v)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole
}
