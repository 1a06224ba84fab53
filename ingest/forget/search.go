package forget

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/ext"
)

// Search reads every file below a folder, raw and, where it is in ClickHouse's compressed format, decompressed, and
// returns the texts that each of those holds which hold one. Files that vanish meanwhile hold nothing any more.
func Search(dir string, texts []string) (found map[string][]string, files int, err error) {
	found = map[string][]string{}
	n := newNeedles(texts)
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case !d.Type().IsRegular():
			return nil
		}
		files++
		hit, err := n.inFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("search %s: %w", path, err)
		}
		if len(hit) > 0 {
			found[path] = hit
		}
		return nil
	})
	return found, files, err
}

// search searches the data folder. A text that another post holds too proves nothing when it is found.
func (f *Forget) search(ctx context.Context, t *targets, cert *Certificate) error {
	found, files, err := Search(f.cfg.DataDir, slices.Sorted(maps.Keys(t.texts)))
	if err != nil {
		return fmt.Errorf("forget: cannot search the data folder: %w", err)
	}
	texts := map[string]bool{}
	for _, hits := range found {
		for _, s := range hits {
			texts[s] = true
		}
	}
	shared, err := f.shared(ctx, texts)
	if err != nil {
		return err
	}
	cert.Searched, cert.Texts, cert.Found = files, len(t.texts)-len(shared), nil
	for _, path := range slices.Sorted(maps.Keys(found)) {
		if slices.ContainsFunc(found[path], func(s string) bool { return !shared[s] }) {
			cert.Found = append(cert.Found, path)
		}
	}
	return nil
}

// shared says which texts are part of a post that is still there. They travel as data, not in the statement, which the
// server logs.
func (f *Forget) shared(ctx context.Context, texts map[string]bool) (map[string]bool, error) {
	out := map[string]bool{}
	if len(texts) == 0 {
		return out, nil
	}
	table, err := ext.NewTable("wanted", ext.Column("words", "String"))
	if err != nil {
		return nil, fmt.Errorf("forget: %w", err)
	}
	for s := range texts {
		if err := table.Append(s); err != nil {
			return nil, fmt.Errorf("forget: %w", err)
		}
	}
	err = f.each(clickhouse.Context(ctx, clickhouse.WithExternalTable(table)),
		"SELECT DISTINCT words FROM post_facts CROSS JOIN wanted WHERE position(body, words) > 0 OR position(title, words) > 0", nil, func(scan func(...any) error) error {
			var s string
			err := scan(&s)
			out[s] = true
			return err
		})
	return out, err
}

// needles are texts to look for all at once.
type needles struct {
	byStart map[uint32][][]byte
	starts  [1 << 13]uint64 // one bit for each hash of a start
	longest int
}

func newNeedles(texts []string) *needles {
	n := &needles{byStart: map[uint32][][]byte{}}
	for _, s := range texts {
		if len(s) < 4 {
			continue
		}
		k := binary.LittleEndian.Uint32([]byte(s))
		n.byStart[k] = append(n.byStart[k], []byte(s))
		h := slot(k)
		n.starts[h>>6] |= 1 << (h & 63)
		n.longest = max(n.longest, len(s))
	}
	return n
}

func slot(k uint32) uint32 { return k * 2654435761 >> 13 & (1<<19 - 1) }

// in adds the texts that are in b.
func (n *needles) in(b []byte, hits map[string]bool) {
	for i := 0; i+4 <= len(b); i++ {
		k := binary.LittleEndian.Uint32(b[i:])
		h := slot(k)
		if n.starts[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, s := range n.byStart[k] {
			if bytes.HasPrefix(b[i:], s) {
				hits[string(s)] = true
			}
		}
	}
}

func (n *needles) inFile(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	hits := map[string]bool{}
	if err := n.inStream(f, hits); err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	err = n.inStream(&frames{r: f}, hits)
	return slices.Sorted(maps.Keys(hits)), err
}

// inStream looks through what a reader gives; a text may lie across two reads.
func (n *needles) inStream(r io.Reader, hits map[string]bool) error {
	buf := make([]byte, 0, 1<<20+n.longest)
	for {
		m, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+m]
		n.in(buf, hits)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
		keep := min(len(buf), n.longest)
		buf = buf[:copy(buf, buf[len(buf)-keep:])]
	}
}

// frames reads the contents of ClickHouse's compressed blocks one after the other. It ends where the file is not in
// that format; blocks of other codecs, which hold numbers, are left out.
type frames struct {
	r   io.Reader
	out []byte
}

// The header of a block: checksum, method, size with the 9 bytes from the method on, size of the content.
const (
	checksumBytes = 16
	headerBytes   = checksumBytes + 9
	maxBlock      = 256 << 20
)

// Read implements io.Reader.
func (x *frames) Read(p []byte) (int, error) {
	for len(x.out) == 0 {
		x.out = nil
		if err := x.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, x.out)
	x.out = x.out[n:]
	return n, nil
}

func (x *frames) next() error {
	head := make([]byte, headerBytes)
	if _, err := io.ReadFull(x.r, head); err != nil {
		return io.EOF
	}
	size, content := binary.LittleEndian.Uint32(head[checksumBytes+1:]), binary.LittleEndian.Uint32(head[checksumBytes+5:])
	if size < 9 || size > maxBlock || content > maxBlock {
		return io.EOF
	}
	frame := make([]byte, checksumBytes+int(size))
	copy(frame, head)
	if _, err := io.ReadFull(x.r, frame[headerBytes:]); err != nil {
		return io.EOF
	}
	out := make([]byte, content)
	if _, err := io.ReadFull(compress.NewReader(bytes.NewReader(frame)), out); err == nil {
		x.out = out
	}
	return nil
}
