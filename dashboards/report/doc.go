// Package report owns the weekly VOC report: what a customer-success lead needs to know on Monday morning, in Japanese,
// on one printable page. Build asks the named queries of dashboards/query, judges the answers with dashboards/stats and
// returns a Report, which is plain data; the renderers turn it into HTML, Markdown, JSON and Excel.
//
// The package computes no number of its own that the SQL contract could give: every figure carries the query and the
// parameters it came from and the address of the posts it counts. It reads no clock and draws no random numbers, so the
// same data and options give the same bytes. It sends nothing; delivery is its caller's.
package report
