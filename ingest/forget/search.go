package forget

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ClickHouse/ch-go/compress"
)

// Search reads every file below a folder, raw and, where it is in ClickHouse's compressed format, decompressed, and
// returns those that hold one of the texts. Files that vanish meanwhile hold nothing any more.
func Search(dir string, texts []string) (found []string, files int, err error) {
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
		if hit {
			found = append(found, path)
		}
		return nil
	})
	return found, files, err
}

func (f *Forget) search(t *targets, cert *Certificate) error {
	var texts []string
	for s := range t.texts {
		texts = append(texts, s)
	}
	found, files, err := Search(f.cfg.DataDir, texts)
	if err != nil {
		return fmt.Errorf("forget: cannot search the data folder: %w", err)
	}
	cert.Found, cert.Searched, cert.Texts = found, files, len(texts)
	return nil
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

// in says whether one of the texts is in b.
func (n *needles) in(b []byte) bool {
	for i := 0; i+4 <= len(b); i++ {
		k := binary.LittleEndian.Uint32(b[i:])
		h := slot(k)
		if n.starts[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, s := range n.byStart[k] {
			if bytes.HasPrefix(b[i:], s) {
				return true
			}
		}
	}
	return false
}

func (n *needles) inFile(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	if hit, err := n.inStream(f); hit || err != nil {
		return hit, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	return n.inStream(&frames{r: f})
}

// inStream looks through what a reader gives; a text may lie across two reads.
func (n *needles) inStream(r io.Reader) (bool, error) {
	buf := make([]byte, 0, 1<<20+n.longest)
	for {
		m, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+m]
		if n.in(buf) {
			return true, nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return false, nil
		}
		if err != nil {
			return false, err
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
