//go:build !linux

package pages

func large(at, bytes uintptr) {}
