package importer

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// flatten reads a JSON object as columns: a nested object gives dotted names, so that {"author":{"id":"u1"}} is the
// column author.id. A null is an empty column; arrays have no place in a post.
func flatten(text string) ([]value, error) {
	d := jsontext.NewDecoder(strings.NewReader(text))
	t, err := d.ReadToken()
	if err != nil {
		return nil, jsonFault(err)
	}
	if t.Kind() != '{' {
		return nil, errors.New("the line must be one JSON object such as {\"body\":\"…\"}")
	}
	var out []value
	if err := flattenObject(d, "", 1, &out); err != nil {
		return nil, err
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the line must hold one JSON object and nothing behind it")
	}
	return out, nil
}

// maxNesting is how deep objects may nest; a post nests once.
const maxNesting = 4

func flattenObject(d *jsontext.Decoder, prefix string, depth int, out *[]value) error {
	for {
		t, err := d.ReadToken()
		if err != nil {
			return jsonFault(err)
		}
		if t.Kind() == '}' {
			return nil
		}
		name := prefix + t.String()
		switch kind := d.PeekKind(); kind {
		case '{':
			if depth >= maxNesting {
				return fmt.Errorf("%s nests deeper than %d objects", short(name), maxNesting)
			}
			if _, err := d.ReadToken(); err != nil {
				return jsonFault(err)
			}
			if err := flattenObject(d, name+".", depth+1, out); err != nil {
				return err
			}
		case '[':
			return fmt.Errorf("%s is an array; it must be a text, a number or an object", short(name))
		default:
			v, err := d.ReadToken()
			if err != nil {
				return jsonFault(err)
			}
			text := v.String()
			if kind == 'n' {
				text = ""
			}
			*out = append(*out, value{column: name, text: text})
		}
	}
}

func jsonFault(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the line ends in the middle of a JSON object; each line must hold a whole one")
	}
	return fmt.Errorf("the line is not JSON: %w", err)
}
