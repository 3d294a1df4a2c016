package airssystest

import (
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// paths is the interface paths.
type paths struct{ *FakeHost }

// known goes to the end of a path for an operation that reading or listing permits.
func (h paths) known(operation, path string, last followed) (place, *node, *failure) {
	at, failed := h.tree.resolve(path, last)
	if failed == nil {
		failed = h.rules.authorizeAny(operation, at.path, Read, List)
	}
	if failed != nil {
		return at, nil, failed
	}
	found, failed := at.found()
	return at, found, failed
}

func (h paths) metadata(operation, path string, last followed) host.Filesystem[filesystem.FileMetadata] {
	defer h.lock()()
	_, found, failed := h.known(operation, path, last)
	if failed != nil {
		return result(filesystem.FileMetadata{}, failed)
	}
	return result(found.metadata(), nil)
}

func (h paths) GetMetadata(path string) host.Filesystem[filesystem.FileMetadata] {
	return h.metadata("paths.get-metadata", path, follow)
}

func (h paths) GetLinkMetadata(path string) host.Filesystem[filesystem.FileMetadata] {
	return h.metadata("paths.get-link-metadata", path, keepUnlessSlash)
}

func (h paths) Exists(path string) host.Filesystem[bool] {
	defer h.lock()()
	_, _, failed := h.known("paths.exists", path, follow)
	if failed != nil {
		switch failed.Tag() {
		case filesystem.FilesystemError_NotFound, filesystem.FilesystemError_NotADirectory:
			return result(false, nil)
		}
	}
	return result(failed == nil, failed)
}

// changed gives what a path leads to and may be changed.
func (h paths) changed(operation, path string) (*node, *failure) {
	at, failed := h.permitted(operation, path, follow, Write)
	if failed != nil {
		return nil, failed
	}
	return at.found()
}

func (h paths) SetPermissions(path string, permissions filesystem.FilePermissions) host.Filesystem[wit.Unit] {
	defer h.lock()()
	found, failed := h.changed("paths.set-permissions", path)
	if failed == nil {
		found.permissions = permissions
	}
	return done(failed)
}

func (h paths) SetTimes(path string, times filesystem.FileTimes) host.Filesystem[wit.Unit] {
	defer h.lock()()
	for _, time := range []filesystem.FileTime{times.Accessed, times.Modified} {
		if time.Tag() == filesystem.FileTime_At && time.At().Nanoseconds >= 1_000_000_000 {
			return done(invalid("a time has less than 1,000,000,000 nanoseconds"))
		}
	}
	found, failed := h.changed("paths.set-times", path)
	if failed == nil {
		found.accessed = h.timeOf(times.Accessed, found.accessed)
		found.modified = h.timeOf(times.Modified, found.modified)
	}
	return done(failed)
}

func (h paths) timeOf(time filesystem.FileTime, before core.Timestamp) core.Timestamp {
	switch time.Tag() {
	case filesystem.FileTime_Now:
		return h.clock
	case filesystem.FileTime_At:
		return time.At()
	default:
		return before
	}
}

func (h paths) CreateSymlink(target, link string) host.Filesystem[wit.Unit] {
	defer h.lock()()
	return done(h.createSymlink(target, link))
}

func (h paths) createSymlink(target, link string) *failure {
	normal, failed := normalize(target)
	if failed != nil {
		return failed
	}
	at, failed := h.permitted("paths.create-symlink", link, keep, Write)
	if failed != nil {
		return failed
	}
	destination, failed := h.permitted("paths.create-symlink", normal, follow, Read)
	if failed != nil {
		return failed
	}
	if obstacle := destination.obstacle; obstacle != nil && obstacle.Tag() == filesystem.FilesystemError_TooManyLinks {
		return new(filesystem.MakeFilesystemErrorTooManyLinks(target))
	}
	if failed := at.free(filesystem.FileType_SymbolicLink); failed != nil {
		return failed
	}
	at.parent.children[at.name] = h.tree.link(normal)
	return nil
}

func (h paths) ReadSymlink(link string) host.Filesystem[string] {
	defer h.lock()()
	at, failed := h.permitted("paths.read-symlink", link, keepUnlessSlash, Read)
	if failed != nil {
		return result("", failed)
	}
	found, failed := at.found()
	switch {
	case failed != nil:
		return result("", failed)
	case found.kind != filesystem.FileType_SymbolicLink:
		return result("", invalid("it is not a symbolic link"))
	}
	return result(found.target, nil)
}

func (h paths) Canonicalize(path string) host.Filesystem[string] {
	defer h.lock()()
	at, _, failed := h.known("paths.canonicalize", path, follow)
	return result(at.path, failed)
}

func (h paths) Normalize(path string) host.Filesystem[string] { return result(normalize(path)) }

func (h paths) RelativeTo(path, base string) host.Filesystem[string] {
	return result(relativeTo(path, base))
}
