// Package source reads Kafka topics as one member of a consumer group and hands out raw records, one partition at a
// time, to a Handler. It does not decode, write or decide what a record means.
//
// # Contract
//
// A partition is consumed by at most one goroutine of this process at any time, in the order of its log. Nothing is
// fetched ahead: while the handler works on a batch the partition's connection is idle, so memory is bounded by one
// fetch a partition. An offset is committed only by Partition.Commit, in the name of the generation that owns the
// partition; when the group has moved on, the broker refuses it and the records are delivered again to the new owner.
//
// Two signals stop a handler. Draining (the context of Run ended) or a lost generation makes Fetch return ErrDraining
// or ErrLost: the handler finishes what it has begun, commits if it can, and returns. When it takes longer than
// Config.Drain or Config.Grace, the context of Consume is cancelled too.
//
// Control records of transactions, and records of aborted transactions, are handed out with their Kind and without
// key and value, so that every offset of the log can be accounted for.
//
// # Not obvious
//
// Each of these broke once, here or upstream; a test holds it.
//
//   - kafka-go's group Reader commits under a generation that may not own the partition any more (its issues 1308 and
//     1398). ConsumerGroup and Generation do not.
//   - kafka-go's Conn.ReadBatch tells neither control records nor aborted ones from posts, and panics on a batch that
//     compaction left empty. Fetch requests here go through kafka.Transport, whose decoder keeps producer ids, control
//     batches and the list of aborted transactions.
//   - That decoder drops a batch's last offset. When compaction removed the end of a batch, the position behind it
//     is found by probing (fetcher.skipHole); otherwise the broker returns the same batch for ever, at full speed.
//   - kafka-go assigns no partition at all when one topic of several does not exist, and its own partition watcher
//     rejoins in a tight loop then. The group here subscribes to the topics that exist, and watches by itself.
//   - A function started in a Generation ends it by returning. The group's Close blocks for the whole rebalance timeout
//     when it comes while a new generation is being joined. So all partitions drain first, then the group is closed,
//     and only then do the functions return.
//   - A partition that was never committed starts at -2 (first) or -1 (last); both are resolved before fetching, and
//     nothing is committed before something was read.
package source
