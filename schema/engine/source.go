package engine

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/cpu"
)

// LibraryEnv names the environment variable that gives the path of libchdb.so.
const LibraryEnv = "VOC_CLICKHOUSE_LIBRARY"

// libraryFile is where the npm package puts the library below a node_modules folder's parent.
var libraryFile = filepath.Join("node_modules", "@chdb", "lib-linux-x64-gnu", "libchdb.so")

// ErrMissing is wrapped by the error of Start when there is neither a clickhouse binary nor the library.
var ErrMissing = errors.New("no ClickHouse found: run `make setup`, which installs the ClickHouse library by `npm ci`, or give the DSN of a server")

// source is what an engine is started from; exactly one field is set.
type source struct {
	binary  string
	library string
}

func (s source) String() string {
	if s.binary != "" {
		return "binary " + s.binary
	}
	return "library " + s.library
}

// findSource decides what to run: what the configuration names, then a clickhouse binary on PATH, then the library
// named by the environment, next to the executable, or installed below the module root.
func findSource(cfg Config) (source, error) {
	switch {
	case cfg.Binary != "":
		path, err := exec.LookPath(cfg.Binary)
		if err != nil {
			return source{}, fmt.Errorf("engine: Binary %q cannot be run: %w", cfg.Binary, err)
		}
		return source{binary: path}, nil
	case cfg.Library != "":
		return useLibrary(cfg.Library, "Library")
	}
	if path, err := exec.LookPath("clickhouse"); err == nil {
		return source{binary: path}, nil
	}
	if path := os.Getenv(LibraryEnv); path != "" {
		return useLibrary(path, LibraryEnv)
	}
	for _, path := range libraryCandidates() {
		if _, err := os.Stat(path); err == nil {
			return useLibrary(path, "the installed library")
		}
	}
	return source{}, fmt.Errorf("engine: %w", ErrMissing)
}

func useLibrary(path, origin string) (source, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return source{}, fmt.Errorf("engine: %s: %w", origin, err)
	}
	if info, err := os.Stat(path); err != nil {
		return source{}, fmt.Errorf("engine: %s cannot be read: %w", origin, err)
	} else if info.IsDir() {
		return source{}, fmt.Errorf("engine: %s is the folder %s; name the file libchdb.so", origin, path)
	}
	if err := checkPlatform(); err != nil {
		return source{}, err
	}
	return source{library: path}, nil
}

// libraryCandidates lists where the library may be installed, best first.
func libraryCandidates() []string {
	var dirs []string
	if exe, err := os.Executable(); err == nil {
		if resolved, err := filepath.EvalSymlinks(exe); err == nil {
			exe = resolved
		}
		dir := filepath.Dir(exe)
		dirs = append(dirs, filepath.Join(dir, "libchdb.so"), filepath.Join(dir, libraryFile))
		if root := moduleRoot(dir); root != "" {
			dirs = append(dirs, filepath.Join(root, "schema", "engine", "npm", libraryFile))
		}
	}
	if wd, err := os.Getwd(); err == nil {
		if root := moduleRoot(wd); root != "" {
			dirs = append(dirs, filepath.Join(root, "schema", "engine", "npm", libraryFile))
		}
	}
	return dirs
}

// moduleRoot returns the closest folder at or above dir that holds a go.mod, or "".
func moduleRoot(dir string) string {
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// checkPlatform says why the library cannot run on this machine.
func checkPlatform() error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return fmt.Errorf("engine: the ClickHouse library runs on linux/amd64 only and this is %s/%s; give the DSN of a server or install a clickhouse binary",
			runtime.GOOS, runtime.GOARCH)
	}
	if !cpu.X86.HasAVX2 {
		return errors.New("engine: the ClickHouse library needs a processor with AVX2, which this one lacks; give the DSN of a server or install a clickhouse binary")
	}
	if _, err := os.Stat("/lib64/ld-linux-x86-64.so.2"); err != nil {
		return errors.New("engine: the ClickHouse library needs glibc (Debian, Ubuntu, Fedora, …), which this system lacks (musl?); give the DSN of a server or install a clickhouse binary")
	}
	return nil
}
