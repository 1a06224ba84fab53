// Package faulttest proves the delivery contract of package ingest on the real program: it runs workers of `voc run`
// against a real ClickHouse and a Kafka, breaks whatever can break by a schedule that a seed decides, and compares
// every view of the SQL contract with a model of the log.
//
// Who is who:
//
//   - Generator makes the events of a seed, Plan its faults; both are functions of the seed alone.
//   - World starts a Kafka (kfake or Apache Kafka), the embedded ClickHouse, a Proxy in front of each, and Workers.
//   - Package points, which is linked into a worker only with the build tag faultpoints, ends or suspends it between
//     two named steps. Some seeds use the worker as it is released, without fault points.
//   - Model computes from the records, as they lie in Kafka, what every view must show. It shares the wire structs and the
//     analyzer with the pipeline, and nothing else: versions, days and all cells are worked out a second time.
//   - Reader asks the views all the time and notes a post that is seen twice or a window that is half published.
//   - Controls take one safety out of the pipeline and demand that the comparison fails.
//
// The package is used by its own tests only. What it has proven so far stands in ingest/DELIVERY.md.
package faulttest
