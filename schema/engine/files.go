package engine

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"voc/schema"
)

// Role is a user of the embedded server.
type Role string

// The roles of the embedded server. Their rights are those of schema.Grants, in every one of Config.Databases.
const (
	Admin   Role = schema.RoleAdmin
	Writer  Role = schema.RoleWriter
	Decider Role = schema.RoleDecider
	Reader  Role = schema.RoleReader
)

func roles() []Role { return []Role{Admin, Writer, Decider, Reader} }

// layout names the files below Config.Dir.
type layout struct{ dir string }

func (l layout) lock() string        { return filepath.Join(l.dir, "lock") }
func (l layout) credentials() string { return filepath.Join(l.dir, "credentials.json") }
func (l layout) config() string      { return filepath.Join(l.dir, "config.xml") }
func (l layout) users() string       { return filepath.Join(l.dir, "users.xml") }
func (l layout) data() string        { return filepath.Join(l.dir, "data") }
func (l layout) ready() string       { return filepath.Join(l.dir, "data", "ready.json") }
func (l layout) home() string        { return filepath.Join(l.dir, "home") }
func (l layout) serverLog() string   { return filepath.Join(l.dir, "log", "server.log") }
func (l layout) errorLog() string    { return filepath.Join(l.dir, "log", "error.log") }
func (l layout) console() string     { return filepath.Join(l.dir, "log", "console.log") }

func (l layout) make() error {
	for _, dir := range []string{l.dir, l.data(), l.home(), filepath.Dir(l.serverLog())} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("engine: cannot make the data folder: %w", err)
		}
	}
	return nil
}

// credentials are the passwords by role or name of a reader.
type credentials map[Role]string

// loadCredentials reads the passwords of a data folder, making those that are missing: all at the first start, and those
// of roles that a newer release brings.
func loadCredentials(path string, readers map[string]string) (credentials, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return credentials{}.complete(path, readers)
	}
	if err != nil {
		return nil, fmt.Errorf("engine: cannot read the credentials: %w", err)
	}
	c := credentials{}
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, fmt.Errorf("engine: %s is damaged; delete it and new passwords are made: %w", path, err)
	}
	return c.complete(path, readers)
}

// complete makes the passwords of roles and readers that have none and writes the file.
func (c credentials) complete(path string, readers map[string]string) (credentials, error) {
	users := roles()
	for name := range readers {
		users = append(users, Role(name))
	}
	for _, user := range users {
		if c[user] == "" {
			c[user] = rand.Text()
		}
	}
	raw, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("engine: cannot encode the credentials: %w", err)
	}
	return c, writeFile(path, append(raw, '\n'))
}

// writeFile replaces a file in one step, readable by its owner only.
func writeFile(path string, content []byte) error {
	tmp := path + ".new"
	if err := os.WriteFile(tmp, content, 0o600); err != nil {
		return fmt.Errorf("engine: cannot write %s: %w", path, err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("engine: cannot write %s: %w", path, err)
	}
	return nil
}

// ports are the listening ports of a server; zero means not chosen yet.
type ports struct {
	TCP  int `json:"tcp"`
	HTTP int `json:"http"`
}

type configData struct {
	Config
	Ports                                ports
	Data, UsersFile, ServerLog, ErrorLog string
	// Server is true for a clickhouse binary, which needs its folders named.
	Server bool
}

type userData struct {
	Name    string
	Hash    string
	Profile string
	Grants  []string
	Filters []databaseFilters
}

// databaseFilters are the conditions on rows of one database's views.
type databaseFilters struct {
	Database string
	Views    []schema.BoundView
}

// The background pools are sized for a laptop, and the merge tree limits that count free entries of those pools
// follow them: the server refuses to start when a limit exceeds its pool.
var configTemplate = template.Must(template.New("config").Funcs(template.FuncMap{"x": escape, "shard_user": func() string { return ShardUser }}).Parse(`<clickhouse>
  <listen_host>127.0.0.1</listen_host>
  <tcp_port>{{.Ports.TCP}}</tcp_port>
  <http_port>{{.Ports.HTTP}}</http_port>
  <timezone>{{x .Timezone}}</timezone>
  <logger>
    <level>warning</level>
    <console>0</console>
    <log>{{x .ServerLog}}</log>
    <errorlog>{{x .ErrorLog}}</errorlog>
    <size>10M</size>
    <count>2</count>
  </logger>
  <user_directories><users_xml><path>{{x .UsersFile}}</path></users_xml></user_directories>
{{- with .Cluster}}
  <remote_servers>
    <{{.Name}}>
{{- $password := .Password}}
{{- range .Ports}}
      <shard><replica><host>127.0.0.1</host><port>{{.}}</port><user>{{shard_user}}</user><password>{{x $password}}</password></replica></shard>
{{- end}}
    </{{.Name}}>
  </remote_servers>
{{- end}}
{{- if .Server}}
  <path>{{x .Data}}/</path>
  <tmp_path>{{x .Data}}/tmp/</tmp_path>
  <user_files_path>{{x .Data}}/user_files/</user_files_path>
  <format_schema_path>{{x .Data}}/format_schemas/</format_schema_path>
{{- end}}
  <max_server_memory_usage>{{.MaxMemory}}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <primary_index_cache_size>67108864</primary_index_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
  <query_condition_cache_size>16777216</query_condition_cache_size>
  <mmap_cache_size>64</mmap_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <query_cache><max_size_in_bytes>16777216</max_size_in_bytes></query_cache>
  <shutdown_wait_unfinished>1</shutdown_wait_unfinished>
  <max_connections>256</max_connections>
  <max_concurrent_queries>64</max_concurrent_queries>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>8</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
  <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
  <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
  <merge_tree>
    <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>3</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
`))

// The user default is who the library itself starts as, and it cannot have a password. One session is all it may
// have, the library holds that one for as long as it runs, and it may do nothing but open the listeners.
var usersTemplate = template.Must(template.New("users").Funcs(template.FuncMap{"x": escape}).Parse(`<clickhouse>
  <profiles>
    <default>
      <async_insert>0</async_insert>
      <query_profiler_real_time_period_ns>0</query_profiler_real_time_period_ns>
      <query_profiler_cpu_time_period_ns>0</query_profiler_cpu_time_period_ns>
      <compile_expressions>0</compile_expressions>
      <compile_aggregate_expressions>0</compile_aggregate_expressions>
      <compile_sort_description>0</compile_sort_description>
    </default>
    <starter><profile>default</profile><max_sessions_for_user>1</max_sessions_for_user></starter>
    <reading>
      <profile>default</profile>
      <readonly>2</readonly>
      <max_memory_usage>{{.ReaderMemory}}</max_memory_usage>
    </reading>
  </profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>starter</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT SELECT ON system.one</query>
      </grants>
    </default>
{{- range .Users}}
    <{{.Name}}>
      <password_sha256_hex>{{.Hash}}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>{{.Profile}}</profile>
      <quota>default</quota>
{{- if .Grants}}
      <grants>
{{- range .Grants}}
        <query>{{x .}}</query>
{{- end}}
      </grants>
{{- end}}
{{- if .Filters}}
      <databases>
{{- range .Filters}}
        <{{.Database}}>
{{- range .Views}}{{if .Filter}}
          <{{.View}}><filter>{{x .Filter}}</filter></{{.View}}>
{{- end}}{{end}}
        </{{.Database}}>
{{- end}}
      </databases>
{{- end}}
    </{{.Name}}>
{{- end}}
  </users>
</clickhouse>
`))

func escape(s string) (string, error) {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "", fmt.Errorf("engine: cannot escape %q: %w", s, err)
	}
	return b.String(), nil
}

// adminGrants are what the embedded server's owner may do beside looking after the databases.
var adminGrants = []string{"GRANT KILL QUERY, SYSTEM, BACKUP ON *.*"}

// writeConfig renders config.xml and users.xml.
func writeConfig(cfg Config, src source, files layout, p ports, creds credentials) error {
	var b bytes.Buffer
	if err := configTemplate.Execute(&b, configData{
		Config: cfg, Ports: p, Server: src.binary != "",
		Data: files.data(), UsersFile: files.users(), ServerLog: files.serverLog(), ErrorLog: files.errorLog(),
	}); err != nil {
		return fmt.Errorf("engine: cannot render the server's configuration: %w", err)
	}
	if err := writeFile(files.config(), b.Bytes()); err != nil {
		return err
	}
	var users []userData
	for _, role := range roles() {
		hash := sha256.Sum256([]byte(creds[role]))
		u := userData{Name: string(role), Hash: hex.EncodeToString(hash[:]), Profile: "default"}
		if role == Reader {
			u.Profile = "reading"
		}
		for _, database := range cfg.Databases {
			u.Grants = append(u.Grants, schema.Grants(string(role), database)...)
			if cfg.Cluster != nil {
				u.Grants = append(u.Grants, schema.ShardGrants(string(role), database)...)
			}
		}
		if role == Admin {
			u.Grants = append(u.Grants, adminGrants...)
		}
		users = append(users, u)
	}
	if cfg.Cluster != nil {
		hash := sha256.Sum256([]byte(cfg.Cluster.Password))
		u := userData{Name: ShardUser, Hash: hex.EncodeToString(hash[:]), Profile: "default"}
		for _, database := range cfg.Databases {
			u.Grants = append(u.Grants, append(schema.Grants(schema.RoleWriter, database), schema.ShardGrants(schema.RoleWriter, database)...)...)
		}
		users = append(users, u)
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Readers)) {
		hash := sha256.Sum256([]byte(creds[Role(name)]))
		u := userData{Name: name, Hash: hex.EncodeToString(hash[:]), Profile: "reading"}
		for _, database := range cfg.Databases {
			u.Grants = append(u.Grants, schema.BoundGrants(database)...)
			u.Filters = append(u.Filters, databaseFilters{database, schema.BoundViews(database, cfg.Readers[name])})
		}
		users = append(users, u)
	}
	b.Reset()
	if err := usersTemplate.Execute(&b, map[string]any{"Users": users, "ReaderMemory": cfg.MaxMemory / 2}); err != nil {
		return fmt.Errorf("engine: cannot render the server's users: %w", err)
	}
	return writeFile(files.users(), b.Bytes())
}
