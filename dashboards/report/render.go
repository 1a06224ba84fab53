package report

import (
	"fmt"
	"io"
)

// Format is how a report is written down.
type Format string

// The formats.
const (
	FormatHTML     Format = "html"
	FormatMarkdown Format = "md"
	FormatJSON     Format = "json"
	FormatXLSX     Format = "xlsx"
)

// Formats returns every format.
func Formats() []Format { return []Format{FormatHTML, FormatMarkdown, FormatJSON, FormatXLSX} }

// Write writes the report in a format. baseURL is as in HTML.
func (r *Report) Write(w io.Writer, format Format, baseURL string) error {
	switch format {
	case FormatHTML:
		return r.HTML(w, baseURL)
	case FormatMarkdown:
		return r.Markdown(w, baseURL)
	case FormatJSON:
		return r.JSON(w)
	case FormatXLSX:
		return r.XLSX(w, baseURL)
	default:
		return fmt.Errorf("report: there is no format %q; use html, md, json or xlsx", format)
	}
}
