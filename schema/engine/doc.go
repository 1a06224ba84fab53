// Package engine runs a real ClickHouse server as a supervised child process of the program that imports it.
//
// It is what `voc demo` and the tests use where no server is given. The server is either a clickhouse binary found
// on PATH or the ClickHouse library that the npm package in the folder npm brings. Both listen on the loopback
// interface only, with generated passwords, and answer clickhouse-go like any other server.
//
// The package knows nothing about tables: migrations are schema/migrate. It never downloads anything.
//
// How it holds together:
//
//   - The program re-executes itself as the child, so main (and TestMain) must call RunChild before anything else.
//   - The child's standard input is a pipe whose other end only the parent holds. When the parent goes, however it
//     goes, the pipe ends and the child shuts the server down. Nothing is ever written into it.
//   - The library's own standard input must be a terminal: with a pipe, a client that resets its connection aborts
//     the server (ClickHouse issue 115666). The child opens a pseudo terminal for it and ends it by typing "exit".
//   - SIGPIPE must be ignored before the library starts, or a client that goes away kills the process.
//   - The lock file is held by parent and child through the same open file, so that a data folder stays locked
//     until the last process that could write to it is gone.
//   - Ports are chosen by the operating system at the first start and kept over every restart, so DSNs stay valid.
//   - Users and rights come from a file that the library reads once at its start: a database that roles shall work
//     in must be named in Config.Databases.
package engine
