package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"voc/analyze/taxonomy/tryout"
	"voc/ingest/importer"
)

// readPostFile reads posts to try something on: JSON Lines as voc analyze reads them, CSV or TSV as voc import reads
// them, or any other file as plain text, one post a line. "-" is standard input with JSON Lines.
func (a *app) readPostFile(ctx context.Context, file string) ([]tryout.Post, error) {
	if file == "-" {
		return postLines(a.in, false)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read the posts: %w", err)
	}
	defer f.Close()
	var posts []tryout.Post
	switch ext := strings.ToLower(filepath.Ext(file)); ext {
	case ".csv", ".tsv":
		posts, err = postRows(ctx, f, importer.FormatOf(file))
	default:
		posts, err = postLines(f, ext != ".jsonl" && ext != ".ndjson" && ext != ".json")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(posts) == 0 {
		return nil, fmt.Errorf("%s holds no posts; give JSON Lines with post_id and body, CSV or TSV with a column of texts, or one text a line", file)
	}
	return posts, nil
}

// postLines reads one post a line. Blank lines are no posts.
func postLines(in io.Reader, text bool) ([]tryout.Post, error) {
	var posts []tryout.Post
	lw := &lineWorker{text: text}
	r := bufio.NewReaderSize(in, 1<<16)
	for n := 1; ; n++ {
		line, err := readLine(r)
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return nil, fmt.Errorf("cannot read line %d: %w", n, err)
		}
		if strings.TrimSpace(string(line)) != "" {
			p, err := lw.decode(n, line)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			posts = append(posts, tryout.Post{ID: p.PostID, Input: inputOf(&p)})
		}
		if end {
			return posts, nil
		}
	}
}

// postRows reads the rows of a table. Times do not matter here, so rows need none.
func postRows(ctx context.Context, in io.Reader, format importer.Format) ([]tryout.Post, error) {
	now, err := importer.ParsePostedAt("now", time.Now())
	if err != nil {
		return nil, err
	}
	r, err := importer.Open(importer.Config{Format: format, PostedAt: now, MaxErrors: 0}, in)
	if err != nil {
		return nil, err
	}
	var posts []tryout.Post
	_, err = r.Read(ctx, func(row importer.Row) error {
		posts = append(posts, tryout.Post{ID: row.Post.PostID, Input: inputOf(&row.Post)})
		return nil
	})
	return posts, err
}
