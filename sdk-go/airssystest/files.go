package airssystest

import (
	"slices"

	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// files is the interface files.
type files struct{ *FakeHost }

// permitted goes to the end of a path and asks for all of these actions there.
func (h *FakeHost) permitted(operation, path string, last followed, actions ...Action) (place, *failure) {
	at, failed := h.tree.resolve(path, last)
	if failed == nil {
		failed = h.rules.authorize(operation, at.path, actions...)
	}
	return at, failed
}

func invalid(problem string) *failure {
	return new(filesystem.MakeFilesystemErrorInvalidArgument(problem))
}

func (h files) Open(path string, flags filesystem.OpenFlags) host.Filesystem[host.File] {
	defer h.lock()()
	opened, failed := h.openFile(path, flags)
	if failed != nil {
		return wit.Err[host.File](*failed)
	}
	return wit.Ok[host.File, failure](opened)
}

func (h files) openFile(path string, flags filesystem.OpenFlags) (*handle, *failure) {
	set := func(flag filesystem.OpenFlags) bool { return flags&flag != 0 }
	reads, writes := set(filesystem.OpenFlags_Read), set(filesystem.OpenFlags_Write|filesystem.OpenFlags_Append)
	creates := set(filesystem.OpenFlags_Create | filesystem.OpenFlags_CreateNew)
	if !reads && !writes {
		return nil, invalid("one of read, write and append must be set")
	}
	if set(filesystem.OpenFlags_Truncate) && !set(filesystem.OpenFlags_Write) {
		return nil, invalid("truncate needs write")
	}
	var actions []Action
	if reads {
		actions = append(actions, Read)
	}
	if writes || creates {
		actions = append(actions, Write)
	}
	last := follow
	if set(filesystem.OpenFlags_NoFollow | filesystem.OpenFlags_CreateNew) {
		last = keepUnlessSlash
		if creates {
			last = keep
		}
	}
	at, failed := h.permitted("files.open", path, last, actions...)
	if failed != nil {
		return nil, failed
	}
	if set(filesystem.OpenFlags_CreateNew) && at.node != nil && at.ending != slash {
		return nil, new(filesystem.MakeFilesystemErrorAlreadyExists(path))
	}
	file, failed := at.file()
	if creates {
		file, failed = at.newFile()
	}
	switch {
	case failed != nil:
		return nil, failed
	case file == nil && !creates:
		return nil, new(filesystem.MakeFilesystemErrorNotFound(path))
	case h.open >= maxOpen:
		return nil, new(filesystem.MakeFilesystemErrorTooManyOpenFiles())
	case file == nil:
		file = h.tree.file(nil)
		at.parent.children[at.name] = file
	case set(filesystem.OpenFlags_Truncate):
		if failed := file.resize(0, h.clock); failed != nil {
			return nil, failed
		}
	}
	h.open++
	return &handle{
		host: h.FakeHost, node: file, path: path,
		reads: reads, writes: writes, appends: set(filesystem.OpenFlags_Append),
	}, nil
}

func (h files) ReadFile(path string) host.Filesystem[[]byte] {
	defer h.lock()()
	at, failed := h.permitted("files.read-file", path, follow, Read)
	if failed != nil {
		return result[[]byte](nil, failed)
	}
	file, failed := at.existingFile()
	if failed != nil {
		return result[[]byte](nil, failed)
	}
	return result(slices.Clone(file.content), nil)
}

func (h files) WriteFile(path string, data []byte) host.Filesystem[wit.Unit] {
	defer h.lock()()
	return done(h.change("files.write-file", path, func(file *node) *failure {
		file.content, file.modified = slices.Clone(data), h.clock
		return nil
	}))
}

func (h files) AppendFile(path string, data []byte) host.Filesystem[wit.Unit] {
	defer h.lock()()
	return done(h.change("files.append-file", path, func(file *node) *failure {
		return file.writeAt(uint64(len(file.content)), data, h.clock)
	}))
}

// change changes a file, which it creates if there is none.
func (h files) change(operation, path string, change func(file *node) *failure) *failure {
	at, failed := h.permitted(operation, path, follow, Write)
	if failed != nil {
		return failed
	}
	file, failed := at.newFile()
	if failed != nil {
		return failed
	}
	if file == nil {
		file = h.tree.file(nil)
		at.parent.children[at.name] = file
	}
	return change(file)
}

func (h files) DeleteFile(path string) host.Filesystem[wit.Unit] {
	defer h.lock()()
	at, failed := h.permitted("files.delete-file", path, keep, Delete)
	if failed != nil {
		return done(failed)
	}
	found, failed := at.found()
	switch {
	case failed != nil:
		return done(failed)
	case found.isDirectory():
		return done(new(filesystem.MakeFilesystemErrorIsADirectory(path)))
	}
	delete(at.parent.children, at.name)
	return done(nil)
}

func (h files) CopyFile(source, destination string, onExisting filesystem.OnExisting) host.Filesystem[uint64] {
	defer h.lock()()
	copied, failed := h.copyFile(source, destination, onExisting)
	return result(copied, failed)
}

func (h files) copyFile(source, destination string, onExisting filesystem.OnExisting) (uint64, *failure) {
	from, failed := h.permitted("files.copy-file", source, follow, Read)
	if failed != nil {
		return 0, failed
	}
	to, failed := h.permitted("files.copy-file", destination, follow, Write)
	if failed != nil {
		return 0, failed
	}
	file, failed := from.existingFile()
	if failed != nil {
		return 0, failed
	}
	_, failed = to.newFile()
	switch {
	case to.behindFile || to.ending == slash:
		return 0, failed
	case to.obstacle == nil && from.path == to.path:
		return 0, invalid("source and destination are the same file")
	case to.parent != nil && to.node != nil && onExisting == filesystem.OnExisting_Fail:
		return 0, new(filesystem.MakeFilesystemErrorAlreadyExists(destination))
	case failed != nil:
		return 0, failed
	}
	replacing := h.tree.file(file.content)
	replacing.permissions = file.permissions
	to.parent.children[to.name] = replacing
	return uint64(len(file.content)), nil
}

func (h files) Rename(source, destination string, onExisting filesystem.OnExisting) host.Filesystem[wit.Unit] {
	defer h.lock()()
	return done(h.rename(source, destination, onExisting))
}

func (h files) rename(source, destination string, onExisting filesystem.OnExisting) *failure {
	from, failed := h.permitted("files.rename", source, keep, Delete)
	if failed != nil {
		return failed
	}
	to, failed := h.permitted("files.rename", destination, keep, Write)
	if failed != nil {
		return failed
	}
	moved, failed := removable(&from)
	switch {
	case failed != nil:
		return failed
	case to.obstacle != nil:
		return to.obstacle
	case to.node != nil && onExisting == filesystem.OnExisting_Fail:
		return new(filesystem.MakeFilesystemErrorAlreadyExists(destination))
	case to.parent == nil:
		return invalid("the destination is the root of a mount")
	case to.ending == dot:
		return invalid("the destination ends in `.`")
	case to.ending == slash && !moved.isDirectory() && to.node != nil:
		return new(filesystem.MakeFilesystemErrorIsADirectory(destination))
	case to.ending == slash && !moved.isDirectory():
		return new(filesystem.MakeFilesystemErrorNotADirectory(destination))
	case from.path == to.path:
		return nil
	case isWithin(to.path, from.path):
		return invalid("the destination lies within the source")
	}
	if replaced := to.node; replaced != nil {
		switch {
		case replaced.isDirectory() && !moved.isDirectory():
			return new(filesystem.MakeFilesystemErrorIsADirectory(destination))
		case moved.isDirectory() && !replaced.isDirectory():
			return new(filesystem.MakeFilesystemErrorNotADirectory(destination))
		}
	}
	// Otherwise moving a directory would be a way to files that may not be touched where they are.
	failed = moved.below(from.path, func(path string, _ *node) *failure {
		if failed := h.rules.authorize("files.rename", path, Delete); failed != nil {
			return failed
		}
		return h.rules.authorize("files.rename", to.path+path[len(from.path):], Write)
	})
	if failed != nil {
		return failed
	}
	if to.node != nil && len(to.node.children) > 0 {
		return new(filesystem.MakeFilesystemErrorDirectoryNotEmpty(destination))
	}
	delete(from.parent.children, from.name)
	to.parent.children[to.name] = moved
	return nil
}

// removable gives what can be removed or moved: anything but the root, and by no name but its own.
func removable(at *place) (*node, *failure) {
	found, failed := at.found()
	switch {
	case failed != nil:
		return nil, failed
	case at.ending == dot:
		return nil, invalid(quoted(at.given) + " ends in `.`")
	case at.parent == nil:
		return nil, invalid(quoted(at.given) + " is the root of a mount, or above one")
	}
	return found, nil
}
