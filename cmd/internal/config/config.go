// Package config is the one configuration of the voc command: a YAML file, overlaid by VOC_* environment
// variables, overlaid by flags.
//
// It owns names, defaults, validation and redaction. It starts nothing and opens nothing but the files it is told
// to read; each command turns the sections it needs into the Config of the package it calls.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"voc/ingest/mask"
)

// Config is the whole configuration. The doc tags are the reference that `voc config dump --defaults` prints.
type Config struct {
	Kafka      Kafka      `yaml:"kafka" doc:"Where events come from."`
	ClickHouse ClickHouse `yaml:"clickhouse" doc:"Where facts and aggregates are written and read."`
	Analyze    Analyze    `yaml:"analyze" doc:"How posts are tagged."`
	Ingest     Ingest     `yaml:"ingest" doc:"How records become rows."`
	Privacy    Privacy    `yaml:"privacy" doc:"What is hidden before anything is stored."`
	Retention  Retention  `yaml:"retention" doc:"After how many days the database forgets; voc migrate up applies it."`
	Calendar   Calendar   `yaml:"calendar" doc:"The calendar of days and weeks."`
	Serve      Serve      `yaml:"serve" doc:"The web pages: voc serve."`
	Report     Report     `yaml:"report" doc:"The weekly report and where it goes."`
	Alerts     Alerts     `yaml:"alerts" doc:"Sudden changes: voc alerts and the web pages."`
	HTTP       HTTP       `yaml:"http" doc:"The operations endpoint: /metrics, /healthz, /readyz."`
	Log        Log        `yaml:"log" doc:"Structured logs on stderr."`
}

// Kafka says which cluster, topics and group to read with.
type Kafka struct {
	Brokers     []string `yaml:"brokers" doc:"Bootstrap brokers, host:port."`
	Group       string   `yaml:"group" doc:"Consumer group; every voc run of one group shares the partitions."`
	Topics      Topics   `yaml:"topics" doc:"Topic names."`
	StartOffset string   `yaml:"start_offset" doc:"Where a group without committed offsets starts: first or last."`
	TLS         TLS      `yaml:"tls" doc:"TLS towards the brokers."`
	SASL        SASL     `yaml:"sasl" doc:"SASL authentication towards the brokers."`
	// Session and the two below it trade the time to notice a dead worker for patience with a slow one.
	SessionTimeout   time.Duration `yaml:"session_timeout" doc:"How long the group waits for a silent worker before its partitions go to others."`
	RebalanceTimeout time.Duration `yaml:"rebalance_timeout" doc:"How long workers may take to hand over their partitions; a third of it is left for the write in flight."`
	Heartbeat        time.Duration `yaml:"heartbeat" doc:"How often a worker says that it is alive; at most a third of session_timeout."`
}

// Topics names the Kafka topics.
type Topics struct {
	Posts      string `yaml:"posts" doc:"Post events."`
	Activity   string `yaml:"activity" doc:"Member activity; empty = not read."`
	Accounts   string `yaml:"accounts" doc:"Customer accounts (compacted); empty = not read."`
	Surveys    string `yaml:"surveys" doc:"Survey answers; empty = not read."`
	DeadLetter string `yaml:"dead_letter" doc:"Where refused messages are kept raw."`
}

// Names lists the topics that are set, the dead-letter topic last.
func (t Topics) Names() []string {
	return slices.DeleteFunc([]string{t.Posts, t.Activity, t.Accounts, t.Surveys, t.DeadLetter}, func(s string) bool { return s == "" })
}

// TLS is the client side of a TLS connection.
type TLS struct {
	Enabled    bool   `yaml:"enabled" doc:"Use TLS."`
	CAFile     string `yaml:"ca_file" doc:"PEM file of the certificate authorities to trust; empty = those of the system."`
	CertFile   string `yaml:"cert_file" doc:"PEM file of the client certificate, for mutual TLS."`
	KeyFile    string `yaml:"key_file" doc:"PEM file of the client certificate's key."`
	ServerName string `yaml:"server_name" doc:"Name to expect in the server's certificate; empty = the host that was dialled."`
}

// SASL authenticates towards Kafka.
type SASL struct {
	Mechanism    string `yaml:"mechanism" doc:"PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; empty = no SASL."`
	Username     string `yaml:"username" doc:"User name."`
	Password     Secret `yaml:"password" doc:"Password; better given by VOC_KAFKA_SASL_PASSWORD or password_file."`
	PasswordFile string `yaml:"password_file" doc:"File whose first line is the password."`
}

// ClickHouse says which server and database to use, and as whom.
type ClickHouse struct {
	DSN            DSN    `yaml:"dsn" doc:"clickhouse://user:password@host:9000/ of the writer, which voc run uses; add ?secure=true for TLS."`
	DSNFile        string `yaml:"dsn_file" doc:"File whose first line is the writer's DSN."`
	AdminDSN       DSN    `yaml:"admin_dsn" doc:"DSN that voc migrate uses; empty = the writer's."`
	AdminDSNFile   string `yaml:"admin_dsn_file" doc:"File whose first line is the admin's DSN."`
	ReaderDSN      DSN    `yaml:"reader_dsn" doc:"DSN of commands that only read; empty = the writer's."`
	ReaderDSNFile  string `yaml:"reader_dsn_file" doc:"File whose first line is the reader's DSN."`
	DeciderDSN     DSN    `yaml:"decider_dsn" doc:"DSN of voc release, quarantine and actions, which write down what people decide; empty = the writer's."`
	DeciderDSNFile string `yaml:"decider_dsn_file" doc:"File whose first line is that DSN."`
	Database       string `yaml:"database" doc:"Database of voc."`
	// TLS is asked for by each DSN, because they may name different servers; the files are for all of them.
	CAFile     string `yaml:"ca_file" doc:"PEM file of the certificate authorities to trust, with ?secure=true; empty = those of the system. For tests only, &skip_verify=true in the DSN trusts anybody."`
	CertFile   string `yaml:"cert_file" doc:"PEM file of the client certificate, for mutual TLS, with ?secure=true."`
	KeyFile    string `yaml:"key_file" doc:"PEM file of the client certificate's key."`
	ServerName string `yaml:"server_name" doc:"Name to expect in the server's certificate, with ?secure=true; empty = the host of the DSN."`
	// InsertTimeout bounds one attempt; a failed one is tried again for as long as it takes.
	InsertTimeout time.Duration `yaml:"insert_timeout" doc:"How long one attempt of one insert may take; shorter than kafka.session_timeout."`
	Engine        string        `yaml:"engine" doc:"merge_tree for one server, replicated for replicas that share a Keeper."`
	Cluster       string        `yaml:"cluster" doc:"Cluster named by ON CLUSTER; empty = one node."`
	Sharded       bool          `yaml:"sharded" doc:"Put Distributed tables in front of the local ones; needs a cluster."`
}

// Analyze says how posts are tagged.
type Analyze struct {
	Taxonomy       string `yaml:"taxonomy" doc:"Taxonomy file; empty = the built-in one (voc taxonomy show prints it)."`
	UserDictionary string `yaml:"user_dictionary" doc:"File of words added to the dictionary, one a line; empty = none."`
	// ReloadInterval says how soon a changed file is taken up.
	ReloadInterval time.Duration `yaml:"reload_interval" doc:"How often voc run looks whether the two files changed; 0 = only on SIGHUP. A broken file never replaces a good one."`
	Model          bool          `yaml:"model" doc:"Let the linear model correct the tags of the rules; false = the rules alone decide."`
	Tokenizer      string        `yaml:"tokenizer" doc:"Who cuts texts into words: lattice, or kagome, which is slower and cuts alike, to compare with."`
	MaxRunes       int           `yaml:"max_runes" doc:"Characters of one post that are analysed; a longer post is flagged truncated_for_analysis."`
}

// Ingest says how records become rows.
type Ingest struct {
	MaxMessageBytes     int           `yaml:"max_message_bytes" doc:"Largest message that is decoded; larger ones are dead letters."`
	IgnoreUnknownFields bool          `yaml:"ignore_unknown_fields" doc:"Accept fields the schema does not know instead of refusing the message."`
	BatchRows           int           `yaml:"batch_rows" doc:"Records after which a partition's batch is written; all partitions of a worker collect no more together, or no more than 10000 (20000 in a backlog), while as many are written."`
	BatchBytes          int           `yaml:"batch_bytes" doc:"Bytes after which a partition's batch is written."`
	BatchAge            time.Duration `yaml:"batch_age" doc:"Age at which a partition's batch is written, however small; while the records that are read had waited for more than twice that, twice, and in a backlog eight times."`
	RollupInterval      time.Duration `yaml:"rollup_interval" doc:"Shortest time between two rebuilds of changed days."`
	DuplicatesInterval  time.Duration `yaml:"duplicates_interval" doc:"Shortest time between two comparisons of changed weeks for copies and campaigns; 0 = not in this process."`
	Drain               time.Duration `yaml:"drain" doc:"How long a stop may take to write what is in hand."`
}

// Privacy says how people are hidden.
type Privacy struct {
	Key          Secret   `yaml:"key" doc:"Secret of the pseudonyms, at least 16 bytes; the same key gives the same pseudonyms."`
	KeyFile      string   `yaml:"key_file" doc:"File whose first line is the key."`
	PreviousKeys Secret   `yaml:"previous_keys" doc:"Keys used before, one a line, newest first: voc forget --author finds what they named, and what was erased under them stays erased."`
	PreviousFile string   `yaml:"previous_keys_file" doc:"File with the keys used before, one a line."`
	Allow        []string `yaml:"allow" doc:"Phrases, mail addresses and phone numbers that are not masked, for example your product's name or your support desk."`
	AllowDomains []string `yaml:"allow_domains" doc:"Own domains: mail addresses and paths of URLs on them are not masked."`
	Off          []string `yaml:"off" doc:"Kinds that are left as they are: mail, phone, postal, address, card, mynumber, number, secret, mention, account, ip, name."`
}

// Former returns the keys that were used before, newest first.
func (p Privacy) Former() [][]byte {
	var keys [][]byte
	for line := range strings.Lines(string(p.PreviousKeys)) {
		if line = strings.TrimSpace(line); line != "" {
			keys = append(keys, []byte(line))
		}
	}
	return keys
}

// Retention says after how many days rows are deleted; 0 keeps them.
type Retention struct {
	PostsDays   int `yaml:"posts_days" doc:"Days after which posts, their tags and history, activity, and the numbers of that day are deleted; 0 = never."`
	SurveysDays int `yaml:"surveys_days" doc:"Days after which answers to surveys are deleted; 0 = never."`
	LedgerDays  int `yaml:"ledger_days" doc:"Days after which the ledger and the dead letters are deleted; 0 = never."`
}

// Calendar says what a day and a week are.
type Calendar struct {
	Timezone string `yaml:"timezone" doc:"IANA zone of days and ISO weeks; changing it needs a rebuild of the database."`
}

// Zone is the zone of the calendar.
func (c Calendar) Zone() (*time.Location, error) {
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return nil, fmt.Errorf("calendar.timezone: %w", err)
	}
	return zone, nil
}

// HTTP is the operations endpoint.
type HTTP struct {
	Listen string `yaml:"listen" doc:"Address for /metrics, /healthz and /readyz; empty = off."`
}

// Log says how to log.
type Log struct {
	Level  string `yaml:"level" doc:"debug, info, warn or error."`
	Format string `yaml:"format" doc:"text or json."`
}

// Default is the configuration with nothing set. It is complete but for the secrets.
func Default() Config {
	return Config{
		Kafka: Kafka{
			Brokers: []string{"localhost:9092"},
			Group:   "voc",
			Topics: Topics{
				Posts: "voc.posts", Activity: "voc.activity", Accounts: "voc.accounts", Surveys: "voc.surveys",
				DeadLetter: "voc.deadletter",
			},
			StartOffset:    "first",
			SessionTimeout: 30 * time.Second, RebalanceTimeout: 30 * time.Second, Heartbeat: 3 * time.Second,
		},
		ClickHouse: ClickHouse{DSN: "clickhouse://localhost:9000/", Database: "voc", Engine: "merge_tree", InsertTimeout: 20 * time.Second},
		Analyze:    Analyze{Model: true, Tokenizer: "lattice", MaxRunes: 10_000, ReloadInterval: 2 * time.Second},
		Ingest: Ingest{
			MaxMessageBytes:    1 << 20,
			BatchRows:          10_000,
			BatchBytes:         32 << 20,
			BatchAge:           500 * time.Millisecond,
			RollupInterval:     time.Second,
			DuplicatesInterval: time.Minute,
			Drain:              20 * time.Second,
		},
		Calendar: Calendar{Timezone: "Asia/Tokyo"},
		Serve: Serve{
			Listen: "127.0.0.1:8080", Auth: "users", UsersFile: "voc-users.yaml", DefaultCommunities: []string{},
			Header: "X-Forwarded-User", TrustedProxies: []string{"127.0.0.1/32", "::1/128"}, OIDC: OIDC{NameClaim: "email"},
			Session: 12 * time.Hour, Timeout: 30 * time.Second, PagesPerMinute: 300, Weeks: 8,
		},
		Report: defaultReport(),
		Alerts: Alerts{Interval: time.Minute, Holidays: []string{}, Ledger: "voc-alerts.jsonl"},
		HTTP:   HTTP{Listen: "127.0.0.1:9464"},
		Log:    Log{Level: "info", Format: "text"},
	}
}

// faults collects what is wrong, each with its key path.
type faults []error

func (f *faults) add(ok bool, key, format string, args ...any) {
	if !ok {
		*f = append(*f, fmt.Errorf("%s %s", key, fmt.Sprintf(format, args...)))
	}
}

// Validate reports everything that is wrong at once, each fault with its key path and what would be right.
func (c Config) Validate() error {
	var f faults
	c.validateKafka(&f)
	c.validateClickHouse(&f)
	c.Serve.validate(&f)
	c.Report.validate(&f)
	c.Alerts.validate(&f)
	f.add(c.Analyze.MaxRunes >= 100 && c.Analyze.MaxRunes <= 1_000_000, "analyze.max_runes", "is %d; give 100 to 1000000", c.Analyze.MaxRunes)
	f.add(c.Analyze.Tokenizer == "lattice" || c.Analyze.Tokenizer == "kagome", "analyze.tokenizer", "is %q; give lattice or kagome", c.Analyze.Tokenizer)
	f.add(c.Analyze.ReloadInterval == 0 || c.Analyze.ReloadInterval >= 100*time.Millisecond && c.Analyze.ReloadInterval <= time.Hour, "analyze.reload_interval", "is %s; give 100ms to 1h, or 0 to reload on SIGHUP only", c.Analyze.ReloadInterval)
	f.add(c.Ingest.MaxMessageBytes >= 1024 && c.Ingest.MaxMessageBytes <= 64<<20, "ingest.max_message_bytes", "is %d; give 1024 to 67108864", c.Ingest.MaxMessageBytes)
	f.add(c.Ingest.BatchRows >= 1 && c.Ingest.BatchRows <= 500_000, "ingest.batch_rows", "is %d; give 1 to 500000", c.Ingest.BatchRows)
	f.add(c.Ingest.BatchBytes >= 1<<16 && c.Ingest.BatchBytes <= 200<<20, "ingest.batch_bytes", "is %d; give 65536 to 209715200", c.Ingest.BatchBytes)
	f.add(c.Ingest.BatchAge >= 10*time.Millisecond && c.Ingest.BatchAge <= time.Minute, "ingest.batch_age", "is %s; give 10ms to 1m", c.Ingest.BatchAge)
	f.add(c.Ingest.RollupInterval >= 100*time.Millisecond && c.Ingest.RollupInterval <= time.Hour, "ingest.rollup_interval", "is %s; give 100ms to 1h", c.Ingest.RollupInterval)
	f.add(c.Ingest.DuplicatesInterval == 0 || c.Ingest.DuplicatesInterval >= time.Second && c.Ingest.DuplicatesInterval <= 24*time.Hour, "ingest.duplicates_interval", "is %s; give 1s to 24h, or 0 to compare nothing", c.Ingest.DuplicatesInterval)
	f.add(c.Ingest.Drain >= time.Second && c.Ingest.Drain <= 10*time.Minute, "ingest.drain", "is %s; give 1s to 10m", c.Ingest.Drain)
	f.add(c.Privacy.Key == "" || c.Privacy.KeyFile == "", "privacy.key_file", "and privacy.key are both set; give one of them")
	f.add(c.Privacy.Key == "" || len(c.Privacy.Key) >= 16, "privacy.key", "is too short; give at least 16 bytes, for example the output of `openssl rand -hex 32`")
	f.add(c.Privacy.PreviousKeys == "" || c.Privacy.PreviousFile == "", "privacy.previous_keys_file", "and privacy.previous_keys are both set; give one of them")
	f.add(c.Privacy.PreviousKeys != redacted, "privacy.previous_keys", "is the placeholder of a redacted dump; give the real ones")
	for i, k := range c.Privacy.Former() {
		f.add(len(k) >= 16, "privacy.previous_keys", "line %d is too short; give keys that were privacy.key, each on a line", i+1)
		f.add(string(k) != string(c.Privacy.Key), "privacy.previous_keys", "line %d is privacy.key itself; give only the keys before it", i+1)
	}
	for i, k := range c.Privacy.Off {
		_, err := mask.ParseKind(k)
		f.add(err == nil, fmt.Sprintf("privacy.off[%d]", i), "is %q; give a kind that voc masks, such as name", k)
	}
	f.add(c.Privacy.Key != redacted, "privacy.key", "is the placeholder of a redacted dump; give the real one")
	for _, r := range []struct {
		key  string
		days int
	}{{"posts_days", c.Retention.PostsDays}, {"surveys_days", c.Retention.SurveysDays}, {"ledger_days", c.Retention.LedgerDays}} {
		f.add(r.days >= 0 && r.days <= 36_500, "retention."+r.key, "is %d; give 1 to 36500 days, or 0 to keep everything", r.days)
	}
	_, err := c.Calendar.Zone()
	f.add(err == nil && c.Calendar.Timezone != "", "calendar.timezone", "is %q; give an IANA zone such as Asia/Tokyo", c.Calendar.Timezone)
	if c.HTTP.Listen != "" {
		_, _, err := net.SplitHostPort(c.HTTP.Listen)
		f.add(err == nil, "http.listen", "is %q; give host:port, or leave it empty to switch it off", c.HTTP.Listen)
	}
	f.add(slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log.Level), "log.level", "is %q; give debug, info, warn or error", c.Log.Level)
	f.add(c.Log.Format == "text" || c.Log.Format == "json", "log.format", "is %q; give text or json", c.Log.Format)
	return errors.Join(f...)
}

func (c Config) validateKafka(f *faults) {
	k := c.Kafka
	f.add(len(k.Brokers) > 0, "kafka.brokers", "is empty; give at least one host:port")
	for i, b := range k.Brokers {
		_, port, err := net.SplitHostPort(b)
		f.add(err == nil && port != "", fmt.Sprintf("kafka.brokers[%d]", i), "is %q; give host:port", b)
	}
	f.add(k.Group != "", "kafka.group", "is empty; give a consumer group name")
	f.add(k.Topics.Posts != "", "kafka.topics.posts", "is empty; give a topic name")
	f.add(k.Topics.DeadLetter != "", "kafka.topics.dead_letter", "is empty; give a topic name")
	seen := map[string]string{}
	for _, t := range []struct{ key, name string }{
		{"posts", k.Topics.Posts}, {"activity", k.Topics.Activity}, {"accounts", k.Topics.Accounts},
		{"surveys", k.Topics.Surveys}, {"dead_letter", k.Topics.DeadLetter},
	} {
		if t.name == "" {
			continue
		}
		f.add(validTopic(t.name), "kafka.topics."+t.key, "is %q; give 1 to 249 letters, digits, '.', '_' or '-'", t.name)
		f.add(seen[t.name] == "", "kafka.topics."+t.key, "is the same topic as kafka.topics.%s; give each its own", seen[t.name])
		seen[t.name] = t.key
	}
	f.add(k.StartOffset == "first" || k.StartOffset == "last", "kafka.start_offset", "is %q; give first or last", k.StartOffset)
	f.add(k.SessionTimeout >= time.Second && k.SessionTimeout <= 10*time.Minute, "kafka.session_timeout", "is %s; give 1s to 10m", k.SessionTimeout)
	f.add(k.RebalanceTimeout >= time.Second && k.RebalanceTimeout <= 10*time.Minute, "kafka.rebalance_timeout", "is %s; give 1s to 10m", k.RebalanceTimeout)
	f.add(k.Heartbeat > 0 && 3*k.Heartbeat <= k.SessionTimeout, "kafka.heartbeat", "is %s; give at most a third of kafka.session_timeout (%s)", k.Heartbeat, k.SessionTimeout)
	f.add(c.ClickHouse.InsertTimeout > 0 && c.ClickHouse.InsertTimeout < k.SessionTimeout, "clickhouse.insert_timeout", "is %s; it must be positive and shorter than kafka.session_timeout (%s)", c.ClickHouse.InsertTimeout, k.SessionTimeout)
	s := k.SASL
	f.add(slices.Contains([]string{"", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}, s.Mechanism), "kafka.sasl.mechanism", "is %q; give PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", s.Mechanism)
	f.add(s.Mechanism == "" || s.Username != "", "kafka.sasl.username", "is empty; give the user name for %s", s.Mechanism)
	f.add(s.Mechanism == "" || s.Password != "" || s.PasswordFile != "", "kafka.sasl.password", "is empty; give it by VOC_KAFKA_SASL_PASSWORD or kafka.sasl.password_file")
	f.add(s.Password == "" || s.PasswordFile == "", "kafka.sasl.password_file", "and kafka.sasl.password are both set; give one of them")
	f.add(s.Password != redacted, "kafka.sasl.password", "is the placeholder of a redacted dump; give the real one")
	f.add((k.TLS.CertFile == "") == (k.TLS.KeyFile == ""), "kafka.tls.key_file", "and kafka.tls.cert_file belong together; give both or none")
	f.add(k.TLS.Enabled || (k.TLS.CAFile == "" && k.TLS.CertFile == ""), "kafka.tls.enabled", "is false but certificate files are given; set it to true")
}

func (c Config) validateClickHouse(f *faults) {
	ch := c.ClickHouse
	f.add(ch.DSN != "" || ch.DSNFile != "", "clickhouse.dsn", "is empty; give clickhouse://user:password@host:9000/")
	for _, d := range []struct {
		key string
		dsn DSN
	}{{"clickhouse.dsn", ch.DSN}, {"clickhouse.admin_dsn", ch.AdminDSN}, {"clickhouse.reader_dsn", ch.ReaderDSN}, {"clickhouse.decider_dsn", ch.DeciderDSN}} {
		if d.dsn == "" {
			continue
		}
		u, err := url.Parse(string(d.dsn))
		f.add(err == nil && u.Host != "" && slices.Contains([]string{"clickhouse", "tcp"}, u.Scheme),
			d.key, "cannot be read; give clickhouse://user:password@host:9000/")
		if err == nil && u.User != nil {
			pw, _ := u.User.Password()
			f.add(pw != "xxxxx", d.key, "has the placeholder of a redacted dump as its password; give the real one")
		}
	}
	f.add((ch.CertFile == "") == (ch.KeyFile == ""), "clickhouse.key_file", "and clickhouse.cert_file belong together; give both or none")
	f.add(ch.Engine == "merge_tree" || ch.Engine == "replicated", "clickhouse.engine", "is %q; give merge_tree or replicated", ch.Engine)
	f.add(!ch.Sharded || ch.Cluster != "", "clickhouse.sharded", "is true without clickhouse.cluster; name the cluster whose shards hold the rows")
	f.add(validIdentifier(ch.Database), "clickhouse.database", "is %q; give a name of letters, digits and '_'", ch.Database)
	f.add(ch.Cluster == "" || validIdentifier(ch.Cluster), "clickhouse.cluster", "is %q; give a name of letters, digits and '_'", ch.Cluster)
}

func validTopic(s string) bool {
	return len(s) <= 249 && s != "." && s != ".." && strings.IndexFunc(s, func(r rune) bool {
		return !isWord(r) && r != '.' && r != '-'
	}) < 0
}

func validIdentifier(s string) bool {
	return s != "" && (s[0] < '0' || s[0] > '9') && strings.IndexFunc(s, func(r rune) bool { return !isWord(r) }) < 0
}

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
