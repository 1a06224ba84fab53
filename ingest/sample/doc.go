// Package sample makes the community that ships with voc: twelve weeks in the life of two fictional Japanese
// communities, one of a company's software and one of a consumer app, as events of the four topics.
//
// A seeded generator draws from the hand-written texts in the folder material: same seed and same end, same bytes.
// Several stories are hidden in the everyday talk; Truths says which, for tests and for marking what was found.
// All companies, products and people are invented.
//
// The material must not be written from the tagger's word list, and this package must not import analyze: a sample
// that shares the tagger's words would show only that the tagger knows itself. The package neither talks to Kafka
// nor stores anything; voc demo feeds its events to the topics.
package sample
