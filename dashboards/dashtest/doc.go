// Package dashtest gives the tests of the dashboards a small community with known truths: ten weeks of posts that carry
// their tags already, activity, accounts whose attributes change, surveys and a ledger with refused messages.
//
// It is imported by tests only, and knows nothing of the analyzer: what it plants is what the views must give back.
// The same seed gives the same rows.
package dashtest
