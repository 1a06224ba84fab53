// Package pages asks the operating system for large pages of memory.
//
// A table of many megabytes that is read all over has its places on thousands of pages of the usual 4 KB. To find a page
// takes memory of its own, on a virtual machine more than to read the table. The package changes no data and reports no
// errors: without large pages everything works the same, only slower. Its callers are those who own such tables.
package pages

import "unsafe"

// Large asks for large pages behind a table that is filled and stays in use to the end of the process.
func Large[T any](table []T) {
	large(uintptr(unsafe.Pointer(unsafe.SliceData(table))), uintptr(cap(table))*unsafe.Sizeof(*new(T)))
}

// LargeText is Large for a text.
func LargeText(text string) {
	large(uintptr(unsafe.Pointer(unsafe.StringData(text))), uintptr(len(text)))
}
