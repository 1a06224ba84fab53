package pages

import "golang.org/x/sys/unix"

// size is that of a large page.
const size = 2 << 20

// large asks for the pages that hold bytes from at on. What else lies on them comes along.
func large(at, bytes uintptr) {
	from, to := at&^(size-1), (at+bytes+size-1)&^(size-1)
	for ; from < to; from += size {
		// The first call has the kernel keep to large pages whenever the memory moves, the second one moves it at once.
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, from, size, unix.MADV_HUGEPAGE)
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, from, size, unix.MADV_COLLAPSE)
	}
}
