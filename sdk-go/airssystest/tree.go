package airssystest

import (
	"maps"
	"slices"
	"strings"

	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// failure is why an operation failed; nil means that it did not.
type failure = filesystem.FilesystemError

// result is what the component gets.
func result[T any](value T, failed *failure) host.Filesystem[T] {
	if failed != nil {
		return wit.Err[T](*failed)
	}
	return wit.Ok[T, failure](value)
}

func done(failed *failure) host.Filesystem[wit.Unit] { return result(wit.Unit{}, failed) }

// The host's limits.
const (
	maxPath  = 4096
	maxName  = 255
	maxLinks = 40
	maxDepth = 128
	maxOpen  = 256
)

// maxFile is the largest file, in bytes. A sparse one of a real host costs nothing, one in memory does.
const maxFile = 1 << 30

// node is a file, directory or symbolic link.
type node struct {
	kind filesystem.FileType
	// content is that of a file.
	content []byte
	// children are the entries of a directory.
	children map[string]*node
	// target is the absolute path that a link leads to.
	target      string
	permissions filesystem.FilePermissions
	accessed    core.Timestamp
	modified    core.Timestamp
	created     core.Timestamp
	// locks are the handles that hold one.
	locks map[*handle]filesystem.LockKind
}

func (n *node) isDirectory() bool { return n.kind == filesystem.FileType_Directory }

// names gives the names in a directory, sorted by their bytes.
func (n *node) names() []string { return slices.Sorted(maps.Keys(n.children)) }

func (n *node) metadata() filesystem.FileMetadata {
	size := len(n.content)
	if n.kind == filesystem.FileType_SymbolicLink {
		size = len(n.target)
	}
	return filesystem.FileMetadata{
		FileType:    n.kind,
		Size:        uint64(size),
		Permissions: n.permissions,
		Links:       1,
		Accessed:    wit.Some(n.accessed),
		Modified:    wit.Some(n.modified),
		Created:     wit.Some(n.created),
	}
}

// resize makes a file this many bytes long.
func (n *node) resize(size uint64, now core.Timestamp) *failure {
	if size > maxFile {
		return new(filesystem.MakeFilesystemErrorQuotaExceeded("the fake host keeps at most 1 GiB in one file"))
	}
	if size <= uint64(len(n.content)) {
		n.content = n.content[:size]
	} else {
		n.content = append(n.content, make([]byte, size-uint64(len(n.content)))...)
	}
	n.modified = now
	return nil
}

// writeAt writes all of it, and fills a gap before it with zeros.
func (n *node) writeAt(offset uint64, data []byte, now core.Timestamp) *failure {
	if len(data) == 0 {
		return nil
	}
	// Compared so that the sum cannot overflow.
	if offset > maxFile {
		return n.resize(offset, now)
	}
	if end := offset + uint64(len(data)); end > uint64(len(n.content)) {
		if failed := n.resize(end, now); failed != nil {
			return failed
		}
	}
	copy(n.content[offset:], data)
	n.modified = now
	return nil
}

// The permission bits of what is new: rw-r--r--, rwxr-xr-x and rwxrwxrwx, the owner's first.
const (
	newFile      filesystem.FilePermissions = 0b001_001_011
	newDirectory filesystem.FilePermissions = 0b101_101_111
	anyLink      filesystem.FilePermissions = 0b111_111_111
)

// tree is all that the component sees of files.
type tree struct {
	root *node
	now  func() core.Timestamp
	// mayKnow says whether there is anything that the component may do with a path.
	mayKnow func(path string) bool
}

func newTree(now func() core.Timestamp, mayKnow func(path string) bool) tree {
	t := tree{now: now, mayKnow: mayKnow}
	t.root = t.directory()
	return t
}

func (t *tree) node(kind filesystem.FileType, permissions filesystem.FilePermissions) *node {
	now := t.now()
	return &node{
		kind: kind, permissions: permissions, accessed: now, modified: now, created: now,
		locks: map[*handle]filesystem.LockKind{},
	}
}

func (t *tree) file(content []byte) *node {
	file := t.node(filesystem.FileType_Regular, newFile)
	file.content = slices.Clone(content)
	return file
}

func (t *tree) directory() *node {
	directory := t.node(filesystem.FileType_Directory, newDirectory)
	directory.children = map[string]*node{}
	return directory
}

func (t *tree) link(target string) *node {
	link := t.node(filesystem.FileType_SymbolicLink, anyLink)
	link.target = target
	return link
}

// place is the end of a path. Nothing in it is for the component before it has the permission for path.
type place struct {
	// path has all links and .. resolved. Where the way ended early, the rest is taken by its text.
	path string
	// given is the path as the component gave it, for errors.
	given string
	// parent and name are where it is; parent is nil for the root.
	parent *node
	name   string
	// node is what is there, nil if there is nothing.
	node *node
	// obstacle is why the way ended early.
	obstacle *failure
	// ending is what the end of the path says of what it means.
	ending ending
	// behindFile is set if the obstacle is that the path ends in / and what is there is no directory.
	behindFile bool
}

// followed says what resolve does with a link at the very end of the path.
type followed uint8

const (
	follow followed = iota
	// keep means the link itself, which is no directory.
	keep
	// keepUnlessSlash means the link itself, unless the path ends in / and asks for the directory that the link leads to.
	keepUnlessSlash
)

// resolve goes to the end of a path. One that ends in / or /. leads to nothing but a directory. It fails only for what the
// text of the path alone shows.
func (t *tree) resolve(given string, last followed) (place, *failure) {
	pending, failed := segments(given)
	if failed != nil {
		return place{}, failed
	}
	if slices.ContainsFunc(pending, draft.MatchString) {
		return place{}, new(filesystem.MakeFilesystemErrorInvalidPath("a name in it is one of the host's own"))
	}
	ending := endingOf(given)
	nodes, names := []*node{t.root}, []string{}
	end := func(obstacle failure) (place, *failure) {
		path := absolute(fold(append(names, pending...)))
		return place{path: path, given: given, obstacle: &obstacle, ending: ending}, nil
	}
	for links := 0; len(pending) > 0; {
		segment, here := pending[0], nodes[len(nodes)-1]
		isLast := len(pending) == 1
		child := here.children[segment]
		isLink := child != nil && child.kind == filesystem.FileType_SymbolicLink
		switch {
		case segment == "..":
			if len(names) > 0 {
				nodes, names = nodes[:len(nodes)-1], names[:len(names)-1]
			}
		case leftAgain(pending) > 0 && !t.mayKnow(absolute(append(names, segment))):
			// Whether it exists is nobody's business who may do nothing with it.
			pending = pending[leftAgain(pending):]
		case child == nil && (!isLast || ending == dot):
			return end(filesystem.MakeFilesystemErrorNotFound(given))
		case child != nil && child.isDirectory():
			if len(nodes) > maxDepth {
				return end(filesystem.MakeFilesystemErrorNameTooLong(given))
			}
			nodes, names = append(nodes, child), append(names, segment)
		case isLink && isLast && ending == slash && last == keep:
			at, failed := end(filesystem.MakeFilesystemErrorNotADirectory(given))
			at.behindFile = true
			return at, failed
		case isLink && (!isLast || ending != plain || last == follow):
			if links++; links > maxLinks {
				return end(filesystem.MakeFilesystemErrorTooManyLinks(given))
			}
			target, _ := segments(child.target)
			pending = append(target, pending[1:]...)
			nodes, names = nodes[:1], names[:0:0]
			continue
		case isLast && (child == nil || ending == plain):
			path := absolute(append(names, segment))
			return place{path: path, given: given, parent: here, name: segment, node: child, ending: ending}, nil
		default:
			at, failed := end(filesystem.MakeFilesystemErrorNotADirectory(given))
			at.behindFile = isLast && ending == slash
			return at, failed
		}
		pending = pending[1:]
	}
	reached := place{path: absolute(names), given: given, node: nodes[len(nodes)-1], ending: ending}
	if len(names) > 0 {
		reached.parent, reached.name = nodes[len(nodes)-2], names[len(names)-1]
	}
	return reached, nil
}

// found gives what is there.
func (p *place) found() (*node, *failure) {
	switch {
	case p.obstacle != nil:
		return nil, p.obstacle
	case p.node == nil:
		return nil, new(filesystem.MakeFilesystemErrorNotFound(p.given))
	default:
		return p.node, nil
	}
}

// newFile gives the file that is there, or nil if one can be created. Behind a / there can be none.
func (p *place) newFile() (*node, *failure) {
	if p.behindFile || p.obstacle == nil && p.parent != nil && p.ending == slash {
		return nil, new(filesystem.MakeFilesystemErrorIsADirectory(p.given))
	}
	return p.file()
}

// free says why nothing of this kind can be created: there is something, or the path ends in / and means a directory.
func (p *place) free(kind filesystem.FileType) *failure {
	switch {
	case p.behindFile || p.node != nil:
		return new(filesystem.MakeFilesystemErrorAlreadyExists(p.given))
	case p.obstacle != nil:
		return p.obstacle
	case p.ending != plain && kind != filesystem.FileType_Directory:
		return new(filesystem.MakeFilesystemErrorNotFound(p.given))
	}
	return nil
}

// file gives the file that is there, or nil if there is nothing.
func (p *place) file() (*node, *failure) {
	switch {
	case p.obstacle != nil:
		return nil, p.obstacle
	case p.node == nil:
		return nil, nil
	case p.node.isDirectory():
		return nil, new(filesystem.MakeFilesystemErrorIsADirectory(p.given))
	case p.node.kind == filesystem.FileType_SymbolicLink:
		return nil, new(filesystem.MakeFilesystemErrorTooManyLinks(p.given))
	default:
		return p.node, nil
	}
}

// existingFile gives the file that must be there.
func (p *place) existingFile() (*node, *failure) {
	file, failed := p.file()
	if failed == nil && file == nil {
		failed = new(filesystem.MakeFilesystemErrorNotFound(p.given))
	}
	return file, failed
}

// directory gives the directory that must be there.
func (p *place) directory() (*node, *failure) {
	found, failed := p.found()
	if failed == nil && !found.isDirectory() {
		return nil, new(filesystem.MakeFilesystemErrorNotADirectory(p.given))
	}
	return found, failed
}

// below visits everything in a directory, each directory before what is in it, until a visit fails.
func (n *node) below(path string, visit func(path string, found *node) *failure) *failure {
	for _, name := range n.names() {
		child, childPath := n.children[name], join(path, name)
		if failed := visit(childPath, child); failed != nil {
			return failed
		}
		if failed := child.below(childPath, visit); failed != nil {
			return failed
		}
	}
	return nil
}

// makeDirectories makes a directory and those on the way to it, for the test.
func (t *tree) makeDirectories(path string) (*node, *failure) {
	names, failed := segments(path)
	if failed != nil {
		return nil, failed
	}
	for end := range names {
		at, failed := t.resolve(absolute(names[:end+1]), follow)
		if failed != nil {
			return nil, failed
		}
		if at.obstacle == nil && at.node == nil {
			at.parent.children[at.name] = t.directory()
		}
	}
	at, failed := t.resolve(path, follow)
	if failed != nil {
		return nil, failed
	}
	return at.directory()
}

// put makes a file with this content, for the test.
func (t *tree) put(path string, content []byte) *failure {
	normal, failed := normalize(path)
	if failed != nil {
		return failed
	}
	if _, failed := t.makeDirectories(normal[:strings.LastIndex(normal, "/")] + "/"); failed != nil {
		return failed
	}
	at, failed := t.resolve(path, follow)
	if failed != nil {
		return failed
	}
	file, failed := at.file()
	switch {
	case failed != nil:
		return failed
	case file == nil:
		at.parent.children[at.name] = t.file(content)
	default:
		file.content, file.modified = slices.Clone(content), t.now()
	}
	return nil
}

// regular gives the file at a path, for the test.
func (t *tree) regular(path string) (*node, *failure) {
	at, failed := t.resolve(path, follow)
	if failed != nil {
		return nil, failed
	}
	return at.existingFile()
}
