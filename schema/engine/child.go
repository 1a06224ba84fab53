package engine

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// childEnv carries the childSpec from the supervisor to the re-executed program.
const childEnv = "VOC_ENGINE_CHILD"

// stopGrace is how long a child waits for the server to end before it kills it.
const stopGrace = 30 * time.Second

// childSpec tells the child what to run.
type childSpec struct {
	Library string `json:"library,omitempty"`
	Binary  string `json:"binary,omitempty"`
	Config  string `json:"config"`
	Data    string `json:"data"`
	Ready   string `json:"ready"`
}

// RunChild turns the process into the server and does not return when a supervisor started it for that; in every
// other process it returns at once. main and TestMain call it before anything else, even before parsing flags.
func RunChild() {
	raw, ok := os.LookupEnv(childEnv)
	if !ok {
		return
	}
	var spec childSpec
	if err := json.Unmarshal([]byte(raw), &spec); err != nil {
		fmt.Fprintf(os.Stderr, "engine child: %s is not a child specification: %v\n", childEnv, err)
		os.Exit(2)
	}
	run := runLibrary
	if spec.Binary != "" {
		run = runBinary
	}
	if err := run(spec); err != nil {
		fmt.Fprintf(os.Stderr, "engine child: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// parentGone is closed when the supervisor asks for the end or dies, whichever is first. It reads the given file,
// the pipe whose other end only the supervisor holds.
func parentGone(pipe *os.File) <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		buf := make([]byte, 1)
		for {
			if _, err := pipe.Read(buf); err != nil {
				return
			}
		}
	}()
	return gone
}
