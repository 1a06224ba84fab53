//go:build !(linux && amd64)

package engine

// runLibrary refuses: the library exists for linux/amd64 only.
func runLibrary(childSpec) error { return checkPlatform() }
