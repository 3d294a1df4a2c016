package airssystest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_capabilities"
	filesystem "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_filesystem_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// Action is what is done to a file or directory, in the words of Component.toml.
type Action string

// The actions.
const (
	// Read is reading contents and metadata.
	Read Action = "read"
	// Write is creating and changing.
	Write Action = "write"
	// Delete is removing.
	Delete Action = "delete"
	// List is learning the names in a directory.
	List Action = "list"
)

var allActions = []Action{Read, Write, Delete, List}

// rules are what is refused.
type rules struct {
	paths   []pathRule
	targets []*regexp.Regexp
	// servers are addresses, programs paths.
	servers, programs map[string]bool
}

type pathRule struct {
	path    string
	actions []Action
}

// Deny refuses actions on a path and everything below it, or all actions if none is named. The component gets the refusal
// of a real host, with the line that Component.toml would lack.
func (h *FakeHost) Deny(path string, actions ...Action) {
	h.t.Helper()
	defer h.lock()()
	normal, failed := normalize(path)
	if failed != nil {
		h.t.Fatalf("Deny: %v", host.FilesystemError(*failed))
	}
	for _, action := range actions {
		if !slices.Contains(allActions, action) {
			h.t.Fatalf("Deny: there is no action %q, only %q", action, allActions)
		}
	}
	if len(actions) == 0 {
		actions = allActions
	}
	h.rules.paths = append(h.rules.paths, pathRule{normal, actions})
}

var targetForm = regexp.MustCompile(`^[a-z0-9*?-]+/[a-z0-9*?-]+$`)

// DenyTarget refuses messages and requests to the components of a pattern, namespace/name as in Component.toml: * stands
// for any characters and ? for one.
func (h *FakeHost) DenyTarget(pattern string) {
	h.t.Helper()
	defer h.lock()()
	if !targetForm.MatchString(pattern) {
		h.t.Fatalf("DenyTarget: %q is not namespace/name, as in acme/*", pattern)
	}
	h.rules.targets = append(h.rules.targets, regexp.MustCompile("^"+segmentExpression(pattern)+"$"))
}

func (r *rules) deniesPath(action Action, path string) bool {
	return slices.ContainsFunc(r.paths, func(rule pathRule) bool {
		return slices.Contains(rule.actions, action) && isWithin(path, rule.path)
	})
}

func (r *rules) deniesTarget(id airssys.ComponentID) bool {
	return slices.ContainsFunc(r.targets, func(rule *regexp.Regexp) bool {
		return rule.MatchString(id.Namespace + "/" + id.Name)
	})
}

// authorize asks for all of these actions on a resolved path.
func (r *rules) authorize(operation, path string, actions ...Action) *failure {
	for _, action := range actions {
		if !r.deniesPath(action, path) {
			continue
		}
		return new(filesystem.MakeFilesystemErrorPermissionDenied(filesystem.PermissionDenial{
			Operation: "ext-filesystem/" + operation,
			Resource:  path,
			Missing:   missingPath(action, path),
		}))
	}
	return nil
}

// authorizeAny asks for one of these actions; if none is allowed, the first is what is missing.
func (r *rules) authorizeAny(operation, path string, actions ...Action) *failure {
	for _, action := range actions {
		if !r.deniesPath(action, path) {
			return nil
		}
	}
	return r.authorize(operation, path, actions[0])
}

func (r *rules) authorizeTarget(operation string, id airssys.ComponentID) *airssys_core_capabilities.PermissionDenial {
	if !r.deniesTarget(id) {
		return nil
	}
	return &airssys_core_capabilities.PermissionDenial{
		Operation: "core/host-services." + operation,
		Resource:  id.String(),
		Missing:   fmt.Sprintf(`messaging = [{ target = "%s/%s" }]`, id.Namespace, id.Name),
	}
}

// missingPath is the line that covers a path and no more than it: what has a meaning in patterns becomes a ?.
func missingPath(action Action, path string) string {
	literal := strings.Map(func(r rune) rune {
		if strings.ContainsRune("*[{", r) {
			return '?'
		}
		return r
	}, path)
	return fmt.Sprintf(`filesystem = [{ action = "%s", path = %s }]`, action, quoted(literal))
}

var tomlEscapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

// quoted gives a text as a basic string of TOML.
func quoted(text string) string {
	var quoted strings.Builder
	for _, r := range text {
		switch escape, special := tomlEscapes[r]; {
		case special:
			quoted.WriteString(escape)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&quoted, `\u%04X`, r)
		default:
			quoted.WriteRune(r)
		}
	}
	return `"` + quoted.String() + `"`
}

// segmentExpression is a pattern of one segment as a regular expression: * is any number of characters but /, ? is one.
func segmentExpression(pattern string) string {
	return strings.NewReplacer(`\*`, `[^/]*`, `\?`, `[^/]`).Replace(regexp.QuoteMeta(pattern))
}
