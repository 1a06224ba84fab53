// Package stats owns the statistics that voc's report, web pages and alerts rest on: shares with intervals, changes
// with a correction for many topics, concentration of voices, spikes and drops, emerging terms, the choice of voices
// and near-duplicates.
//
// Its inputs are plain counts, as the SQL views give them, and texts; it knows neither ClickHouse nor HTTP, reads no
// clock and draws no random numbers, so the same input always gives the same output. It decides nothing about
// wording beyond the short Japanese labels of its own verdicts. README.md in this folder explains every method.
//
// Invariants that every method keeps: a number is never printed where it cannot be known (NaN becomes "—", a verdict
// becomes TooFew); posts of one author are not independent, so authors enter every test; ties are broken by id, never
// by map order.
package stats
