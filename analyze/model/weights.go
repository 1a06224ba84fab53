package model

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	_ "embed" // for the weights
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
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

	bias []int32
	keys []Key // of every row, sorted
	// post and about are the weights of every row: for the tasks of posts, and in each zone for the polarity of topics.
	post  ragged
	about [Zones]ragged
	// slots is a hash table of rows, counted from 1.
	slots []int32
	mask  uint64
}

// ragged are lists of weights, one behind the other.
type ragged struct {
	first []uint32
	list  []Weight
}

func (r *ragged) row(i int32) []Weight { return r.list[r.first[i]:r.first[i+1]] }

func (r *ragged) add(list []Weight) {
	if r.first == nil {
		r.first = []uint32{0}
	}
	r.list = append(r.list, list...)
	r.first = append(r.first, uint32(len(r.list)))
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

// Rows is the number of features.
func (w *Weights) Rows() int { return len(w.keys) }

// Hash identifies the weights.
func (w *Weights) Hash() string { return w.hash }

func (w *Weights) find(k Key) int32 {
	for i := uint64(k) & w.mask; ; i = (i + 1) & w.mask {
		s := w.slots[i]
		if s == 0 {
			return -1
		}
		if w.keys[s-1] == k {
			return s - 1
		}
	}
}

// Find is the row of a feature, or -1.
func (w *Weights) Find(k Key) int32 { return w.find(k) }

// Build makes weights of rows that are sorted by key, the weights of a row by task. Bias has one entry per task.
func Build(topics, intents []string, stamp string, bias []int32, keys []Key, rows func(i int) []Weight) (*Weights, error) {
	w := &Weights{Topics: topics, Intents: intents, Stamp: stamp, bias: bias, keys: keys}
	base := w.AboutTask(0)
	if len(bias) != w.Tasks() || base > maxPost {
		return nil, fmt.Errorf("model: %d topics, %d intents and %d biases; give one bias for each task, and at most %d tasks of posts", len(topics), len(intents), len(bias), maxPost)
	}
	for i, k := range keys {
		if i > 0 && keys[i-1] >= k {
			return nil, fmt.Errorf("model: key %d does not follow key %d in order", i, i-1)
		}
		row := rows(i)
		n := 0
		for n < len(row) && int(row[n].Task) < base {
			n++
		}
		w.post.add(row[:n])
		for zone := range Zones {
			var about []Weight
			for ; n < len(row) && int(row[n].Task) < w.AboutTask(zone+1); n++ {
				about = append(about, Weight{row[n].Task - uint8(w.AboutTask(zone)), row[n].Value})
			}
			w.about[zone].add(about)
		}
	}
	w.index()
	return w, nil
}

func (w *Weights) index() {
	size := 16
	for size < 3*len(w.keys) {
		size *= 2
	}
	w.slots, w.mask = make([]int32, size), uint64(size-1)
	for i, k := range w.keys {
		at := uint64(k) & w.mask
		for w.slots[at] != 0 {
			at = (at + 1) & w.mask
		}
		w.slots[at] = int32(i + 1)
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
	for i, k := range w.keys {
		size := len(w.post.row(int32(i)))
		for zone := range w.about {
			size += len(w.about[zone].row(int32(i)))
		}
		if size == 0 {
			continue
		}
		n++
		keys = binary.AppendUvarint(keys, uint64(k-before))
		before = k
		sizes = append(sizes, uint8(size))
		put := func(list []Weight, base int) {
			for _, x := range list {
				tasks = append(tasks, x.Task+uint8(base))
				values = binary.AppendVarint(values, int64(x.Value)/quantum)
			}
		}
		put(w.post.row(int32(i)), 0)
		for zone := range w.about {
			put(w.about[zone].row(int32(i)), w.AboutTask(zone))
		}
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

// errFile says that a weights file is damaged.
var errFile = errors.New("the weights file is damaged; run `make generate`")

// maxFile bounds what a weights file unpacks to, in bytes.
const maxFile = 64 << 20

// Decode reads the bytes of a weights file.
func Decode(file []byte) (*Weights, error) {
	packed, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok {
		return nil, fmt.Errorf("model: it does not begin with %q: %w", magic[:len(magic)-1], errFile)
	}
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxFile))
	if err != nil {
		return nil, fmt.Errorf("model: %w: %w", errFile, err)
	}
	d := decoder{b: b}
	w := &Weights{Stamp: d.text(), Topics: d.list(), Intents: d.list()}
	tasks := w.Tasks()
	if d.failed || w.AboutTask(0) > maxPost {
		return nil, fmt.Errorf("model: %w", errFile)
	}
	bias := make([]int32, tasks)
	for i := range bias {
		bias[i] = int32(d.varint())
	}
	keys := make([]Key, d.count(len(b)))
	before := Key(0)
	for i := range keys {
		before += Key(d.uvarint())
		keys[i] = before
	}
	sizes := []byte(d.take(len(keys)))
	total := 0
	for _, n := range sizes {
		total += int(n)
	}
	which := []byte(d.take(total))
	if d.failed {
		return nil, fmt.Errorf("model: %w", errFile)
	}
	list := make([]Weight, total)
	for i, task := range which {
		d.failed = d.failed || int(task) >= tasks
		list[i] = Weight{task, int16(d.varint() * quantum)}
	}
	if d.failed || len(d.b) != 0 {
		return nil, fmt.Errorf("model: %w", errFile)
	}
	out, err := Build(w.Topics, w.Intents, w.Stamp, bias, keys, func(i int) []Weight {
		row := list[:sizes[i]]
		list = list[sizes[i]:]
		return row
	})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(file)
	out.hash = hex.EncodeToString(sum[:])
	return out, nil
}

// list reads tags, which must be sorted.
func (d *decoder) list() []string {
	var out []string
	for n := d.count(math.MaxUint8); n > 0 && !d.failed; n-- {
		out = append(out, d.text())
	}
	if !slices.IsSorted(out) {
		d.failed = true
	}
	return out
}

type decoder struct {
	b      []byte
	failed bool
}

func (d *decoder) take(n int) string {
	if n < 0 || n > len(d.b) {
		d.failed = true
		return ""
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

func (d *decoder) uvarint() uint64 {
	x, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.failed = true
		return 0
	}
	d.b = d.b[n:]
	return x
}

func (d *decoder) varint() int64 {
	x, n := binary.Varint(d.b)
	if n <= 0 {
		d.failed = true
		return 0
	}
	d.b = d.b[n:]
	return x
}

func (d *decoder) count(limit int) int {
	n := d.uvarint()
	if n > uint64(limit) {
		d.failed = true
		return 0
	}
	return int(n)
}

func (d *decoder) text() string { return d.take(d.count(1 << 16)) }
