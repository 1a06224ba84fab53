package model

import (
	"bytes"
	"cmp"
	"compress/flate"
	_ "embed" // for the weights
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// One is the weight that moves the log of the odds by 1.
const One = 1 << 10

// Classes is the number of polarities, in the order of sentiment.Label.
const Classes = 4

// Zones are where a feature stands as seen from a topic: elsewhere, in a sentence of it, or in a clause of it.
const (
	Elsewhere = iota
	Near
	Inside
	Zones // the number of zones
)

// Weights is a trained model. It is immutable and safe for concurrent use.
type Weights struct {
	// Topics and Intents are the tags it knows, sorted.
	Topics, Intents []string
	// Stamp names the data and settings it was trained on.
	Stamp string
	hash  string

	bias     []int32
	features int
	// table holds the weights of every feature in a row, and index finds the row.
	table
	index
	// said is what each saying adds.
	said [allSayings]addition
}

// maxPost bounds the tasks of posts, so that their sums need no checks of bounds.
const maxPost = 64

// Weight is what a feature adds to a task.
type Weight struct {
	Task  uint8
	Value int16
}

// The tasks are numbered: the polarities of the post, the topics, the intents, and for each zone the polarities of a topic.

// TopicTask is the task of topic i.
func (w *Weights) TopicTask(i int) int { return Classes + i }

// IntentTask is the task of intent i.
func (w *Weights) IntentTask(i int) int { return Classes + len(w.Topics) + i }

// AboutTask is the task of polarity 0 of a topic, in a zone.
func (w *Weights) AboutTask(zone int) int {
	return Classes + len(w.Topics) + len(w.Intents) + zone*Classes
}

// Tasks is the number of tasks.
func (w *Weights) Tasks() int { return w.AboutTask(Zones) }

// Features is how many features have weights.
func (w *Weights) Features() int { return w.features }

// Hash identifies the weights.
func (w *Weights) Hash() string { return w.hash }

// Find is the row of a feature, or -1.
func (w *Weights) Find(k Key) int32 { return w.lookUp(k) }

// Build makes weights of features that are sorted by key, the weights of each by task. Bias has one entry per task. Weights
// are multiples of what Quantize gives.
func Build(topics, intents []string, stamp string, bias []int32, keys []Key, rows func(i int) []Weight) (*Weights, error) {
	w := &Weights{Topics: topics, Intents: intents, Stamp: stamp, bias: bias}
	if err := checkKeys(keys); err != nil {
		return nil, err
	}
	at, err := w.frame(keys)
	if err != nil {
		return nil, err
	}
	for i, k := range keys {
		w.set(at[i], k, rows(i), w.Tasks())
	}
	w.finish()
	return w, nil
}

// RowsOf are the rows that Build gives to features.
func RowsOf(keys []Key) ([]int32, error) {
	_, rows, err := newIndex(keys)
	return rows, err
}

// frame checks what w has but for its weights, makes room for those of features, the most frequent first, and gives the rows
// of these.
func (w *Weights) frame(keys []Key) (rows []int32, err error) {
	base := w.AboutTask(0)
	if len(w.bias) != w.Tasks() || base > maxPost {
		return nil, fmt.Errorf("model: %d topics, %d intents and %d biases; give one bias for each task, and at most %d tasks of posts", len(w.Topics), len(w.Intents), len(w.bias), maxPost)
	}
	if len(keys) > rowMask/2 {
		return nil, fmt.Errorf("model: %d features; at most %d are supported", len(keys), rowMask/2)
	}
	if w.index, rows, err = newIndex(keys); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	w.features, w.table = len(keys), newTable(base, len(w.marks))
	return rows, nil
}

// checkKeys reports keys that are not in order.
func checkKeys(keys []Key) error {
	for i, k := range keys {
		if i > 0 && keys[i-1] >= k || k > keyMask {
			return fmt.Errorf("model: key %d does not follow key %d in order, or is too large", i, i-1)
		}
	}
	return nil
}

// finish makes what is asked for often, after the last row is set.
func (w *Weights) finish() {
	slices.SortFunc(w.large, func(a, b largeWeight) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.task, b.task))
	})
	for x := range allSayings {
		w.said[x] = w.addition(x.key())
	}
}

//go:embed weights.bin
var shipped []byte

// Default are the weights that ship with voc.
func Default() (*Weights, error) { return Decode(shipped) }

const magic = "voc linear model 1\n"

// Encode gives the bytes of a weights file.
func (w *Weights) Encode() ([]byte, error) {
	var b []byte
	b = appendText(b, w.Stamp)
	for _, list := range [][]string{w.Topics, w.Intents} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, s := range list {
			b = appendText(b, s)
		}
	}
	for _, v := range w.bias {
		b = binary.AppendVarint(b, int64(v))
	}
	// Rows without a weight are left out. Keys, numbers of weights, tasks and values stand apart, which packs better.
	var keys, sizes, tasks, values []byte
	before, n := Key(0), 0
	order := make([]int32, w.rows)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(w.key(a), w.key(b)) })
	for _, i := range order {
		k, size := w.key(i), 0
		w.eachOf(i, func(task int, value int16) {
			size++
			tasks = append(tasks, uint8(task))
			values = binary.AppendVarint(values, int64(value)/quantum)
		})
		if size == 0 {
			continue
		}
		n++
		keys = binary.AppendUvarint(keys, uint64(k-before))
		before = k
		sizes = append(sizes, uint8(size))
	}
	b = binary.AppendUvarint(b, uint64(n))
	b = append(append(append(append(b, keys...), sizes...), tasks...), values...)
	var out bytes.Buffer
	out.WriteString(magic)
	z, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(b); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// eachOf tells the weights of a row that are not 0, by task.
func (w *Weights) eachOf(row int32, tell func(task int, value int16)) {
	for task := range w.Tasks() {
		if v := w.weightOf(row, task); v != 0 {
			tell(task, int16(v))
		}
	}
}

// Least is the smallest weight that is kept; smaller ones are most of a file and change next to nothing.
const Least = 0.02

// quantum is the step of stored weights; most take one byte.
const quantum = 16

// Quantize rounds a weight to what a weights file can hold.
func Quantize(x float64) int16 {
	if math.Abs(x) < Least {
		return 0
	}
	v := math.Round(x*One/quantum) * quantum
	return int16(max(-32000, min(32000, v)))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
