package forget

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"time"
)

// place is where something of a subject is kept, and how it is removed.
type place struct {
	table string
	// label says in Japanese what the rows are.
	label string
	// where are the conditions on rows that hold something; each is one statement.
	where []string
	// update blanks columns instead of removing the rows; empty removes.
	update string
}

// places lists where something of the targets may be. It is the one list that counting and removing share.
func (t *targets) places() []place {
	byPost := func(hash string, more string) []string {
		var out []string
		for _, in := range inLists(t.hashes) {
			out = append(out, hash+" IN ("+in+")"+more)
		}
		return out
	}
	byKey := func() []string {
		var out []string
		for _, in := range inLists(t.keys) {
			out = append(out, "hex(sipHash128(message_key)) IN ("+in+")")
		}
		return out
	}
	bound := ""
	if t.community != "" {
		bound = " AND hex(sipHash128(toString(community))) = '" + t.communityHash + "'"
	}
	by := func(column string) []string {
		if t.author == "" {
			return nil
		}
		return []string{"hex(sipHash128(toString(" + column + "))) = '" + t.author + "'" + bound}
	}
	tombstone := fmt.Sprintf(" AND NOT (deleted = 1 AND source_version = %d)", uint64(math.MaxUint64))
	return []place{
		{table: "post_facts", label: "投稿 (すべての版と本文)", where: byPost(hashOfPost, tombstone)},
		{table: "post_tag_history", label: "過去のタグ付け結果", where: byPost(hashOfPost, "")},
		{table: "post_registry", label: "投稿の台帳", where: byPost(hashOfPost, "")},
		{table: "survey_facts", label: "アンケート回答", where: append(byPost(hashOfAnswer, ""), by("author_id")...)},
		{table: "activity_facts", label: "行動記録", where: by("author_id")},
		{table: "activity_facts", label: "行動記録の招待者欄", where: by("invited_by"), update: "invited_by = ''"},
		{table: "activity_facts", label: "他の人の行動記録にある投稿番号", where: byPost(hashOfPost, ""), update: "post_id = ''"},
		{table: "record_outcomes", label: "取込台帳にある投稿番号", where: byPost(hashOfPost, ""), update: "outcome = 'filtered', community = '', post_id = '', source_version = 0"},
		{table: "dead_letter_facts", label: "拒否メッセージのキー", where: byKey(), update: "message_key = ''"},
		{table: "post_decision_facts", label: "隔離についての人の判断", where: byPost(hashOfPost, "")},
		// Whoever decides or acts gives a name of their own; it is theirs when they gave what stands for them here.
		{table: "post_decision_facts", label: "判断した人の欄", where: by("decided_by"), update: "decided_by = ''"},
		{table: "action_facts", label: "対応の担当者欄", where: by("owner"), update: "owner = ''"},
		{table: "action_facts", label: "対応を記録した人の欄", where: by("made_by"), update: "made_by = ''"},
		// The week's row goes as a whole; the next comparison makes it afresh.
		{table: "duplicate_windows", label: "類似投稿のまとまり", where: t.copies(bound)},
	}
}

// copies are the conditions on weeks that name one of the posts, or the author, among the copies.
func (t *targets) copies(bound string) []string {
	var out []string
	for _, in := range inLists(t.hashes) {
		out = append(out, "arrayExists(p -> hex(sipHash128(toString(community), p)) IN ("+in+"), members.post_id)")
	}
	if t.author != "" {
		out = append(out, fmt.Sprintf("has(members.author, %d)%s", t.authorKey, bound))
	}
	return out
}

// count counts what is there now.
func (f *Forget) count(ctx context.Context, t *targets, cert *Certificate, set func(*Count, uint64)) error {
	all := t.places()
	if len(cert.Counts) == 0 {
		for _, p := range all {
			cert.Counts = append(cert.Counts, Count{Table: p.table, Label: p.label, Blanked: p.update != ""})
		}
		cert.Counts = append(cert.Counts, Count{Table: "day_windows", Label: "日別集計にある投稿者の印"})
	}
	for i, p := range all {
		var n uint64
		for _, where := range p.where {
			var c uint64
			if err := f.deps.Conn.QueryRow(ctx, "SELECT count() FROM "+p.table+" WHERE "+where).Scan(&c); err != nil {
				return fmt.Errorf("forget: cannot count the rows of %s: %w", p.table, err)
			}
			n += c
		}
		set(&cert.Counts[i], n)
	}
	n, err := f.marked(ctx, t)
	if err != nil {
		return err
	}
	set(&cert.Counts[len(all)], n)
	return nil
}

// marked counts the days whose aggregates hold the author's mark. It is a hash, but the same one every day.
func (f *Forget) marked(ctx context.Context, t *targets) (uint64, error) {
	if t.author == "" {
		return 0, nil
	}
	var cond []string
	for column, field := range map[string]string{"cells": "authors", "topics": "authors", "intents": "authors", "hours": "authors", "activity": "members"} {
		cond = append(cond, fmt.Sprintf("arrayExists(c -> has(c.%s, %d), %s)", field, t.authorKey, column))
	}
	cond = append(cond, fmt.Sprintf("has(joins.member, %d)", t.authorKey))
	bound := ""
	if t.community != "" {
		bound = " AND hex(sipHash128(toString(community))) = '" + t.communityHash + "'"
	}
	var n uint64
	if err := f.deps.Conn.QueryRow(ctx, "SELECT count() FROM day_windows WHERE ("+strings.Join(cond, " OR ")+")"+bound).Scan(&n); err != nil {
		return 0, fmt.Errorf("forget: cannot count the rows of day_windows: %w", err)
	}
	return n, nil
}

// mutate removes the rows and waits until that is done.
func (f *Forget) mutate(ctx context.Context, t *targets) error {
	for _, p := range t.places() {
		for _, where := range p.where {
			var n uint64
			if err := f.deps.Conn.QueryRow(ctx, "SELECT count() FROM "+p.table+" WHERE "+where).Scan(&n); err != nil {
				return fmt.Errorf("forget: cannot count the rows of %s: %w", p.table, err)
			}
			if n == 0 {
				continue // a mutation without rows would still be kept by the server
			}
			what := "DELETE"
			if p.update != "" {
				what = "UPDATE " + p.update
			}
			if err := f.hurry(ctx, p.table); err != nil {
				return err
			}
			if err := f.exec(ctx, "ALTER TABLE "+f.local(p.table)+f.onCluster()+" "+what+" WHERE "+where+" SETTINGS mutations_sync = 2"); err != nil {
				return fmt.Errorf("forget: cannot remove rows of %s: %w", p.table, err)
			}
		}
	}
	err := f.hurry(ctx, "day_windows")
	for _, k := range kept() {
		err = errors.Join(err, f.hurry(ctx, k.table))
	}
	return err
}

// hurried are the settings that hurry changes.
const hurried = "old_parts_lifetime, min_rows_to_fsync_after_merge, cleanup_delay_period"

// hurry has a table's outdated files unlinked at once instead of after eight minutes, and the files that take their
// place written through to the disk before: that is what the eight minutes are for.
func (f *Forget) hurry(ctx context.Context, table string) error {
	if err := f.exec(ctx, "ALTER TABLE "+f.local(table)+f.onCluster()+" MODIFY SETTING old_parts_lifetime = 1, min_rows_to_fsync_after_merge = 1, cleanup_delay_period = 1"); err != nil {
		return fmt.Errorf("forget: cannot change the settings of %s: %w", table, err)
	}
	return nil
}

// outdated lists the files of the tables that are no longer read but still there. Once the rows are removed, whatever
// held them is among these, or gone already.
func (f *Forget) outdated(ctx context.Context) (map[string]bool, error) {
	tables := map[string]bool{"day_windows": true}
	for _, k := range kept() {
		tables[k.table] = true
	}
	for _, p := range (&targets{}).places() {
		tables[p.table] = true
	}
	out := map[string]bool{}
	err := f.each(ctx, "SELECT table, name FROM system.parts WHERE database = currentDatabase() AND NOT active", nil, func(scan func(...any) error) error {
		var table, name string
		if err := scan(&table, &name); err != nil {
			return err
		}
		if tables[strings.TrimSuffix(table, "_local")] {
			out[table+"/"+name] = true
		}
		return nil
	})
	return out, err
}

// unlinked waits until none of the files that held a row is there any more, and gives the tables their settings back.
func (f *Forget) unlinked(ctx context.Context, cert *Certificate) (err error) {
	waiting, err := f.outdated(ctx)
	if err != nil {
		return err
	}
	tables := map[string]bool{}
	for p := range waiting {
		table, _, _ := strings.Cut(p, "/")
		tables[strings.TrimSuffix(table, "_local")] = true
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		for table := range tables {
			if rerr := f.exec(ctx, "ALTER TABLE "+f.local(table)+f.onCluster()+" RESET SETTING "+hurried); rerr != nil {
				err = errors.Join(err, fmt.Errorf("forget: cannot reset the settings of %s: %w", table, rerr))
			}
		}
	}()
	for table := range tables {
		if err := f.hurry(ctx, table); err != nil {
			return err
		}
	}
	for {
		now, err := f.outdated(ctx)
		if err != nil {
			return err
		}
		left, wake := 0, map[string]bool{}
		for p := range waiting {
			if now[p] {
				left++
				table, _, _ := strings.Cut(p, "/")
				wake[table] = true
			}
		}
		if left == 0 {
			cert.Unlinked = true
			return nil
		}
		// The cleaning of a quiet table sleeps for minutes; starting it, which was never stopped, wakes it.
		for table := range wake {
			if err := f.exec(ctx, "SYSTEM START CLEANUP "+table); err != nil {
				f.deps.Log.DebugContext(ctx, "cannot wake the table; its files take a little longer", slog.String("table", table), slog.Any("error", err))
			}
		}
		if err := sleep(ctx, time.Second); err != nil {
			return fmt.Errorf("forget: everything is removed, but %d files that held it are not unlinked yet; the server does that by itself, give it a longer --deadline to have it confirmed: %w", left, err)
		}
	}
}

// exec runs a statement, within the context's deadline.
func (f *Forget) exec(ctx context.Context, statement string) error {
	return f.deps.Conn.Exec(ctx, statement)
}

// local is the table that holds the rows of a shard.
func (f *Forget) local(table string) string {
	if f.cfg.Sharded {
		return table + "_local"
	}
	return table
}

func (f *Forget) onCluster() string {
	if f.cfg.Cluster == "" {
		return ""
	}
	return " ON CLUSTER " + f.cfg.Cluster
}
