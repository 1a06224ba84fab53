package config

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDefaultIsValid(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Fatal(err)
	}
}

func TestDumpOfDefaultsLoadsBackUnchanged(t *testing.T) {
	var b bytes.Buffer
	if err := Default().Dump(&b, true); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "voc.yaml")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Load(Source{File: file})
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := got.Dump(&again, true); err != nil {
		t.Fatal(err)
	}
	if again.String() != b.String() {
		t.Errorf("the dump changed after loading it:\n%s", again.String())
	}
}

func TestEveryLeafHasAMeaning(t *testing.T) {
	c := Default()
	for _, l := range c.Leaves() {
		if l.Doc == "" || strings.HasSuffix(l.Path, ".") {
			t.Errorf("setting %q has no doc or no yaml tag", l.Path)
		}
	}
}

func TestPrecedenceFileEnvironmentFlag(t *testing.T) {
	file := filepath.Join(t.TempDir(), "voc.yaml")
	if err := os.WriteFile(file, []byte("kafka:\n  group: file\n  brokers: [a:1]\ningest:\n  batch_age: 2s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(Source{
		File:     file,
		Environ:  []string{"VOC_KAFKA_GROUP=env", "VOC_KAFKA_BROKERS=b:1, c:2", "HOME=x", "VOC_ENGINE=1"},
		Set:      []string{"kafka.group=flag"},
		Reserved: []string{"VOC_ENGINE"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Kafka.Group != "flag" || strings.Join(c.Kafka.Brokers, " ") != "b:1 c:2" || c.Ingest.BatchAge != 2*time.Second {
		t.Errorf("got group %q, brokers %v, batch_age %s", c.Kafka.Group, c.Kafka.Brokers, c.Ingest.BatchAge)
	}
}

func TestSecretsAreNeverShown(t *testing.T) {
	dir := t.TempDir()
	pw := filepath.Join(dir, "pw")
	if err := os.WriteFile(pw, []byte("hunter2hunter2\nrest\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(Source{
		Set: []string{
			"kafka.sasl.mechanism=PLAIN", "kafka.sasl.username=u", "kafka.sasl.password_file=" + pw,
			"report.mail.username=u", "report.mail.password_file=" + pw,
		},
		Environ: []string{
			"VOC_CLICKHOUSE_DSN=clickhouse://u:hunter2hunter2@h:9000/?password=hunter2hunter2", "VOC_PRIVACY_KEY=hunter2hunter2hunter2",
			"VOC_PRIVACY_PREVIOUS_KEYS=hunter2hunter2hunter3\nhunter2hunter2hunter4", "VOC_REPORT_WEBHOOK_URL=https://hooks.example.jp/hunter2hunter2",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if former := c.Privacy.Former(); len(former) != 2 || string(former[1]) != "hunter2hunter2hunter4" {
		t.Errorf("the former keys were read as %q", former)
	}
	if string(c.Report.Mail.Password) != "hunter2hunter2" {
		t.Errorf("the password file of the mail server was read as %q", string(c.Report.Mail.Password))
	}
	if string(c.Kafka.SASL.Password) != "hunter2hunter2" {
		t.Errorf("the password file was read as %q", string(c.Kafka.SASL.Password))
	}
	var b bytes.Buffer
	if err := c.Dump(&b, false); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "hunter2") {
		t.Errorf("the dump shows a secret:\n%s", b.String())
	}
	dump := filepath.Join(dir, "dump.yaml")
	if err := os.WriteFile(dump, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(Source{File: dump}); err == nil || !strings.Contains(err.Error(), "placeholder") {
		t.Errorf("a redacted dump was taken as a configuration: %v", err)
	}
	_, err = Load(Source{Environ: []string{"VOC_KAFKA_SASL_PASWORD=hunter2"}})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error is %v; want one without the value", err)
	}
}

// TestBadFiles loads testdata/bad/*.yaml; the first line of each is a comment with a part of the message.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d files: %v", len(files), err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(b), "\n")
			want := strings.TrimSpace(strings.TrimPrefix(first, "#"))
			if _, err := Load(Source{File: f}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got error %v; want one with %q", err, want)
			}
		})
	}
}

func TestAllFaultsAreToldAtOnce(t *testing.T) {
	_, err := Load(Source{Set: []string{"kafka.group=", "log.level=loud", "ingest.batch_rows=0", "calendar.timezone=Tokyo"}})
	for _, key := range []string{"kafka.group", "log.level", "ingest.batch_rows", "calendar.timezone"} {
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("the error does not name %s: %v", key, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("kafka:\n  brokers: [a:1]\n"))
	f.Add([]byte("ingest: {batch_age: 1s}\n"))
	f.Add([]byte("&a [*a]"))
	f.Add([]byte("kafka:\n  brokers: !0"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := Default()
		if Parse(b, &c) == nil {
			_ = c.Validate()
		}
	})
}
