package airssystest

import (
	"regexp"
	"slices"
	"strings"

	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
)

// segments gives those of a path, without . and empty ones but with each .. .
func segments(path string) ([]string, *failure) {
	problem := ""
	switch {
	case path == "":
		problem = "the path is empty"
	case len(path) > maxPath:
		problem = "the path has more than 4096 bytes"
	case strings.ContainsRune(path, 0):
		problem = "the path contains NUL"
	case path[0] != '/':
		problem = "the path is not absolute"
	}
	if problem != "" {
		return nil, new(filesystem.MakeFilesystemErrorInvalidPath(problem))
	}
	found := slices.DeleteFunc(strings.Split(path, "/"), func(segment string) bool { return segment == "" || segment == "." })
	if slices.ContainsFunc(found, func(segment string) bool { return len(segment) > maxName }) {
		return nil, new(filesystem.MakeFilesystemErrorNameTooLong(path))
	}
	return found, nil
}

// draft is a name under which a host keeps a file that it is still writing.
var draft = regexp.MustCompile(`^\.airssys-[0-9A-Fa-f]{32}\.draft$`)

// ending is what the end of a path says of what it means.
type ending uint8

const (
	// plain says nothing: the path ends with a name or with ...
	plain ending = iota
	// slash is a directory, which may have to be made.
	slash
	// dot is a directory that is there.
	dot
)

func endingOf(path string) ending {
	trimmed := strings.TrimRight(path, "/")
	switch {
	case trimmed[strings.LastIndexByte(trimmed, '/')+1:] == ".":
		return dot
	case len(trimmed) < len(path):
		return slash
	default:
		return plain
	}
}

// leftAgain gives the place of the .. that leaves the first segment again; 0 if there is none.
func leftAgain(segments []string) int {
	depth := 0
	for i, segment := range segments {
		if segment == ".." {
			depth--
		} else {
			depth++
		}
		if depth == 0 {
			return i
		}
	}
	return 0
}

// fold applies each .. to the text before it. Above the root there is only the root.
func fold(segments []string) []string {
	var folded []string
	for _, segment := range segments {
		switch {
		case segment != "..":
			folded = append(folded, segment)
		case len(folded) > 0:
			folded = folded[:len(folded)-1]
		}
	}
	return folded
}

func absolute(segments []string) string { return "/" + strings.Join(segments, "/") }

func join(directory, name string) string { return strings.TrimSuffix(directory, "/") + "/" + name }

func normalize(path string) (string, *failure) {
	found, failed := segments(path)
	if failed != nil {
		return "", failed
	}
	return absolute(fold(found)), nil
}

func relativeTo(path, base string) (string, *failure) {
	below, failed := normalize(path)
	if failed != nil {
		return "", failed
	}
	above, failed := normalize(base)
	if failed != nil {
		return "", failed
	}
	if !isWithin(below, above) {
		return "", new(filesystem.MakeFilesystemErrorInvalidArgument("the path is not under the base"))
	}
	return strings.TrimPrefix(strings.TrimPrefix(below, above), "/"), nil
}

// isWithin says whether a path is the base or below it, both absolute and normal.
func isWithin(path, base string) bool {
	return base == "/" || path == base || strings.HasPrefix(path, base+"/")
}

// glob compiles a pattern over the path relative to the root of a search.
func glob(pattern string) (*regexp.Regexp, *failure) {
	invalid := func(problem string) (*regexp.Regexp, *failure) {
		return nil, new(filesystem.MakeFilesystemErrorInvalidArgument(problem + " in pattern " + quoted(pattern)))
	}
	if strings.ContainsAny(pattern, "[{\x00") {
		return invalid("[, { or NUL")
	}
	expression := "^"
	for segment := range strings.SplitSeq(pattern, "/") {
		switch {
		case segment == "" || segment == "." || segment == "..":
			return invalid("a segment that is empty, . or ..")
		case segment == "**":
			expression += "(?:/[^/]+)*"
		case strings.Contains(segment, "**"):
			return invalid("** that is not a whole segment")
		default:
			expression += "/" + segmentExpression(segment)
		}
	}
	// What segmentExpression quotes cannot fail to compile.
	return regexp.MustCompile(expression + "$"), nil
}
