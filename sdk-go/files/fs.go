package files

import (
	"io"
	"io/fs"
	"math"
	"path"
	"time"

	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// FS gives what is below a directory as a read-only fs.FS, for the many packages that take one: fs.WalkDir, text/template,
// net/http. It is an fs.ReadDirFS, fs.StatFS and fs.ReadFileFS as well, and its files are io.Seekers and io.ReaderAts.
//
// Symbolic links are followed, also out of the directory: what bounds a component are its permissions.
//
// Permission: filesystem = [{ action = "read", path = "<path>" }] for files, the same with the action list for
// directories, one of the two for what is only looked at.
//
// Errors: each an *fs.PathError around the error that the operations of the packages files, directories and paths have.
func FS(root string) fs.FS { return tree{root} }

type tree struct{ root string }

var (
	_ fs.ReadDirFS  = tree{}
	_ fs.StatFS     = tree{}
	_ fs.ReadFileFS = tree{}
)

// path gives the one of the component for a name within the tree.
func (t tree) path(operation, name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: operation, Path: name, Err: fs.ErrInvalid}
	}
	if name == "." {
		return t.root, nil
	}
	return join(t.root, name), nil
}

// join is not path.Join, which would take .. out of the root: that may lead elsewhere over a link.
func join(directory, name string) string {
	if directory == "/" {
		return directory + name
	}
	return directory + "/" + name
}

// Open opens a file or a directory for reading.
func (t tree) Open(name string) (fs.File, error) {
	at, err := t.path("open", name)
	if err != nil {
		return nil, err
	}
	info, err := stat("open", at, name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return &openDirectory{info: info, path: at, name: name}, nil
	}
	file, err := Open(at, OpenRead)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return openFile{file, info.Name()}, nil
}

// ReadDir gives the entries of a directory, sorted by name.
func (t tree) ReadDir(name string) ([]fs.DirEntry, error) {
	at, err := t.path("readdir", name)
	if err != nil {
		return nil, err
	}
	return readDirectory(at, name)
}

// Stat gives what is known about a file or a directory.
func (t tree) Stat(name string) (fs.FileInfo, error) {
	at, err := t.path("stat", name)
	if err != nil {
		return nil, err
	}
	return stat("stat", at, name)
}

// ReadFile reads a whole file.
func (t tree) ReadFile(name string) ([]byte, error) {
	at, err := t.path("readfile", name)
	if err != nil {
		return nil, err
	}
	content, err := ReadFile(at)
	if err != nil {
		return nil, &fs.PathError{Op: "readfile", Path: name, Err: err}
	}
	return content, nil
}

func stat(operation, at, name string) (fs.FileInfo, error) {
	if err := host.ValidPaths(at); err != nil {
		return nil, &fs.PathError{Op: operation, Path: name, Err: err}
	}
	metadata, err := host.Value(host.Paths().GetMetadata(at))
	if err != nil {
		return nil, &fs.PathError{Op: operation, Path: name, Err: err}
	}
	return fileInfo{path.Base(name), metadataOf(metadata)}, nil
}

func readDirectory(at, name string) ([]fs.DirEntry, error) {
	if err := host.ValidPaths(at); err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	// The host sorts them as the standard library does: by the bytes of their names.
	listed, err := host.Value(host.Directories().ListDirectory(at))
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	entries := make([]fs.DirEntry, len(listed))
	for i, entry := range listed {
		entries[i] = directoryEntry{entry, join(at, entry.Name)}
	}
	return entries, nil
}

// openFile is a file as fs.FS gives it.
type openFile struct {
	*File
	name string
}

func (f openFile) Stat() (fs.FileInfo, error) {
	metadata, err := f.Metadata()
	if err != nil {
		return nil, err
	}
	return fileInfo{f.name, metadata}, nil
}

// openDirectory is a directory as fs.FS gives it.
type openDirectory struct {
	info   fs.FileInfo
	path   string
	name   string
	read   bool
	rest   []fs.DirEntry
	closed bool
}

func (d *openDirectory) Stat() (fs.FileInfo, error) { return d.info, d.open("stat") }

func (d *openDirectory) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: &Error{Code: ErrIsADirectory, Path: d.path}}
}

// ReadDir gives the next n entries, or all that are left if n is not positive.
func (d *openDirectory) ReadDir(n int) ([]fs.DirEntry, error) {
	if err := d.open("readdir"); err != nil {
		return nil, err
	}
	if !d.read {
		entries, err := readDirectory(d.path, d.name)
		if err != nil {
			return nil, err
		}
		d.read, d.rest = true, entries
	}
	if n <= 0 {
		n = len(d.rest)
	} else if len(d.rest) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.rest))
	entries := d.rest[:n:n]
	d.rest = d.rest[n:]
	return entries, nil
}

func (d *openDirectory) Close() error {
	err := d.open("close")
	d.closed = true
	return err
}

func (d *openDirectory) open(operation string) error {
	if d.closed {
		return &fs.PathError{Op: operation, Path: d.name, Err: fs.ErrClosed}
	}
	return nil
}

// directoryEntry is an entry of a directory, with its path.
type directoryEntry struct {
	entry filesystem.DirectoryEntry
	path  string
}

func (e directoryEntry) Name() string      { return e.entry.Name }
func (e directoryEntry) IsDir() bool       { return e.Type().IsDir() }
func (e directoryEntry) Type() fs.FileMode { return FileType(e.entry.FileType).Mode() }
func (e directoryEntry) String() string    { return fs.FormatDirEntry(e) }

func (e directoryEntry) Info() (fs.FileInfo, error) {
	metadata, err := host.Value(host.Paths().GetLinkMetadata(e.path))
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: e.path, Err: err}
	}
	return fileInfo{e.entry.Name, metadataOf(metadata)}, nil
}

// fileInfo is metadata with a name. Sys gives the Metadata.
type fileInfo struct {
	name     string
	metadata Metadata
}

func (i fileInfo) Name() string      { return i.name }
func (i fileInfo) Size() int64       { return int64(min(i.metadata.Size, math.MaxInt64)) }
func (i fileInfo) Mode() fs.FileMode { return i.metadata.Type.Mode() | i.metadata.Permissions.Mode() }
func (i fileInfo) IsDir() bool       { return i.metadata.Type == TypeDirectory }
func (i fileInfo) Sys() any          { return i.metadata }
func (i fileInfo) String() string    { return fs.FormatFileInfo(i) }

func (i fileInfo) ModTime() time.Time {
	if i.metadata.Modified == nil {
		return time.Time{}
	}
	return i.metadata.Modified.Time()
}
