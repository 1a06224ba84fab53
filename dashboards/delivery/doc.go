// Package delivery brings weekly reports and alerts to people: as files, by mail and to Slack-compatible webhooks.
//
// It owns what a notice looks like in each of them, the ledger of what was delivered, and the schedule. It builds no
// report and judges no alert; cmd hands both in.
//
// # Once
//
// A notice is delivered once to each target. The ledger is written after the target has accepted the notice and before
// anything else happens, so a restart delivers nothing twice. What remains is a crash between the two: then the notice is
// delivered again, a mail under the same Message-ID and a webhook call under the same Idempotency-Key, because a report
// that comes twice is better than one that never comes. A stop is no crash: a delivery in hand is finished first.
//
// Whoever fails (the database, the mail server, one recipient) is asked again with growing pauses and keeps nobody else
// waiting. Errors never carry the address of a webhook, which is a secret, nor a password.
package delivery
