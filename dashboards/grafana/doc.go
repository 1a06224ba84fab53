// Package grafana owns voc's Grafana dashboards as code: Dashboards builds them, Files writes them as the JSON that is
// committed in json/ and that Grafana loads without an edit. ClickHouse panels are for the plugin
// grafana-clickhouse-datasource, panels on voc's own metrics for Prometheus.
//
// A panel asks a query of package query and shows it: its SQL is the catalogue's, with Grafana's variables and the
// plugin's time macros in the place of the parameters, inside a SELECT that only chooses, names and turns columns. The
// package has no numbers of its own, talks to no server, and knows nothing of how voc runs.
//
// Invariants: the same program gives the same bytes; every panel says in its description what it counts; columns keep
// the catalogue's names, and Japanese names, units and links are settings of fields.
package grafana
