package files

import (
	"fmt"
	"io/fs"
	"math/bits"

	"github.com/airssys/airssys-wasm/sdk-go"
)

// OpenFlags say how Open opens a file. At least one of OpenRead, OpenWrite and OpenAppend must be set.
type OpenFlags uint8

// The flags, to be combined with |.
const (
	// OpenRead: the file can be read.
	OpenRead OpenFlags = 1 << iota
	// OpenWrite: the file can be written.
	OpenWrite
	// OpenAppend: the file can be written, and each write goes to its end.
	OpenAppend
	// OpenCreate creates the file if it does not exist.
	OpenCreate
	// OpenCreateNew creates the file, and fails if there is already anything at the path, even a dangling link.
	OpenCreateNew
	// OpenTruncate cuts an existing file to length 0. Only together with OpenWrite.
	OpenTruncate
	// OpenNoFollow fails with ErrTooManyLinks if the last segment of the path is a symbolic link.
	OpenNoFollow
)

// OnExisting is what CopyFile and Rename do when there is already something at the destination.
type OnExisting uint8

// The choices.
const (
	// FailIfExists: the operation fails with ErrAlreadyExists and changes nothing.
	FailIfExists OnExisting = iota
	// ReplaceExisting: what is at the destination is replaced.
	ReplaceExisting
)

// LockKind is how a lock is held. Locks are advisory: they keep out other locks, not reads and writes.
type LockKind uint8

// The kinds of locks.
const (
	// LockShared: several handles may hold it at once, as long as none holds it exclusively.
	LockShared LockKind = iota
	// LockExclusive: one handle holds it, and no other holds any.
	LockExclusive
)

// SyncKind is what File.Sync brings to the device.
type SyncKind uint8

// The kinds of syncs.
const (
	// SyncData: the content, and of the metadata what is needed to read it again.
	SyncData SyncKind = iota
	// SyncAll: the content and all metadata.
	SyncAll
)

// FileType is what something in the filesystem is.
type FileType uint8

// The types.
const (
	// TypeRegular is a file with content.
	TypeRegular FileType = iota
	// TypeDirectory is a directory.
	TypeDirectory
	// TypeSymbolicLink is a symbolic link.
	TypeSymbolicLink
	// TypeOther is something else, such as a socket, a pipe or a device.
	TypeOther
)

// String gives the name of the contract, for example symbolic-link.
func (t FileType) String() string {
	names := [...]string{"regular", "directory", "symbolic-link", "other"}
	if int(t) < len(names) {
		return names[t]
	}
	return fmt.Sprintf("file-type(%d)", uint8(t))
}

// Mode gives the type bits of a mode; those of TypeRegular are none.
func (t FileType) Mode() fs.FileMode {
	switch t {
	case TypeRegular:
		return 0
	case TypeDirectory:
		return fs.ModeDir
	case TypeSymbolicLink:
		return fs.ModeSymlink
	default:
		return fs.ModeIrregular
	}
}

// Permissions are POSIX permission bits in the order of the contract, the opposite of fs.FileMode's: PermissionsOf and
// Mode convert. A host without them shows only whether the file is read-only, and sets only that.
type Permissions uint16

// The permission bits, to be combined with |.
const (
	// OwnerRead: the owner may read.
	OwnerRead Permissions = 1 << iota
	// OwnerWrite: the owner may write.
	OwnerWrite
	// OwnerExecute: the owner may execute, or for a directory pass through.
	OwnerExecute
	// GroupRead: the group may read.
	GroupRead
	// GroupWrite: the group may write.
	GroupWrite
	// GroupExecute: the group may execute, or for a directory pass through.
	GroupExecute
	// OtherRead: others may read.
	OtherRead
	// OtherWrite: others may write.
	OtherWrite
	// OtherExecute: others may execute, or for a directory pass through.
	OtherExecute
)

// permissionBits is how many bits Permissions has; fs.FileMode has the same from the other end.
const permissionBits = 9

// PermissionsOf gives the permissions of a mode, for example 0o644.
func PermissionsOf(mode fs.FileMode) Permissions {
	return Permissions(bits.Reverse16(uint16(mode.Perm())) >> (16 - permissionBits))
}

// Mode gives the same permissions as a mode.
func (p Permissions) Mode() fs.FileMode {
	return fs.FileMode(bits.Reverse16(uint16(p))>>(16-permissionBits)) & fs.ModePerm
}

// String gives the permissions as ls does, for example rw-r--r--.
func (p Permissions) String() string {
	text := []byte("rwxrwxrwx")
	for i := range text {
		if p&(1<<i) == 0 {
			text[i] = '-'
		}
	}
	return string(text)
}

// Metadata is what the filesystem knows about a file, directory or link apart from its content.
type Metadata struct {
	// Type is what it is.
	Type FileType
	// Size is its size in bytes. For other types than TypeRegular it is what the host's filesystem says.
	Size uint64
	// Permissions are its permission bits.
	Permissions Permissions
	// Links is how many hard links it has.
	Links uint64
	// Accessed is when it was last read; nil if the filesystem does not keep it.
	Accessed *airssys.Timestamp
	// Modified is when its content last changed; nil if the filesystem does not keep it.
	Modified *airssys.Timestamp
	// Created is when it was created; nil if the filesystem does not keep it.
	Created *airssys.Timestamp
}
