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
//   - clickhouse-go's Send can fail after the server has committed (its issues 728 and 1420). The rows are kept and
//     the batch is built anew for each attempt.
//   - A prepared batch holds a pooled connection until it is sent or aborted. Closing it after an error would commit
//     what was flushed so far, so it is aborted.
//   - One call is one block per table; a larger one is not written atomically. The batch policy stays far below.
//   - A Distributed table confirms before it has written unless it is told otherwise: insert_distributed_sync.
//   - Deduplication of inserts is switched off. It lost acknowledged data under kill -9, and nothing here needs it.
package sink
