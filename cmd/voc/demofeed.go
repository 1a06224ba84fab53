package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/segmentio/kafka-go"

	"voc/cmd/internal/config"
	"voc/ingest/sample"
	"voc/schema/rollup"
)

// feedState is what the demo remembers of its feeding, in the file sample.json of its data folder.
type feedState struct {
	Seed uint64    `json:"seed"`
	End  time.Time `json:"end"`
	// Fed is how many events are in Kafka for sure. Those after it may be there too: feeding them again changes no
	// count.
	Fed int `json:"fed"`
	// Fingerprint is that of the sample: with another one, the events counted in Fed are not those of this program.
	Fingerprint string `json:"fingerprint"`
}

func loadFeedState(file string, seed uint64) (feedState, error) {
	st := feedState{Seed: seed, End: sample.DefaultEnd(time.Now())}
	b, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return st, nil
	}
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(b)).Decode(&st)
	}
	if err != nil {
		return st, fmt.Errorf("cannot read %s; delete the data folder to start afresh: %w", file, err)
	}
	return st, nil
}

func (st feedState) save(file string) error {
	b, err := json.Marshal(st)
	if err != nil {
		return err
	}
	// Replaced as a whole, so that a kill leaves the old or the new state.
	if err := os.WriteFile(file+".new", append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("cannot remember how far the sample is fed: %w", err)
	}
	return os.Rename(file+".new", file)
}

// feedSample feeds what is not fed yet and waits until all of it can be read by SQL.
func (a *app) feedSample(ctx context.Context, s *stack, w *worker, f demoFlags) error {
	file := filepath.Join(s.dir, "sample.json")
	st, err := loadFeedState(file, f.seed)
	if err != nil {
		return err
	}
	c, err := sample.New(sample.Config{Seed: st.Seed, End: st.End})
	if err != nil {
		return err
	}
	switch {
	case st.Fingerprint == "":
		st.Fingerprint = c.Fingerprint()
	case st.Fingerprint != c.Fingerprint():
		return fmt.Errorf("the data in %s come from the sample of another version of voc; delete that folder to start afresh, or give another --data-dir", s.dir)
	}
	if st.Fed < c.Len() {
		if err := a.feed(ctx, s, c, f.pace, &st, file); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.out, "The sample community is already there: %d events. Continuing on this data.\n\n", c.Len())
	}
	return awaitCaughtUp(ctx, s.config, w)
}

// feedBatch is how many events are produced at once.
const feedBatch = 200

func (a *app) feed(ctx context.Context, s *stack, c *sample.Community, pace time.Duration, st *feedState, file string) error {
	kc, err := kafkaConnection(s.config.Kafka)
	if err != nil {
		return err
	}
	transport, err := kc.Transport()
	if err != nil {
		return err
	}
	out := &kafka.Writer{
		Addr: kc.Addr(), Transport: transport, Balancer: &kafka.Hash{}, RequiredAcks: kafka.RequireAll,
		BatchSize: feedBatch, BatchTimeout: 5 * time.Millisecond,
	}
	defer out.Close()
	from, to := c.Span()
	fmt.Fprintf(a.out, "Feeding the sample community through Kafka, %s to %s:\n", from.Format(time.DateOnly), to.AddDate(0, 0, -1).Format(time.DateOnly))
	bar := newProgress(a.out, int64(c.Len()), "events")
	bar.set(int64(st.Fed))
	topics := topicNames(s.config.Kafka.Topics)
	began, first := time.Now(), st.Fed
	var batch []kafka.Message
	n := 0
	for e := range c.Events() {
		if n++; n <= first {
			continue
		}
		batch = append(batch, kafka.Message{Topic: topics[e.Topic], Key: e.Key, Value: e.Value, Time: e.Time})
		if len(batch) < feedBatch && n < c.Len() {
			continue
		}
		if err := out.WriteMessages(ctx, batch...); err != nil {
			return fmt.Errorf("cannot feed the sample: %w", err)
		}
		batch = batch[:0]
		st.Fed = n
		if err := st.save(file); err != nil {
			return err
		}
		bar.set(int64(n))
		due := began.Add(time.Duration(float64(pace) * float64(n-first) / float64(c.Len())))
		if err := sleep(ctx, time.Until(due)); err != nil {
			return err
		}
	}
	bar.finish()
	return nil
}

// topicNames maps the default names, which the sample uses, to the configured ones.
func topicNames(t config.Topics) map[string]string {
	d := config.Default().Kafka.Topics
	return map[string]string{d.Posts: t.Posts, d.Activity: t.Activity, d.Accounts: t.Accounts, d.Surveys: t.Surveys}
}

// awaitCaughtUp returns when the group has committed everything in the topics and no day waits to be rebuilt.
func awaitCaughtUp(ctx context.Context, cfg config.Config, w *worker) error {
	client, err := kafkaClient(cfg.Kafka)
	if err != nil {
		return err
	}
	conn, err := openWriter(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	agg, err := rollup.New(conn, rollup.Config{})
	if err != nil {
		return err
	}
	for {
		lag, _, err := groupLag(ctx, client, cfg.Kafka)
		if err != nil {
			return err
		}
		if lag == 0 {
			dirty, err := agg.Dirty(ctx)
			if err != nil || dirty == 0 {
				return err
			}
		}
		select {
		case <-w.done:
			return errors.New("the pipeline ended by itself; see the log")
		default:
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(max(0, d))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
