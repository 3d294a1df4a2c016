// Package directories lists, creates, removes and searches directories. It is the interface directories of the contract.
//
// Paths, permissions and errors are as in package files: every function that takes a path can also fail with
// files.ErrPermissionDenied, files.ErrInvalidPath, files.ErrTooManyLinks, files.ErrNameTooLong and files.ErrIO.
package directories

import (
	"io/fs"
	"iter"
	"unicode/utf8"

	"github.com/airssys/airssys-wasm/sdk-go/files"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// Entry is one entry of a directory.
type Entry struct {
	// Name is one segment, without the path of the directory; never . or .. .
	Name string
	// Type is what it is. A symbolic link is not followed.
	Type files.FileType
}

// FindOptions is what Find looks for.
type FindOptions struct {
	// Pattern is a glob over the path relative to the root of the search: * matches within one segment, ** across
	// segments and ? one character. ** alone matches everything.
	Pattern string
	// MaxDepth is how many levels of directories to visit: 1 visits only the root's own entries, nil means all.
	MaxDepth *uint32
	// FollowLinks says whether to go into directories that symbolic links point to. A loop of links ends.
	FollowLinks bool
	// Limit ends the search after this many results; nil means the host's limit, by default 100,000.
	Limit *uint32
}

// DiskUsage is what is in a directory and everything below it.
type DiskUsage struct {
	// Files is how many entries are not directories. A symbolic link counts as one.
	Files uint64
	// Directories is how many entries are directories, without the root itself.
	Directories uint64
	// Bytes is the sizes of all regular files together.
	Bytes uint64
}

// Cursor lists one directory in pages, in no particular order, so that a directory of any size can be listed in bounded
// memory. Close it; the garbage collector does not. A closed cursor answers fs.ErrClosed.
type Cursor struct {
	handle host.Cursor
}

// Next gives at most max of the next entries, and at most the host's limit, by default 10,000. No entries and no error
// mean the end, or that max is 0. An entry that is created or removed meanwhile may or may not be among them.
//
// Permission: none; the cursor holds it.
//
// Errors: files.ErrIO.
func (c *Cursor) Next(max uint32) ([]Entry, error) {
	if c.handle == nil {
		return nil, fs.ErrClosed
	}
	return entries(c.handle.Next(max))
}

// pageSize is how many entries All asks for at once.
const pageSize = 256

// All gives the entries that are left, one by one. After an error there are no more:
//
//	for entry, err := range cursor.All() {
//		if err != nil {
//			return err
//		}
//		…
//	}
func (c *Cursor) All() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for {
			page, err := c.Next(pageSize)
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for _, entry := range page {
				if !yield(entry, nil) {
					return
				}
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

// Close closes the directory. A cursor that is closed already gives fs.ErrClosed.
func (c *Cursor) Close() error {
	if c.handle == nil {
		return fs.ErrClosed
	}
	c.handle.Drop()
	c.handle = nil
	return nil
}

// OpenDirectory opens a directory for listing it in pages. The caller must close the cursor; a component may have 256
// files and cursors open at once by the host's default.
//
// Permission: filesystem = [{ action = "list", path = "<path>" }].
//
// Errors: files.ErrNotFound, files.ErrNotADirectory, files.ErrTooManyOpenFiles.
func OpenDirectory(path string) (*Cursor, error) {
	if err := host.ValidPaths(path); err != nil {
		return nil, err
	}
	handle, err := host.Value(host.Directories().OpenDirectory(path))
	if err != nil {
		return nil, err
	}
	return &Cursor{handle: handle}, nil
}

// ListDirectory gives all entries of a directory, sorted by the bytes of their names.
//
// Permission: filesystem = [{ action = "list", path = "<path>" }].
//
// Errors: files.ErrNotFound, files.ErrNotADirectory, files.ErrQuotaExceeded if there are more entries than the host's
// limit, by default 100,000. OpenDirectory has no such limit.
func ListDirectory(path string) ([]Entry, error) {
	if err := host.ValidPaths(path); err != nil {
		return nil, err
	}
	return entries(host.Directories().ListDirectory(path))
}

// CreateDirectory creates one directory, whose parent must exist.
//
// Permission: filesystem = [{ action = "write", path = "<path>" }].
//
// Errors: files.ErrAlreadyExists, files.ErrNotFound if the parent is missing, files.ErrQuotaExceeded.
func CreateDirectory(path string) error {
	if err := host.ValidPaths(path); err != nil {
		return err
	}
	return host.Done(host.Directories().CreateDirectory(path))
}

// CreateDirectoryAll creates a directory and all missing directories on the way to it. One that exists already is fine.
//
// Permission: filesystem = [{ action = "write", path = "<path>" }] for each directory that is created.
//
// Errors: files.ErrNotADirectory if something else is in the way, files.ErrQuotaExceeded.
func CreateDirectoryAll(path string) error {
	if err := host.ValidPaths(path); err != nil {
		return err
	}
	return host.Done(host.Directories().CreateDirectoryAll(path))
}

// RemoveDirectory removes an empty directory.
//
// Permission: filesystem = [{ action = "delete", path = "<path>" }].
//
// Errors: files.ErrNotFound, files.ErrNotADirectory, files.ErrDirectoryNotEmpty, files.ErrInvalidArgument if the path is
// the root of a mount.
func RemoveDirectory(path string) error {
	if err := host.ValidPaths(path); err != nil {
		return err
	}
	return host.Done(host.Directories().RemoveDirectory(path))
}

// RemoveDirectoryAll removes a directory and everything in it. Symbolic links in it are removed and not followed.
//
// Permission: filesystem = [{ action = "delete", path = "<path>" }] for the directory and everything in it. If it is
// missing for one entry, nothing is removed.
//
// Errors: files.ErrNotFound, files.ErrNotADirectory, files.ErrInvalidArgument if the path is the root of a mount,
// files.ErrQuotaExceeded if there are more entries than the host's limit, by default 10,000,000.
func RemoveDirectoryAll(path string) error {
	if err := host.ValidPaths(path); err != nil {
		return err
	}
	return host.Done(host.Directories().RemoveDirectoryAll(path))
}

// Find gives the absolute paths of everything below a directory that the options match, without the root itself.
//
// Permission: filesystem = [{ action = "list", path = "<path>" }] for the root and each directory below it. A directory
// below it that lacks the permission is skipped, which is no error.
//
// Errors: files.ErrNotFound, files.ErrNotADirectory, files.ErrInvalidArgument if the pattern is no glob,
// files.ErrQuotaExceeded if there are more results or more entries to visit than the host's limits.
func Find(root string, options FindOptions) ([]string, error) {
	if err := host.ValidPaths(root); err != nil {
		return nil, err
	}
	if !utf8.ValidString(options.Pattern) {
		return nil, &files.Error{Code: files.ErrInvalidArgument, Message: "the pattern is not UTF-8"}
	}
	return host.Value(host.Directories().Find(root, filesystem.FindOptions{
		Pattern:     options.Pattern,
		MaxDepth:    host.Option(options.MaxDepth),
		FollowLinks: options.FollowLinks,
		Limit:       host.Option(options.Limit),
	}))
}

// Measure counts the files and directories below a directory and adds up their sizes. Symbolic links are not followed.
//
// Permission: filesystem = [{ action = "list", path = "<path>" }] for the root and each directory below it.
//
// Errors: files.ErrNotFound, files.ErrNotADirectory, files.ErrQuotaExceeded if there are more entries than the host's
// limit, by default 10,000,000.
func Measure(root string) (DiskUsage, error) {
	if err := host.ValidPaths(root); err != nil {
		return DiskUsage{}, err
	}
	usage, err := host.Value(host.Directories().Measure(root))
	return DiskUsage(usage), err
}

func entries(result host.Filesystem[[]filesystem.DirectoryEntry]) ([]Entry, error) {
	listed, err := host.Value(result)
	if err != nil {
		return nil, err
	}
	all := make([]Entry, len(listed))
	for i, entry := range listed {
		all[i] = Entry{Name: entry.Name, Type: files.FileType(entry.FileType)}
	}
	return all, nil
}
