// Package ingest joins Kafka, the analysis and ClickHouse: it reads events, decodes, masks and analyses them, and
// writes them as rows. It creates no tables, holds no rules of language, and answers no queries.
//
// # Delivery contract
//
// The tests that hold a sentence stand behind it. All of them run on the embedded Kafka and on Apache Kafka
// (VOC_TEST_KAFKA=apache), and on a real ClickHouse engine. The fault harness of package faulttest holds them all at
// once, on the real program; DELIVERY.md says what it has broken and measured.
//
//  1. Committed means written: an offset is committed only after ClickHouse has confirmed the rows of every record
//     before it, and the dead-letter topic has confirmed its letters. [TestCrashBetweenAnyTwoSteps,
//     TestClickHouseAwayAtStartAndInTheMiddle, TestWorkersKilledInMidBatch]
//  2. At least once: a crash between two steps, whichever they are, makes the records be read and written again. It
//     loses none. [TestCrashBetweenAnyTwoSteps, TestWorkersKilledInMidBatch]
//  3. Counted once: a row is a function of its record, of what the post's first event fixed, and of the analyzer's
//     revision. Writing it again changes nothing, so reading the facts gives each post once, in its newest version.
//     [TestReplayOfTheWholeTopicChangesNothing, TestDuplicatesOfAProducerCountOnce]
//  4. Order does not matter: edits, deletions and late records may arrive in any order. The version decides, and of
//     equal versions the later record. Of a survey's answers the newest decides whether there is a comment.
//     [TestOrderDoesNotMatter, TestNewestAnswerDecidesAboutTheComment]
//  5. posted_at is fixed by a post's first event. Later events cannot move it to another day. A deletion that comes
//     first is kept without a day and applied when the post comes. This needs the records of one post to be in one
//     partition, which the key post_id ensures. [TestPostedAtIsFixedByTheFirstEvent, TestADeletionBeforeItsPost]
//  6. Nothing vanishes: every record, control records of transactions and aborted records included, has one outcome:
//     stored, dead letter or filtered. A null value on voc.accounts ends the account; on any other topic it is
//     filtered, because its key names no community. [TestNothingVanishes]
//  7. A bad message stops nobody: it goes to the dead-letter topic with its reason, and the partition goes on. So does
//     a message on which the decoder or the analyzer crashes, and one whose row ClickHouse refuses.
//     [TestBadMessagesBecomeDeadLettersAndStopNobody, TestARowThatClickHouseRefusesBecomesADeadLetter]
//  8. Trouble is waited out: while Kafka or ClickHouse is away, the pipeline pauses with growing pauses, keeps its
//     membership, keeps at most two batches a partition in memory, the one that waits and the one behind it, and says so
//     on the readiness page.
//     [TestClickHouseAwayAtStartAndInTheMiddle, TestClickHouseKilledAndRestarted, TestKafkaRestartsInTheMiddle,
//     TestWrongPasswords]
//  9. A member that has lost its partitions writes at most what the owner writes too, and cannot commit.
//     [TestZombieWritesOnlyWhatTheOwnerWrites, TestMembersComeAndGo]
//  10. A soft stop writes and commits what is in hand, within a deadline; a hard stop drops it, which costs a second
//     reading and nothing else. [TestSoftStopWritesWhatIsInHand, TestMembersComeAndGo]
//  11. A batch is masked and tagged with one engine: when the engine is swapped, the batch that has begun is finished
//     with the one it began with. [TestABatchCarriesOneRevision]
//  12. What was erased stays away: before a batch is written, its records of erased posts and persons are taken out and
//     counted as filtered, whichever way they come. [TestWhatWasErasedStaysAway]
//
// # The steps of a batch
//
// What was erased is asked for and taken out; then come early deletions that find their day, the registry, the facts, the
// dead letters, the ledger with the marks of changed windows, and the commit: in this order, each after the one before it
// was confirmed. Within two of these steps tables are written at the same time:
//
//   - Facts: posts, activity, accounts and surveys. No row of one is looked up to write another, and each is idempotent,
//     so a crash that leaves some of them is one more crash between two steps. The registry stays before them, because
//     whoever sees a fact must find what fixed its day.
//   - Outcomes, dead-letter rows and marks. A mark must come after the facts, so that whoever sees it also sees what it
//     announces; the facts are all confirmed by then. Nothing that is counted for a window reads the ledger. Outcomes
//     come after the facts too, because a refused row changes them.
//
// Batches of several partitions that are due at the same time take these steps together, which makes few and large inserts.
// Before the look-ups, the facts and the ledger each waits for those that are on their way, a tenth of a second at most. A batch
// that began after these had left, and is due by age, waits until they are written, unless it is eight times that age. All
// batches together hold 10,000 records (20,000 in a backlog, or Config.Batch.MaxRows) that are collected, as many that are
// written, and a few more.
//
// The commit comes last. While a batch takes these steps the next one of its partition is read and analysed, but takes
// none of them before the first is committed.
package ingest
