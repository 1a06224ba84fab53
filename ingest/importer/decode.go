package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// sniffBytes is how much of a file is looked at to find its encoding.
const sniffBytes = 1 << 20

// lookupEncoding finds an encoding by its name; nil means UTF-8, which needs no decoding.
func lookupEncoding(name string) (encoding.Encoding, error) {
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name)) {
	case "utf8":
		return nil, nil
	case "utf16":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	case "utf16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	case "utf16be":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), nil
	case "shiftjis", "sjis", "cp932", "ms932", "windows31j":
		return japanese.ShiftJIS, nil
	case "eucjp":
		return japanese.EUCJP, nil
	case "iso2022jp", "jis":
		return japanese.ISO2022JP, nil
	}
	return nil, fmt.Errorf("encoding is %q; it must be utf-8, utf-16, shift_jis, euc-jp or iso-2022-jp", name)
}

// detect finds the encoding of a file by its beginning.
func detect(head []byte, all bool) (string, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return "utf-8", nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return "utf-16le", nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "utf-16be", nil
	}
	if bytes.Contains(head, []byte("\x1b$B")) || bytes.Contains(head, []byte("\x1b$@")) {
		return "iso-2022-jp", nil
	}
	// The beginning may end in the middle of a character; the last line is left out then.
	if !all {
		if i := bytes.LastIndexByte(head, '\n'); i > 0 {
			head = head[:i]
		}
	}
	if utf8.Valid(head) {
		return "utf-8", nil
	}
	best, fewest := "", -1
	for _, name := range []string{"shift_jis", "euc-jp"} {
		e, err := lookupEncoding(name)
		if err != nil {
			return "", err
		}
		s, err := e.NewDecoder().Bytes(head)
		if err != nil {
			continue
		}
		bad := bytes.Count(s, []byte("\uFFFD"))*50 + strangeKana(s)
		if fewest < 0 || bad < fewest {
			best, fewest = name, bad
		}
	}
	if validShare(head) > .98 {
		return "utf-8", nil // a few broken bytes in a UTF-8 file are faults of their rows
	}
	if best == "" || fewest > len(head)/20 {
		return "", errors.New("cannot tell the encoding of the file; give it with encoding (utf-8, shift_jis, euc-jp, …)")
	}
	return best, nil
}

// strangeKana counts half-width kana: text in EUC-JP that is read as Shift_JIS is full of them.
func strangeKana(s []byte) int {
	n := 0
	for _, c := range string(s) {
		if c >= '｡' && c <= 'ﾟ' {
			n++
		}
	}
	return n
}

// validShare is the share of bytes beyond ASCII that belong to well-formed UTF-8.
func validShare(b []byte) float64 {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n <= 1:
			bad++
		case n > 1:
			good += n
		}
		b = b[max(n, 1):]
	}
	if good+bad == 0 {
		return 1
	}
	return float64(good) / float64(good+bad)
}

// countingReader counts the bytes that were read of the file.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// decoded returns the file as UTF-8 without a byte order mark, and the name of its encoding.
func decoded(r io.Reader, name string) (io.Reader, string, error) {
	head := make([]byte, sniffBytes)
	n, err := io.ReadFull(r, head)
	all := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !all {
		return nil, "", fmt.Errorf("read the file: %w", err)
	}
	head = head[:n]
	if name == "" {
		if name, err = detect(head, all); err != nil {
			return nil, "", err
		}
	}
	e, err := lookupEncoding(name)
	if err != nil {
		return nil, "", err
	}
	if e == nil {
		head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	}
	whole := io.MultiReader(bytes.NewReader(head), r)
	if e == nil {
		return whole, name, nil
	}
	return e.NewDecoder().Reader(whole), name, nil
}
