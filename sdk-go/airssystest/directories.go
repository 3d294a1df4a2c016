package airssystest

import (
	"math"
	"slices"
	"strings"

	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// maxPage is how many entries a cursor gives in one call.
const maxPage = 10_000

// directories is the interface directories.
type directories struct{ *FakeHost }

func (h directories) list(operation, path string) ([]filesystem.DirectoryEntry, *failure) {
	at, failed := h.permitted(operation, path, follow, List)
	if failed != nil {
		return nil, failed
	}
	directory, failed := at.directory()
	if failed != nil {
		return nil, failed
	}
	var entries []filesystem.DirectoryEntry
	for _, name := range directory.names() {
		entries = append(entries, filesystem.DirectoryEntry{Name: name, FileType: directory.children[name].kind})
	}
	return entries, nil
}

func (h directories) OpenDirectory(path string) host.Filesystem[host.Cursor] {
	defer h.lock()()
	entries, failed := h.list("directories.open-directory", path)
	if failed == nil && h.open >= maxOpen {
		failed = new(filesystem.MakeFilesystemErrorTooManyOpenFiles())
	}
	if failed != nil {
		return wit.Err[host.Cursor](*failed)
	}
	h.open++
	return wit.Ok[host.Cursor, failure](&cursor{host: h.FakeHost, left: entries})
}

// cursor gives the entries that were there when it was opened.
type cursor struct {
	host *FakeHost
	left []filesystem.DirectoryEntry
}

func (c *cursor) Next(maxEntries uint32) host.Filesystem[[]filesystem.DirectoryEntry] {
	defer c.host.lock()()
	count := min(len(c.left), int(min(maxEntries, maxPage)))
	page := c.left[:count]
	c.left = c.left[count:]
	return result(page, nil)
}

func (c *cursor) Drop() {
	defer c.host.lock()()
	c.host.open--
}

func (h directories) ListDirectory(path string) host.Filesystem[[]filesystem.DirectoryEntry] {
	defer h.lock()()
	return result(h.list("directories.list-directory", path))
}

func (h directories) CreateDirectory(path string) host.Filesystem[wit.Unit] {
	defer h.lock()()
	at, failed := h.permitted("directories.create-directory", path, keep, Write)
	if failed == nil {
		failed = at.free(filesystem.FileType_Directory)
	}
	if failed != nil {
		return done(failed)
	}
	at.parent.children[at.name] = h.tree.directory()
	return done(nil)
}

func (h directories) CreateDirectoryAll(path string) host.Filesystem[wit.Unit] {
	defer h.lock()()
	return done(h.createAll(path))
}

func (h directories) createAll(path string) *failure {
	const operation = "directories.create-directory-all"
	whole, failed := h.permitted(operation, path, follow, Write)
	if failed != nil {
		return failed
	}
	if _, failed := whole.directory(); failed == nil || failed.Tag() != filesystem.FilesystemError_NotFound {
		return failed
	}
	names, failed := segments(whole.path)
	if failed != nil {
		return failed
	}
	// All permissions first: a refusal leaves nothing behind.
	for end := range names {
		at, failed := h.tree.resolve(absolute(names[:end+1]), follow)
		if failed == nil && at.node == nil {
			failed = h.rules.authorize(operation, at.path, Write)
		}
		if failed != nil {
			return failed
		}
	}
	_, failed = h.tree.makeDirectories(whole.path)
	if failed != nil && failed.Tag() == filesystem.FilesystemError_NotADirectory {
		return new(filesystem.MakeFilesystemErrorNotADirectory(path))
	}
	return failed
}

// removed gives the directory that is to be removed. A link to one is none.
func (h directories) removed(operation, path string) (place, *node, *failure) {
	at, failed := h.permitted(operation, path, keep, Delete)
	if failed != nil {
		return at, nil, failed
	}
	found, failed := removable(&at)
	if failed == nil && !found.isDirectory() {
		failed = new(filesystem.MakeFilesystemErrorNotADirectory(path))
	}
	return at, found, failed
}

func (h directories) RemoveDirectory(path string) host.Filesystem[wit.Unit] {
	defer h.lock()()
	at, directory, failed := h.removed("directories.remove-directory", path)
	switch {
	case failed != nil:
		return done(failed)
	case len(directory.children) > 0:
		return done(new(filesystem.MakeFilesystemErrorDirectoryNotEmpty(path)))
	}
	delete(at.parent.children, at.name)
	return done(nil)
}

func (h directories) RemoveDirectoryAll(path string) host.Filesystem[wit.Unit] {
	defer h.lock()()
	const operation = "directories.remove-directory-all"
	at, directory, failed := h.removed(operation, path)
	if failed == nil {
		failed = directory.below(at.path, func(path string, _ *node) *failure {
			return h.rules.authorize(operation, path, Delete)
		})
	}
	if failed == nil {
		delete(at.parent.children, at.name)
	}
	return done(failed)
}

func (h directories) Find(root string, options filesystem.FindOptions) host.Filesystem[[]string] {
	defer h.lock()()
	pattern, failed := glob(options.Pattern)
	if failed != nil {
		return result[[]string](nil, failed)
	}
	at, failed := h.permitted("directories.find", root, follow, List)
	if failed != nil {
		return result[[]string](nil, failed)
	}
	directory, failed := at.directory()
	if failed != nil {
		return result[[]string](nil, failed)
	}
	found := []string{}
	limit := int(options.Limit.SomeOr(math.MaxInt32))
	visited := []*node{directory}
	var visit func(directory *node, shown, real string, depth uint32)
	visit = func(directory *node, shown, real string, depth uint32) {
		if depth == 0 {
			return
		}
		for _, name := range directory.names() {
			if len(found) >= limit {
				return
			}
			path := join(shown, name)
			if pattern.MatchString("/" + strings.TrimPrefix(path[len(at.path):], "/")) {
				found = append(found, path)
			}
			below, realPath := directory.children[name], join(real, name)
			if options.FollowLinks && below.kind == filesystem.FileType_SymbolicLink {
				linked, failed := h.tree.resolve(realPath, follow)
				if failed != nil || linked.node == nil {
					continue
				}
				below, realPath = linked.node, linked.path
			}
			if !below.isDirectory() || h.rules.deniesPath(List, realPath) || slices.Contains(visited, below) {
				continue
			}
			visited = append(visited, below)
			visit(below, path, realPath, depth-1)
		}
	}
	visit(directory, at.path, at.path, options.MaxDepth.SomeOr(math.MaxUint32))
	return result(found, nil)
}

func (h directories) Measure(root string) host.Filesystem[filesystem.DiskUsage] {
	defer h.lock()()
	const operation = "directories.measure"
	var usage filesystem.DiskUsage
	at, failed := h.permitted(operation, root, follow, List)
	if failed != nil {
		return result(usage, failed)
	}
	directory, failed := at.directory()
	if failed != nil {
		return result(usage, failed)
	}
	failed = directory.below(at.path, func(path string, found *node) *failure {
		if found.isDirectory() {
			usage.Directories++
			return h.rules.authorize(operation, path, List)
		}
		usage.Files++
		usage.Bytes += uint64(len(found.content))
		return nil
	})
	return result(usage, failed)
}
