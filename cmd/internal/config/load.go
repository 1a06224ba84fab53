package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// envPrefix starts the environment variables that are settings: VOC_KAFKA_BROKERS is kafka.brokers.
const envPrefix = "VOC_"

// Source says where to load a configuration from.
type Source struct {
	// File is the YAML file; empty = only defaults, environment and Set.
	File string
	// Environ is the environment as os.Environ gives it.
	Environ []string
	// Set holds key=value pairs from flags, keys as dotted paths; they win over the environment.
	Set []string
	// Reserved are VOC_* variables that are no settings but belong to other parts of the program.
	Reserved []string
}

// Load reads the configuration in the order defaults, file, environment, Set, reads the secret files and
// validates the outcome. An unknown key anywhere is an error.
func Load(src Source) (Config, error) {
	c := Default()
	if src.File != "" {
		b, err := os.ReadFile(src.File)
		if err != nil {
			return c, fmt.Errorf("cannot read the configuration file: %w", err)
		}
		if err := Parse(b, &c); err != nil {
			return c, fmt.Errorf("%s: %w", src.File, err)
		}
	}
	if err := c.overlayEnv(src.Environ, src.Reserved); err != nil {
		return c, err
	}
	for _, kv := range src.Set {
		key, value, ok := strings.Cut(kv, "=")
		if !ok {
			// Only what may be a key is quoted: the rest may be a secret after a mistyped sign.
			return c, fmt.Errorf("--set %q… has no value; give key=value, for example --set kafka.group=voc", leadingKey(kv))
		}
		if err := c.set(key, value); err != nil {
			return c, err
		}
	}
	// Validated before the files are read, so that a value given twice is told, and after, for what they hold.
	if err := c.Validate(); err != nil {
		return c, err
	}
	if err := c.readSecretFiles(); err != nil {
		return c, err
	}
	held := c
	held.Kafka.SASL.PasswordFile, held.Privacy.KeyFile, held.Serve.OIDC.ClientSecretFile = "", "", ""
	held.Privacy.PreviousFile = ""
	held.Report.Mail.PasswordFile, held.Report.Webhook.URLFile = "", ""
	return c, held.Validate()
}

// Parse decodes YAML over c. Unknown keys are refused with their line.
func Parse(b []byte, c *Config) (err error) {
	// The YAML package panics on some malformed tags; a file must never do that.
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the file is not valid YAML; look for a tag (!…) or an anchor (&…) that was not meant")
		}
	}()
	err = yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(c)
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	// The source is left out of the message because its lines may hold secrets.
	return errors.New(strings.TrimSpace(yaml.FormatError(err, false, false)))
}

// Leaf is one setting.
type Leaf struct {
	Path  string // dotted, as in the YAML file
	Env   string
	Doc   string
	Value reflect.Value
}

// Leaves lists every setting of c in the order of the file. The values are addressable through c.
func (c *Config) Leaves() []Leaf {
	return leaves(reflect.ValueOf(c).Elem(), "", nil)
}

func leaves(v reflect.Value, prefix string, out []Leaf) []Leaf {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		path := prefix + f.Tag.Get("yaml")
		if f.Type.Kind() == reflect.Struct {
			out = leaves(v.Field(i), path+".", out)
			continue
		}
		out = append(out, Leaf{
			Path:  path,
			Env:   envPrefix + strings.ToUpper(strings.ReplaceAll(path, ".", "_")),
			Doc:   f.Tag.Get("doc"),
			Value: v.Field(i),
		})
	}
	return out
}

func (c *Config) overlayEnv(environ, reserved []string) error {
	byEnv := map[string]Leaf{}
	for _, l := range c.Leaves() {
		byEnv[l.Env] = l
	}
	var errs []error
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, envPrefix) || slices.Contains(reserved, name) {
			continue
		}
		l, ok := byEnv[name]
		if !ok {
			errs = append(errs, fmt.Errorf("environment variable %s is no setting of voc; see `voc config dump --defaults`", name))
			continue
		}
		if err := l.assign(value); err != nil {
			errs = append(errs, fmt.Errorf("environment variable %s %w", name, err))
		}
	}
	return errors.Join(errs...)
}

func (c *Config) set(key, value string) error {
	for _, l := range c.Leaves() {
		if l.Path == key {
			if l.secret(value) {
				return fmt.Errorf("%s holds a secret, and other users of this machine can see command lines; give it by %s or %s_file", key, l.Env, key)
			}
			if err := l.assign(value); err != nil {
				return fmt.Errorf("%s %w", key, err)
			}
			return nil
		}
	}
	return fmt.Errorf("%q is no setting of voc; see `voc config dump --defaults`", leadingKey(key))
}

// leadingKey is the part of a text that can be the name of a setting.
func leadingKey(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return !isWord(r) && r != '.' }); i >= 0 {
		s = s[:i]
	}
	return s
}

// secret says that the setting would hold a secret with this value.
func (l Leaf) secret(value string) bool {
	switch l.Value.Interface().(type) {
	case Secret:
		return value != ""
	case DSN:
		u, err := url.Parse(value)
		if err != nil {
			return true
		}
		password, given := u.User.Password()
		return given && password != "" || DSN(value).String() != value
	}
	return false
}

// assign parses value into the setting. Lists are separated by commas. The error never quotes a secret.
func (l Leaf) assign(value string) error {
	switch p := l.Value.Addr().Interface().(type) {
	case *string:
		*p = value
	case *Secret:
		*p = Secret(value)
	case *DSN:
		*p = DSN(value)
	case *[]string:
		*p = nil
		for s := range strings.SplitSeq(value, ",") {
			if s = strings.TrimSpace(s); s != "" {
				*p = append(*p, s)
			}
		}
	case *bool:
		b, err := strconv.ParseBool(value)
		if err != nil {
			return fmt.Errorf("is %q; give true or false", value)
		}
		*p = b
	case *int:
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("is %q; give a whole number", value)
		}
		*p = n
	case *time.Duration:
		d, err := time.ParseDuration(value)
		if err != nil {
			return fmt.Errorf("is %q; give a duration such as 500ms or 2s", value)
		}
		*p = d
	default:
		return fmt.Errorf("has the type %s, which cannot be set this way", l.Value.Type())
	}
	return nil
}

func (c *Config) readSecretFiles() error {
	for _, s := range []struct {
		key, file string
		assign    func(string)
	}{
		{"kafka.sasl.password_file", c.Kafka.SASL.PasswordFile, func(v string) { c.Kafka.SASL.Password = Secret(v) }},
		{"clickhouse.dsn_file", c.ClickHouse.DSNFile, func(v string) { c.ClickHouse.DSN = DSN(v) }},
		{"clickhouse.admin_dsn_file", c.ClickHouse.AdminDSNFile, func(v string) { c.ClickHouse.AdminDSN = DSN(v) }},
		{"clickhouse.reader_dsn_file", c.ClickHouse.ReaderDSNFile, func(v string) { c.ClickHouse.ReaderDSN = DSN(v) }},
		{"clickhouse.decider_dsn_file", c.ClickHouse.DeciderDSNFile, func(v string) { c.ClickHouse.DeciderDSN = DSN(v) }},
		{"serve.oidc.client_secret_file", c.Serve.OIDC.ClientSecretFile, func(v string) { c.Serve.OIDC.ClientSecret = Secret(v) }},
		{"report.mail.password_file", c.Report.Mail.PasswordFile, func(v string) { c.Report.Mail.Password = Secret(v) }},
		{"report.webhook.url_file", c.Report.Webhook.URLFile, func(v string) { c.Report.Webhook.URL = Secret(v) }},
		{"privacy.key_file", c.Privacy.KeyFile, func(v string) { c.Privacy.Key = Secret(v) }},
	} {
		if s.file == "" {
			continue
		}
		b, err := os.ReadFile(s.file)
		if err != nil {
			return fmt.Errorf("%s: cannot read the secret: %w", s.key, err)
		}
		line, _, _ := strings.Cut(string(b), "\n")
		if line = strings.TrimSpace(line); line == "" {
			return fmt.Errorf("%s: the first line of %s is empty; put the secret there", s.key, s.file)
		}
		s.assign(line)
	}
	if file := c.Privacy.PreviousFile; file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("privacy.previous_keys_file: cannot read the secrets: %w", err)
		}
		c.Privacy.PreviousKeys = Secret(strings.TrimSpace(string(b)))
	}
	return nil
}

// Dump writes c as YAML, secrets redacted. With comments, each setting carries its meaning and its environment
// variable.
func (c Config) Dump(w io.Writer, comments bool) error {
	opts := []yaml.EncodeOption{yaml.Indent(2), yaml.IndentSequence(true)}
	if comments {
		cm := yaml.CommentMap{}
		for _, l := range c.Leaves() {
			cm["$."+l.Path] = []*yaml.Comment{yaml.HeadComment(" " + l.Doc + " (" + l.Env + ")")}
		}
		opts = append(opts, yaml.WithComment(cm))
	}
	b, err := yaml.MarshalWithOptions(c, opts...)
	if err != nil {
		return fmt.Errorf("cannot write the configuration: %w", err)
	}
	_, err = w.Write(b)
	return err
}
