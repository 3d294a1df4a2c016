package host

import (
	"unicode/utf8"

	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
)

// ValidPaths refuses a path that cannot cross the boundary: the host traps on a string that is not UTF-8.
func ValidPaths(paths ...string) error {
	for _, path := range paths {
		if !utf8.ValidString(path) {
			return FilesystemError(filesystem.MakeFilesystemErrorInvalidPath("the path is not UTF-8"))
		}
	}
	return nil
}
