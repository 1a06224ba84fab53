package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/goccy/go-yaml"
)

// Entry is a user of the file. Without a password the user cannot log in by one, but by OpenID Connect or a proxy.
type Entry struct {
	Name        string   `yaml:"name"`
	Password    string   `yaml:"password,omitempty"` // argon2id in PHC form
	Communities []string `yaml:"communities"`
}

// file is the users file.
type file struct {
	Users []Entry `yaml:"users"`
}

const fileHead = "# Users of voc serve. Written by `voc serve user`; communities may be edited by hand, \"*\" stands for all.\n"

// The bounds of names and passwords.
const (
	maxName     = 100
	MinPassword = 10
	maxPassword = 200
)

// params cost about 64 MiB and a tenth of a second a try.
func params() *argon2id.Params {
	return &argon2id.Params{Memory: 64 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// Users reads the users file, again whenever it has changed.
type Users struct {
	path string

	mu      sync.Mutex
	entries map[string]Entry
	time    time.Time
	size    int64
}

// OpenUsers reads the file at path. A file that does not exist holds no users.
func OpenUsers(path string) (*Users, error) {
	u := &Users{path: path}
	_, err := u.load()
	return u, err
}

// load returns the entries as the file holds them now.
func (u *Users) load() (map[string]Entry, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	info, err := os.Stat(u.path)
	if errors.Is(err, fs.ErrNotExist) {
		u.entries, u.time, u.size = nil, time.Time{}, 0
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the users file: %w", err)
	}
	if u.entries != nil && info.ModTime().Equal(u.time) && info.Size() == u.size {
		return u.entries, nil
	}
	b, err := os.ReadFile(u.path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the users file: %w", err)
	}
	list, err := ParseUsers(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", u.path, err)
	}
	u.entries, u.time, u.size = map[string]Entry{}, info.ModTime(), info.Size()
	for _, e := range list {
		u.entries[e.Name] = e
	}
	return u.entries, nil
}

// ParseUsers reads a users file strictly.
func ParseUsers(b []byte) ([]Entry, error) {
	var f file
	if err := yaml.UnmarshalWithOptions(b, &f, yaml.Strict()); err != nil {
		return nil, errors.New("the users file is not understood: " + strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	seen := map[string]bool{}
	for i, e := range f.Users {
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("users[%d]: %w", i, err)
		}
		if seen[e.Name] {
			return nil, fmt.Errorf("users[%d]: the name %q stands there twice; keep one", i, e.Name)
		}
		seen[e.Name] = true
	}
	return f.Users, nil
}

func (e Entry) check() error {
	if err := checkName(e.Name); err != nil {
		return err
	}
	if len(e.Communities) == 0 {
		return fmt.Errorf("communities of %q is empty; name at least one, or \"*\" for all", e.Name)
	}
	if slices.Contains(e.Communities, "") {
		return fmt.Errorf("communities of %q holds an empty name", e.Name)
	}
	if e.Password != "" {
		if _, _, _, err := argon2id.DecodeHash(e.Password); err != nil {
			return fmt.Errorf("password of %q is no argon2id hash; set it with `voc serve user add`", e.Name)
		}
	}
	return nil
}

func checkName(name string) error {
	if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxName || strings.TrimSpace(name) != name || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("name is %q; give 1 to %d characters without spaces around them", name, maxName)
	}
	return nil
}

// Get returns the entry of a name.
func (u *Users) Get(name string) (Entry, bool, error) {
	entries, err := u.load()
	e, ok := entries[name]
	return e, ok, err
}

// List returns all entries by name.
func (u *Users) List() ([]Entry, error) {
	entries, err := u.load()
	var list []Entry
	for _, e := range entries {
		list = append(list, e)
	}
	slices.SortFunc(list, func(x, y Entry) int { return strings.Compare(x.Name, y.Name) })
	return list, err
}

// Set adds a user or replaces one. An empty password keeps the user from logging in by password.
func (u *Users) Set(name, password string, communities []string) error {
	e := Entry{Name: name, Communities: communities}
	if password != "" {
		if n := utf8.RuneCountInString(password); n < MinPassword || len(password) > maxPassword {
			return fmt.Errorf("the password has %d characters; give %d or more, up to %d bytes", n, MinPassword, maxPassword)
		}
		hash, err := argon2id.CreateHash(password, params())
		if err != nil {
			return fmt.Errorf("cannot hash the password: %w", err)
		}
		e.Password = hash
	}
	if err := e.check(); err != nil {
		return err
	}
	list, err := u.List()
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(o Entry) bool { return o.Name == name })
	return u.write(append(list, e))
}

// Remove deletes a user, whose sessions end with it.
func (u *Users) Remove(name string) error {
	list, err := u.List()
	if err != nil {
		return err
	}
	kept := slices.DeleteFunc(slices.Clone(list), func(o Entry) bool { return o.Name == name })
	if len(kept) == len(list) {
		return fmt.Errorf("there is no user %q in %s", name, u.path)
	}
	return u.write(kept)
}

func (u *Users) write(list []Entry) error {
	slices.SortFunc(list, func(x, y Entry) int { return strings.Compare(x.Name, y.Name) })
	b, err := yaml.Marshal(file{list})
	if err != nil {
		return fmt.Errorf("cannot write the users file: %w", err)
	}
	// Replaced as a whole, so that a server that reads meanwhile sees the old or the new one.
	tmp, err := os.CreateTemp(filepath.Dir(u.path), ".users-*")
	if err != nil {
		return fmt.Errorf("cannot write the users file: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(fileHead + string(b))
	err = errors.Join(err, tmp.Chmod(0o600), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), u.path)
	}
	if err != nil {
		return fmt.Errorf("cannot write the users file: %w", err)
	}
	return nil
}

// Verify says whether the password is that of the user. It takes as long for a name that does not exist.
func (u *Users) Verify(name, password string) (Entry, bool, error) {
	e, ok, err := u.Get(name)
	if err != nil || len(password) > maxPassword {
		return Entry{}, false, err
	}
	hash := e.Password
	if !ok || hash == "" {
		hash = nobody
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return Entry{}, false, fmt.Errorf("cannot check the password: %w", err)
	}
	return e, match && ok && e.Password != "", nil
}

// nobody is the hash of a random password that was thrown away.
const nobody = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXRoaW5nLXNhbHR5$3V2XQ0K0m7Q2c0m7yq3o5m8Xy8oT1mJ0yJj2bq2l0bE"

// stamp changes with the password, so that a session made with the old one ends.
func (e Entry) stamp() string {
	sum := sha256.Sum256([]byte(e.Password))
	return hex.EncodeToString(sum[:8])
}
