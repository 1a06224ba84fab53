// Package web owns the pages in which people read what the community says: server-rendered HTML in Japanese over the
// named queries of dashboards/query, judged by dashboards/stats.
//
// Every number on a page comes from a query of the catalogue, and every number that counts posts links to exactly these
// posts. The address of a page says everything that it shows; the client never sends SQL. What a user may see is decided
// in one place, scope.go: every query is asked for one community, and only for one that the user may read. Pages that
// tell about all communities at once are shown to users who may read all of them.
//
// The package writes nothing to the database and needs the rights of a reader. It requests nothing from other servers;
// scripts, styles and icons are part of the binary. Logging in is the business of its subpackage auth.
package web
