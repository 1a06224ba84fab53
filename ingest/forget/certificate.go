package forget

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Certificate says what was erased, without saying whose it was.
type Certificate struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Community string    `json:"community,omitempty"`
	Subject   string    `json:"subject"` // keyed hash
	Forever   bool      `json:"forever"`
	Began     time.Time `json:"began"`
	Ended     time.Time `json:"ended,omitzero"`
	Posts     int       `json:"posts"`
	// Days is how many days of communities were counted again.
	Days   int     `json:"days"`
	Counts []Count `json:"counts"`
	// Unlinked says that the server has unlinked every file that held a removed row.
	Unlinked bool `json:"files_unlinked"`
	// Searched is how many files of the data folder were searched for the texts, and Found are those that hold one.
	Searched int      `json:"files_searched,omitempty"`
	Texts    int      `json:"texts_searched,omitempty"`
	Found    []string `json:"files_found,omitempty"`
	// Topics says what Kafka keeps.
	Topics []Topic `json:"topics,omitempty"`
}

// Count is how many rows of a table held something of the subject.
type Count struct {
	Table  string `json:"table"`
	Label  string `json:"label"`
	Before uint64 `json:"before"`
	After  uint64 `json:"after"`
	// Blanked says that the rows stay, without what named the subject.
	Blanked bool `json:"blanked"`
}

// Topic is what a Kafka topic keeps of the subject.
type Topic struct {
	Name string `json:"name"`
	// Messages is how many messages of the erased posts were read from it.
	Messages uint64 `json:"messages"`
	// Cleanup is the topic's cleanup.policy, and Retention its retention.ms as a duration; empty means without end.
	Cleanup   string `json:"cleanup_policy"`
	Retention string `json:"retention,omitempty"`
	// Tombstones is how many keys were given a null value, which compaction follows.
	Tombstones int `json:"tombstones,omitempty"`
}

func (c *Certificate) left() uint64 {
	var n uint64
	for _, x := range c.Counts {
		n += x.After
	}
	return n
}

func (c *Certificate) removed() uint64 {
	var n uint64
	for _, x := range c.Counts {
		n += x.Before - min(x.Before, x.After)
	}
	return n
}

// JSON is the certificate for machines.
func (c *Certificate) JSON() ([]byte, error) {
	b, err := json.Marshal(c, jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("forget: write the certificate: %w", err)
	}
	return b, nil
}

// Japanese is the certificate for people.
func (c *Certificate) Japanese(zone *time.Location) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("消去証明書")
	p("")
	p("証明書番号  %s", c.ID)
	p("対象        %s (鍵付きハッシュ %s)", map[string]string{Author: "投稿者", Post: "投稿"}[c.Kind], c.Subject)
	if c.Community != "" {
		p("コミュニティ %s", c.Community)
	}
	p("開始        %s", c.Began.In(zone).Format("2006-01-02 15:04:05 MST"))
	if !c.Ended.IsZero() {
		p("完了        %s", c.Ended.In(zone).Format("2006-01-02 15:04:05 MST"))
	}
	p("投稿        %d 件、再集計した日 %d 日分", c.Posts, c.Days)
	p("")
	p("消去した記録 (行数)")
	for _, x := range c.Counts {
		how := "削除"
		if x.Blanked {
			how = "空欄化"
		}
		p("  %-20s %8d → %-8d %s  %s", x.Table, x.Before, x.After, how, x.Label)
	}
	p("")
	switch {
	case c.left() > 0:
		p("未完了: %d 行が残っています。", c.left())
	case c.Unlinked:
		p("消去した行を含んでいたファイルは、すべてディスクから削除されたことを確認しました。")
	default:
		p("消去した行を含んでいたファイルの削除は、まだ確認できていません。")
	}
	if c.Searched > 0 {
		p("データフォルダの %d ファイルを %d 件の本文で検索し、見つかったのは %d ファイルです。", c.Searched, c.Texts, len(c.Found))
	}
	p("Kafka のトピックを先頭から読み直しても、消去した内容は取り込まれません。")
	p("")
	p("消去の対象外")
	for _, t := range c.Topics {
		keep := "保存期間の定めがないため、トピックの設定か運用で削除する必要があります"
		if t.Retention != "" {
			keep = "保存期間 " + t.Retention + " が過ぎると消えます"
		}
		if t.Tombstones > 0 {
			keep = fmt.Sprintf("削除標識を %d 件送りました。次の圧縮 (compaction) で消えます", t.Tombstones)
		}
		p("  トピック %s の生メッセージ (該当 %d 件): %s", t.Name, t.Messages, keep)
	}
	p("  データベースのバックアップ、他の人が引用した文、他の人の投稿にある返信先の番号。")
	p("  本文を持たない削除標識 (投稿番号と日付) と、鍵付きハッシュは、再取込を防ぐために残ります。")
	return b.String()
}
