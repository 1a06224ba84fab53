package delivery

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// attemptMost bounds one attempt at one target.
const attemptMost = 2 * time.Minute

// Courier delivers notices and keeps the ledger.
type Courier struct {
	Targets []Target
	Ledger  *Ledger
	Log     *slog.Logger
	Now     func() time.Time
}

// Pending are the targets that do not have the notice yet.
func (c *Courier) Pending(notice string) []Target {
	var list []Target
	for _, t := range c.Targets {
		if !c.Ledger.Delivered(notice, t.Name()) {
			list = append(list, t)
		}
	}
	return list
}

// Deliver tries every target that does not have the notice yet once, and every target when again is true. It joins
// what failed. An attempt that has begun is finished even when ctx ends, so that nobody has to guess how it ended.
func (c *Courier) Deliver(ctx context.Context, n Notice, again bool) error {
	list := c.Targets
	if !again {
		list = c.Pending(n.ID)
	}
	var errs []error
	for _, t := range list {
		if ctx.Err() != nil {
			return errors.Join(append(errs, ctx.Err())...)
		}
		attempt, cancel := context.WithTimeout(context.WithoutCancel(ctx), attemptMost)
		err := t.Deliver(attempt, n)
		cancel()
		e := Entry{At: c.Now().UTC(), Event: delivered, Notice: n.ID, Target: t.Name()}
		if err != nil {
			e.Event, e.Error = failed, err.Error()
			errs = append(errs, err)
			c.Log.Warn("not delivered, will be tried again", "notice", n.ID, "target", t.Name(), "error", err)
		} else {
			c.Log.Info("delivered", "notice", n.ID, "target", t.Name())
		}
		if err := c.Ledger.add(e); err != nil {
			// Without the ledger the next attempt could be one too many.
			return errors.Join(append(errs, fatal{err})...)
		}
	}
	return errors.Join(errs...)
}

// fatal is an error after which going on could deliver something twice.
type fatal struct{ error }

func (e fatal) Unwrap() error { return e.error }
