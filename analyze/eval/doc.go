// Package eval measures how well an analyzer tags posts.
//
// It owns the formats of labelled data (JSON Lines, TSV and CSV with a column mapping, sheets for people to fill in, aspect
// files), the formulas (precision, recall, F1, Wilson and bootstrap intervals, confusion tables, coverage), the listing of
// misses, and the floors below which a build must fail. It knows the result types of package analyze and nothing of its
// rules: an analyzer is handed in as an interface, so that a test, a stub or a later engine can be measured alike.
//
// It refuses to tune anything and to guess labels: a label that is not one of the known ids, or not named in the given
// mapping, is an error that names file and line.
//
// The usual way is Read (or ReadTable, ReadSheet), Run, Score, then Report.WriteText, Report.WriteJSON or Floors.Check.
// Aspect files take ReadAspects, RunAspects, ScoreAspects.
package eval
