// Package revision gives every analyzer a number.
//
// The number is the last and lightest part of a post's version, so that a post that is analysed again by a newer
// analyzer replaces what the older one said. It must therefore be the same for the same analyzer wherever it runs,
// and higher for every analyzer that is new to the database.
//
// How two workers that register at once never get the same number for different analyzers: a claim is one insert
// that carries the number as its deduplication token, and the server accepts one insert a token. Whoever reads the
// row afterwards sees whose claim it was. A claim that the server forgets in a crash leaves a hole, never a
// duplicate.
package revision

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// table is where revisions are kept.
const table = "analyzer_revision_facts"

// attempts bounds the claims of one registration; each failed one means that another worker got the number.
const attempts = 100

// Register returns the newest number of the analyzer with the given hash, giving it the next one when it has none.
// Version and detail say what it was made of; they are kept from the registration that gave the number.
func Register(ctx context.Context, conn driver.Conn, hash, version, detail string) (uint16, error) {
	return register(ctx, conn, hash, version, detail, func(number, _ uint16) bool { return number != 0 })
}

// Activate is Register for an analyzer whose results are to win over those of every other one: it returns the highest
// number of all, giving the analyzer a further one when others were registered after it. That is what going back to
// an earlier taxonomy means.
func Activate(ctx context.Context, conn driver.Conn, hash, version, detail string) (uint16, error) {
	return register(ctx, conn, hash, version, detail, func(number, last uint16) bool { return number != 0 && number == last })
}

// Numbers returns every number of the analyzer with the given hash, and the highest one that any analyzer has. It
// registers nothing.
func Numbers(ctx context.Context, conn driver.Conn, hash string) (numbers []uint16, last uint16, err error) {
	if err := conn.QueryRow(ctx, "SELECT arraySort(groupUniqArrayIf(revision, hash = ?)), max(revision) FROM "+table, hash).Scan(&numbers, &last); err != nil {
		return nil, 0, fmt.Errorf("revision: cannot read the analyzers: %w", err)
	}
	return numbers, last, nil
}

// EndingWith returns the numbers of the analyzers whose hash ends with suffix. It registers nothing.
func EndingWith(ctx context.Context, conn driver.Conn, suffix string) (numbers []uint16, err error) {
	if suffix == "" {
		return nil, errors.New("revision: the end of the hash is empty and would fit every analyzer")
	}
	if err := conn.QueryRow(ctx, "SELECT arraySort(groupUniqArrayIf(revision, endsWith(hash, ?))) FROM "+table, suffix).Scan(&numbers); err != nil {
		return nil, fmt.Errorf("revision: cannot read the analyzers: %w", err)
	}
	return numbers, nil
}

func register(ctx context.Context, conn driver.Conn, hash, version, detail string, good func(number, last uint16) bool) (uint16, error) {
	if hash == "" {
		return 0, errors.New("revision: the analyzer's hash is empty")
	}
	for range attempts {
		number, last, err := lookup(ctx, conn, hash)
		if err != nil || good(number, last) {
			return number, err
		}
		if last == math.MaxUint16 {
			return 0, fmt.Errorf("revision: all %d numbers are used; start a new database", math.MaxUint16)
		}
		// A claim that is lost in a crash keeps its token, so the next one must skip a number nobody can have.
		for claim := uint32(last) + 1; claim <= math.MaxUint16; claim++ {
			owner, err := try(ctx, conn, uint16(claim), hash, version, detail)
			if err != nil {
				return 0, err
			}
			if owner == hash {
				return uint16(claim), nil
			}
			if owner != "" {
				break
			}
		}
	}
	return 0, fmt.Errorf("revision: %d other analyzers were registered meanwhile; try again", attempts)
}

// lookup returns the number of an analyzer, or 0, and the highest number given.
func lookup(ctx context.Context, conn driver.Conn, hash string) (number, last uint16, err error) {
	err = conn.QueryRow(ctx, "SELECT maxIf(revision, hash = ?), max(revision) FROM "+table, hash).Scan(&number, &last)
	if err != nil {
		return 0, 0, fmt.Errorf("revision: cannot read the analyzers: %w", err)
	}
	return number, last, nil
}

// try claims a number and returns the hash of its owner, or "" when the number has none.
func try(ctx context.Context, conn driver.Conn, number uint16, hash, version, detail string) (string, error) {
	claim := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"async_insert": 0, "insert_deduplicate": 1, "insert_deduplication_token": fmt.Sprintf("revision/%d", number),
	}))
	batch, err := conn.PrepareBatch(claim, "INSERT INTO "+table+" (revision, hash, version, detail)")
	if err != nil {
		return "", fmt.Errorf("revision: cannot register the analyzer: %w", err)
	}
	if err := batch.Append(number, hash, version, detail); err != nil {
		_ = batch.Abort()
		return "", fmt.Errorf("revision: cannot register the analyzer: %w", err)
	}
	if err := batch.Send(); err != nil {
		return "", fmt.Errorf("revision: cannot register the analyzer: %w", err)
	}
	var owners []string
	if err := conn.QueryRow(ctx, "SELECT groupUniqArray(hash) FROM "+table+" WHERE revision = ?", number).Scan(&owners); err != nil {
		return "", fmt.Errorf("revision: cannot read the analyzers: %w", err)
	}
	switch len(owners) {
	case 0:
		return "", nil
	case 1:
		return owners[0], nil
	}
	return "", fmt.Errorf("revision: number %d was given to %d analyzers; the table %s was changed by hand", number, len(owners), table)
}
