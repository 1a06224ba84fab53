package sink

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/clickhouse-go/v2"
)

// errAppend marks rows that the client library could not put into a column.
var errAppend = errors.New("the value does not fit the column")

// code returns the number of a server error, or zero. Questions and inserts go over different libraries.
func code(err error) int32 {
	if e, ok := errors.AsType[*clickhouse.Exception](err); ok {
		return e.Code
	}
	if e, ok := errors.AsType[*ch.Exception](err); ok {
		return int32(e.Code)
	}
	return 0
}

// unreachable: no connection, one that broke, or no answer in time. The rows may or may not have been written.
func unreachable(err error) bool {
	var n net.Error
	return errors.As(err, &n) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, clickhouse.ErrAcquireConnTimeout) ||
		errors.Is(err, clickhouse.ErrAcquireConnNoAddress)
}

// overloaded: the server is there but cannot take the rows now. Seen: too many parts (252) after a flood of small
// inserts, memory limits (241) next to a large query, a full disk (243), a table that is read only while its replica
// starts (242), a shutdown in the middle of an insert (236, 394).
func overloaded(err error) bool {
	switch code(err) {
	case 159, 201, 202, 203, 209, 210, 236, 241, 242, 243, 252, 285, 286, 319, 394, 425, 439, 999:
		return true
	}
	return false
}

// misconfigured: somebody has to change a password, a grant, a table or the configuration. Until then trying again is
// harmless and nothing is lost, because nothing is committed.
func misconfigured(err error) bool {
	switch code(err) {
	case 16, 36, 47, 60, 62, 81, 115, 164, 192, 193, 194, 195, 452, 497, 516:
		return true
	}
	return false
}

// poison: a row's content is at fault. The same insert without that row succeeds.
func poison(err error) bool {
	if errors.Is(err, errAppend) {
		return true
	}
	switch code(err) {
	case 6, 26, 27, 33, 38, 41, 53, 69, 70, 72, 117, 128, 131, 321, 349, 395, 407, 469:
		return true
	}
	return false
}

// Class names the kind of a ClickHouse error in metrics and in the readiness page; the set is closed.
func Class(err error) string {
	switch {
	case err == nil:
		return ""
	case poison(err):
		return "poison"
	case misconfigured(err):
		return "misconfigured"
	case overloaded(err):
		return "overloaded"
	case unreachable(err):
		return "unreachable"
	default:
		return "other"
	}
}
