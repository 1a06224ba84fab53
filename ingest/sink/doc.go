// Package sink writes rows to ClickHouse and reads back the little that writing needs.
//
// It does not decide what a row means, nor which records are refused: the pipeline builds the rows, the sink says
// which of them the server does not take. It creates no tables (schema/migrate does) and computes no aggregates.
//
// # Contract
//
// A call returns nil only after the server has confirmed every row that was not refused. Every row is idempotent by
// its key and version, so a row may be written again at any time: after a timeout, after a crash, by another process.
// Trouble of the server is waited out with growing pauses for as long as the context lives. A row that the server
// refuses for its content is found by halving the batch and reported; the others are written.
//
// Calls of several partitions at once share inserts: whoever comes while an insert is running waits and goes with the
// next one (group commit), because ClickHouse prefers few large inserts to many small ones.
//
// # Not obvious
//
//   - An insert can fail after the server has committed. The rows are kept and sent anew for each attempt.
//   - Rows are written with ch-go, whose columns are filled without reflection and used again, and questions are asked
//     with clickhouse-go, which has the pool of connections and the external tables. ch-go notices the end of a context
//     between two packets only, so the connection is closed then; and it does not look whether an idle connection still
//     lives, so one that fails takes all idle ones with it.
//   - A table with a part for each month gets a block for each month, in one statement: the server would take a block of
//     several months apart row by row, and its columns of few different values with it (of 20 µs a post 8 went there). So
//     an insert is not atomic. It was not with one block either, because the server commits part after part; nothing
//     rests on it, because every row is idempotent and nothing is committed before all are confirmed.
//   - A Distributed table confirms before it has written unless it is told otherwise: insert_distributed_sync.
//   - Deduplication of inserts is switched off. It lost acknowledged data under kill -9, and nothing here needs it.
package sink
