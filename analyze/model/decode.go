package model

import (
	"bufio"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// errFile says that a weights file is damaged.
var errFile = errors.New("the weights file is damaged; run `make generate`")

// maxFile bounds what a weights file unpacks to, in bytes.
const maxFile = 64 << 20

// Decode reads the bytes of a weights file. It unpacks them as it goes, so that little more memory is needed than the
// weights take in the end.
func Decode(file []byte) (*Weights, error) {
	packed, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok {
		return nil, fmt.Errorf("model: it does not begin with %q: %w", magic[:len(magic)-1], errFile)
	}
	d := decoder{r: bufio.NewReader(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxFile))}
	w := &Weights{Stamp: d.text(), Topics: d.list(), Intents: d.list()}
	if d.failed || w.AboutTask(0) > maxPost {
		return nil, fmt.Errorf("model: %w", errFile)
	}
	w.bias = make([]int32, w.Tasks())
	for i := range w.bias {
		w.bias[i] = int32(d.varint())
	}
	keys := d.keys()
	sizes := d.bytes(len(keys))
	total := 0
	for _, n := range sizes {
		total += int(n)
	}
	which := d.bytes(total)
	if d.failed {
		return nil, fmt.Errorf("model: %w", errFile)
	}
	if err := checkKeys(keys); err != nil {
		return nil, err
	}
	order := bySize(sizes)
	sorted := make([]Key, len(keys))
	for i, at := range order {
		sorted[at] = keys[i]
	}
	rows, err := w.frame(sorted)
	if err != nil {
		return nil, err
	}
	var list []Weight
	for i, at := range order {
		list = list[:0]
		for _, task := range which[:sizes[i]] {
			d.failed = d.failed || int(task) >= w.Tasks()
			list = append(list, Weight{task, int16(d.varint() * quantum)})
		}
		which = which[sizes[i]:]
		w.set(rows[at], keys[i], list, w.Tasks())
	}
	if _, err := d.r.ReadByte(); d.failed || !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("model: %w", errFile)
	}
	w.finish()
	sum := sha256.Sum256(file)
	w.hash = hex.EncodeToString(sum[:])
	return w, nil
}

// bySize orders keys: those with many weights, which are seen in most posts, come first. It gives the place of each.
func bySize(sizes []byte) []int32 {
	var next [math.MaxUint8 + 1]int32
	for _, n := range sizes {
		next[n]++
	}
	row := int32(0)
	for n := math.MaxUint8; n >= 0; n-- {
		next[n], row = row, row+next[n]
	}
	rows := make([]int32, len(sizes))
	for i, n := range sizes {
		rows[i] = next[n]
		next[n]++
	}
	return rows
}

// decoder reads the parts of a file. After the first failure it gives zeros.
type decoder struct {
	r      *bufio.Reader
	failed bool
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

// keys reads keys, each told by how much larger it is than the one before.
func (d *decoder) keys() []Key {
	keys := make([]Key, d.count(rowMask-1))
	before := Key(0)
	for i := range keys {
		if d.failed {
			return nil
		}
		before += Key(d.uvarint())
		keys[i] = before
	}
	return keys
}

func (d *decoder) bytes(n int) []byte {
	if d.failed || n > maxFile {
		d.failed = true
		return nil
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(d.r, b); err != nil {
		d.failed = true
	}
	return b
}

func (d *decoder) uvarint() uint64 {
	if d.failed {
		return 0
	}
	x, err := binary.ReadUvarint(d.r)
	d.failed = err != nil
	return x
}

func (d *decoder) varint() int64 {
	if d.failed {
		return 0
	}
	x, err := binary.ReadVarint(d.r)
	d.failed = err != nil
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

func (d *decoder) text() string { return string(d.bytes(d.count(1 << 16))) }
