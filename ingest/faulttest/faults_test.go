package faulttest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"voc/ingest/faulttest"
	"voc/ingest/faulttest/points"
	"voc/schema/chtest"
)

var (
	seedsFlag    = flag.Int("seeds", 0, "how many seeds to play; 0 means the short set (or VOC_FAULT_SEEDS)")
	seedFlag     = flag.Int("seed", -1, "play this one seed again")
	kafkaFlag    = flag.String("kafka", "", "kfake, apache, or both (every fifth seed on Apache Kafka); default from VOC_TEST_KAFKA")
	controlsFlag = flag.Bool("controls", false, "play the negative controls too")
	keepFlag     = flag.String("keep", "", "keep the folders of the seeds, with the logs of the workers, in this folder")
)

func TestMain(m *testing.M) {
	chtest.Main(m, func() {
		builds.Lock()
		defer builds.Unlock()
		for _, path := range builds.paths {
			_ = os.RemoveAll(filepath.Dir(path))
		}
	})
}

// builds are the workers built so far, with fault points and without: each once for all tests.
var builds struct {
	sync.Mutex
	paths map[bool]string
}

func build(t *testing.T, release bool) string {
	t.Helper()
	builds.Lock()
	defer builds.Unlock()
	if path := builds.paths[release]; path != "" {
		return path
	}
	dir, err := os.MkdirTemp("", "voc-faults-")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "voc")
	args := []string{"build", "-o", path}
	if !release {
		args = append(args, "-tags", "faultpoints")
	}
	if out, err := exec.Command("go", append(args, "voc/cmd/voc")...).CombinedOutput(); err != nil {
		t.Fatalf("build the worker: %v: %s", err, out)
	}
	if builds.paths == nil {
		builds.paths = map[bool]string{}
	}
	builds.paths[release] = path
	return path
}

// play runs a plan in a folder of its own.
func play(t *testing.T, plan faulttest.Plan) *faulttest.Result {
	t.Helper()
	bin := build(t, plan.Release)
	var dir string
	if *keepFlag == "" {
		dir = t.TempDir()
	} else {
		dir = filepath.Join(*keepFlag, plan.Off+strconv.FormatUint(plan.Seed, 10)+plan.Kafka)
		if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	res, err := faulttest.Run(ctx, plan, bin, dir)
	if err != nil {
		t.Errorf("%s\n%v", plan, err)
	}
	return res
}

func plans(t *testing.T) []faulttest.Plan {
	kafka := *kafkaFlag
	if kafka == "" {
		kafka = os.Getenv("VOC_TEST_KAFKA")
	}
	if kafka == "" {
		kafka = faulttest.KFake
	}
	n := *seedsFlag
	if s := os.Getenv("VOC_FAULT_SEEDS"); n == 0 && s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatalf("VOC_FAULT_SEEDS is %q; give a number of seeds", s)
		}
	}
	first := 0
	switch {
	case *seedFlag >= 0:
		first, n = *seedFlag, 1
	case n == 0 && kafka == faulttest.Apache:
		first, n = 1, 1
	case n == 0:
		n = 2
	}
	var out []faulttest.Plan
	for seed := first; seed < first+n; seed++ {
		k := kafka
		if k == "both" {
			k = faulttest.KFake
			if seed%5 == 4 {
				k = faulttest.Apache
			}
		}
		if k != faulttest.KFake && k != faulttest.Apache {
			t.Fatalf("Kafka is %q; give kfake, apache or both", k)
		}
		plan := faulttest.NewPlan(uint64(seed), k)
		if seed%6 == 5 {
			plan = plan.Released()
		}
		out = append(out, plan)
	}
	return out
}

// TestFaults plays seeds and compares every view with the model.
func TestFaults(t *testing.T) {
	var mu sync.Mutex
	var results []*faulttest.Result
	t.Cleanup(func() { fmt.Print(faulttest.Report(results)) })
	for _, plan := range plans(t) {
		t.Run(fmt.Sprintf("seed=%d/%s", plan.Seed, plan.Kafka), func(t *testing.T) {
			t.Parallel()
			res := play(t, plan)
			mu.Lock()
			results = append(results, res)
			mu.Unlock()
			if red := res.Red(); red != "" {
				t.Errorf("%s\nplay it again with -seed=%d -kafka=%s\n%s", red, plan.Seed, plan.Kafka, plan)
			}
		})
	}
}

// long says that more than the short set was asked for.
func long() bool { return *controlsFlag || *seedsFlag > 0 || os.Getenv("VOC_FAULT_SEEDS") != "" }

// TestTenThousandPosts is the check of feature F01, on the worker as it is released.
func TestTenThousandPosts(t *testing.T) {
	if !long() {
		return
	}
	t.Parallel()
	res := play(t, faulttest.Acceptance(faulttest.KFake))
	if red := res.Red(); red != "" {
		t.Errorf("%s\n%s", red, res.Plan)
	}
	if res.Records != 10_000 || len(res.Injected) != 4 {
		t.Errorf("%d records and %d faults, want 10000 and 4", res.Records, len(res.Injected))
	}
	t.Log("\n" + faulttest.Report([]*faulttest.Result{res}))
}

// TestControls proves that the harness can fail: without a safety the views must differ from the model, and in the way
// that the safety prevents.
func TestControls(t *testing.T) {
	for _, c := range []struct{ off, view, why string }{
		{points.CommitFirst, "posts", "records are lost that were committed before they were written"},
		{points.NoRegistry, "posts", "a post is found on two days"},
		{points.MarkCreatedOnly, "topic_daily", "a window keeps what an edit or a deletion took away"},
		{points.MarkFirst, "topic_daily", "a window was rebuilt before the facts came that it was marked for"},
		{points.VersionOnly, "posts", "of two contents with one version the one that was written last is read"},
	} {
		if c.off != points.MarkCreatedOnly && !long() {
			continue // the short set has the quickest one
		}
		t.Run(c.off, func(t *testing.T) {
			t.Parallel()
			res := play(t, faulttest.Control(c.off, 1))
			if res.Comparison == nil {
				t.Fatal("nothing was compared")
			}
			n := res.Comparison.In(c.view)
			if n == 0 {
				t.Errorf("without the safety %s the harness stays green, though %s; it has become blind\n%s", c.off, c.why, res.Plan)
			}
			t.Logf("red as it must be: %d differences in %s, %d in all", n, c.view, len(res.Comparison.Differences))
		})
	}
}
