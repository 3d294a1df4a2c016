// Command copy-tree is a component that copies a folder with all that is in it.
package main

import (
	"fmt"
	"strings"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/directories"
	"github.com/airssys/airssys-wasm/sdk-go/files"
)

type copyTree struct{ airssys.Base }

// Execute takes two lines: the folder to copy, and the folder to copy it to.
func (copyTree) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	if operation != "copy-tree" {
		return nil, airssys.UnknownOperation(operation)
	}
	from, to, found := strings.Cut(strings.TrimRight(string(input), "\n"), "\n")
	if !found {
		return nil, airssys.Errorf(airssys.ErrInvalidInput, "expected FROM and TO, a line each")
	}
	var done copied
	// A refusal of the host is just returned: it becomes the permission-denied of this operation.
	if err := copyFolder(from, to, &done); err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "copied %d files, %d bytes", done.files, done.bytes), nil
}

type copied struct{ files, bytes uint64 }

func copyFolder(from, to string, done *copied) error {
	// The list is complete before anything is created, so that a copy into the folder itself comes to an end.
	entries, err := directories.ListDirectory(from)
	if err != nil {
		return err
	}
	if err := directories.CreateDirectoryAll(to); err != nil {
		return err
	}
	for _, entry := range entries {
		source, destination := from+"/"+entry.Name, to+"/"+entry.Name
		switch entry.Type {
		case files.TypeDirectory:
			if err := copyFolder(source, destination, done); err != nil {
				return err
			}
		case files.TypeRegular:
			// The host copies: the bytes do not pass through the component.
			bytes, err := files.CopyFile(source, destination, files.ReplaceExisting)
			if err != nil {
				return err
			}
			done.files++
			done.bytes += bytes
		}
		// A link could lead anywhere, and anything else is no file.
	}
	return nil
}

func init() { airssys.Register(copyTree{}) }

func main() {}
