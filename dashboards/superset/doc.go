// Package superset owns voc's Apache Superset dashboard as code: Files writes the bundle that is committed in bundle/
// and that Superset imports.
//
// Datasets are of two kinds. Contract views carry the metrics that package schema defines for them, and nothing else
// adds up their rows. Queries of package query are virtual datasets: the catalogue's SQL with Jinja in the place of
// its parameters, so that the dashboard's filters reach inside. The package has no numbers of its own.
//
// Invariants: the same program and the same views give the same bytes; ids are made from names, so that importing a
// newer bundle changes what is there instead of adding to it.
package superset
