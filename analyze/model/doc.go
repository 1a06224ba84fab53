// Package model corrects the tags of the rules by a linear model: for every polarity, topic and intent a sum of
// weights, one for each thing seen in the post.
//
// What is seen (a feature) can be named to a reader: a word, a word that is negated, two words in a row, the form of a
// predicate, a lexicon class, an opinion, a rule that fired. The rules stay the backbone, since what they found are the
// strongest features; the rest carries what they have no words for. A score is a sum of integers, so it is the same on
// every machine, and the features of a tag with their weights are its explanation.
//
// The package owns the features, the weights file and the decision. It does not train (analyze/model/train does, from
// the labelled posts under corpus), and it knows no evidence spans of the original text: it tells words by their number.
// Its callers are the root package and the trainer.
package model
