package source

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
)

// ErrLost is returned by Fetch and Commit when the group has given the partition away, or is about to.
var ErrLost = errors.New("the consumer group has moved on; this partition belongs to another generation")

// ErrDraining is returned by Fetch when the process is stopping: finish what is in hand and return.
var ErrDraining = errors.New("the source is stopping; no more records are handed out")

// outOfRange: the position lies before the first or behind the last offset of the partition, because retention deleted
// records faster than they were read, or because the topic was made anew.
func outOfRange(err error) bool { return errors.Is(err, kafka.OffsetOutOfRange) }

// staleRoute: the broker is not the partition's leader any more, or the transport has not seen the topic yet. The
// transport refreshes its view of the cluster within seconds.
func staleRoute(err error) bool {
	return errors.Is(err, kafka.NotLeaderForPartition) || errors.Is(err, kafka.LeaderNotAvailable) ||
		errors.Is(err, kafka.ReplicaNotAvailable) || errors.Is(err, kafka.FencedLeaderEpoch) ||
		errors.Is(err, kafka.UnknownLeaderEpoch) || errors.Is(err, kafka.UnknownTopicOrPartition) ||
		errors.Is(err, protocol.ErrNoTopic) || errors.Is(err, protocol.ErrNoPartition) || errors.Is(err, protocol.ErrNoLeader)
}

// commitRefused: the coordinator knows that this member or generation does not own the partitions; committing again
// cannot succeed. A member that was paused for longer than the session timeout sees this.
func commitRefused(err error) bool {
	return errors.Is(err, kafka.IllegalGeneration) || errors.Is(err, kafka.UnknownMemberId) ||
		errors.Is(err, kafka.RebalanceInProgress) || errors.Is(err, kafka.NotCoordinatorForGroup) ||
		errors.Is(err, kafka.FencedInstanceID)
}

// denied: user name, password or permissions are wrong. Trying again helps only after somebody has changed something,
// but that may happen while the process runs.
func denied(err error) bool {
	return errors.Is(err, kafka.SASLAuthenticationFailed) || errors.Is(err, kafka.UnsupportedSASLMechanism) ||
		errors.Is(err, kafka.TopicAuthorizationFailed) || errors.Is(err, kafka.GroupAuthorizationFailed) ||
		errors.Is(err, kafka.ClusterAuthorizationFailed) || errors.Is(err, kafka.IllegalSASLState)
}

// unreachable: no connection, or one that broke.
func unreachable(err error) bool {
	var n net.Error
	return errors.As(err, &n) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, context.DeadlineExceeded) ||
		// kafka-go wraps broken connections in texts without a cause.
		strings.Contains(err.Error(), "multiple Read calls return no data or error")
}

// Class names the kind of a Kafka error in metrics and in the readiness page; the set is closed.
func Class(err error) string {
	switch {
	case err == nil:
		return ""
	case denied(err):
		return "denied"
	case outOfRange(err):
		return "offset_out_of_range"
	case staleRoute(err):
		return "stale_route"
	case commitRefused(err):
		return "rebalance"
	case unreachable(err):
		return "unreachable"
	default:
		return "other"
	}
}
