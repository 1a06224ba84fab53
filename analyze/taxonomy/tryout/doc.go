// Package tryout tries a taxonomy on texts before it goes into force.
//
// It owns what the author of a taxonomy asks: do the rules' own examples hold (Test), which phrases can never match
// (Phrases), how much of real posts gets a tag and which topics say the same (Measure), and what changes against another
// taxonomy (Compare). It reads no files and prints nothing; the checks that need no analyzer are in package taxonomy.
// Its caller is the command line.
package tryout
