// Package query owns the questions that are asked of voc's SQL contract: named, documented, parameterised SELECTs, one
// file each in sql/, used by the weekly report, the web pages, Grafana and the command line alike, so that a number has
// one definition wherever it is shown.
//
// Queries read the contract views of package schema and nothing behind them. Values reach the server as its own query
// parameters, {name:Type}; no value is ever put into the text. Run asks only for what stands ready while all that a query
// looks at does, see Query.Ready and Query.Weekly, and for lists of posts only the copies of those that stand first in a
// week, see Query.Shown, or of what stands ready of the answer itself, see Query.Answer. Twenty names the questions whose
// speed is promised. The package prints nothing, decides nothing about wording beyond the Japanese titles of queries, and
// never writes.
//
// Invariants: every result has a total order, so the same data gives the same rows in the same order; a query that
// looks back from a week never reads posts after that week, so a report of a past week changes only when its own
// posts do.
package query
