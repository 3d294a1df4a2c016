package airssystest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

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

// rules are what is permitted, and what is refused all the same.
type rules struct {
	permitted permissions
	// all is whether everything is permitted.
	all bool
	// unfound is the folder from which a Component.toml was looked for in vain.
	unfound string

	paths   []pathRule
	targets []*regexp.Regexp
	// servers are addresses, programs paths.
	servers, programs map[string]bool
}

type pathRule struct {
	path    string
	actions []Action
}

// Permit permits more than Component.toml asks for: one or more lines as they stand there below [permissions].
func (h *FakeHost) Permit(lines string) {
	h.t.Helper()
	defer h.lock()()
	table, err := parseTOML(lines)
	if err != nil {
		h.t.Fatalf("Permit: %v", err)
	}
	more, err := readPermissions(table)
	if err != nil {
		h.t.Fatalf("Permit: %v", err)
	}
	permitted := &h.rules.permitted
	permitted.filesystem = append(permitted.filesystem, more.filesystem...)
	permitted.process = append(permitted.process, more.process...)
	permitted.network = append(permitted.network, more.network...)
	permitted.messaging = append(permitted.messaging, more.messaging...)
}

// PermitAll permits everything that Deny and its kin do not refuse.
func (h *FakeHost) PermitAll() {
	defer h.lock()()
	h.rules.all = true
}

// Deny refuses, whatever is permitted, actions on a path and everything below it, or all actions if none is named. The component gets the refusal
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

// decide gives the refusal of a host, or nil if the component may do this.
func (r *rules) decide(operation string, asked access, denied bool) *airssys_core_capabilities.PermissionDenial {
	if !denied && (r.all || r.permitted.cover(asked)) {
		return nil
	}
	missing := asked.missing()
	if r.unfound != "" && !denied {
		missing += fmt.Sprintf(" (there is no Component.toml in %s or above it)", r.unfound)
	}
	return &airssys_core_capabilities.PermissionDenial{Operation: operation, Resource: asked.resource(), Missing: missing}
}

func (r *rules) decidePath(operation string, action Action, path string) *airssys_core_capabilities.PermissionDenial {
	denied := slices.ContainsFunc(r.paths, func(rule pathRule) bool {
		return slices.Contains(rule.actions, action) && isWithin(path, rule.path)
	})
	return r.decide("ext-filesystem/"+operation, access{kind: "filesystem", action: string(action), path: path}, denied)
}

func (r *rules) deniesPath(action Action, path string) bool {
	return r.decidePath("", action, path) != nil
}

// mayKnow says whether there is anything that the component may do with a path, so that it may know what is there.
func (r *rules) mayKnow(path string) bool {
	return r.authorizeAny("", path, Read, List, Write, Delete) == nil
}

func (r *rules) deniesTarget(id airssys.ComponentID) bool { return r.authorizeTarget("", id) != nil }

// authorize asks for all of these actions on a resolved path.
func (r *rules) authorize(operation, path string, actions ...Action) *failure {
	for _, action := range actions {
		if denial := r.decidePath(operation, action, path); denial != nil {
			return new(filesystem.MakeFilesystemErrorPermissionDenied(*denial))
		}
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
	denied := slices.ContainsFunc(r.targets, func(rule *regexp.Regexp) bool {
		return rule.MatchString(id.Namespace + "/" + id.Name)
	})
	return r.decide("core/host-services."+operation, access{kind: "messaging", target: id}, denied)
}

var tomlEscapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

// quoted gives a text as a basic string of TOML.
func quoted(text string) string {
	var quoted strings.Builder
	for _, r := range text {
		switch escape, special := tomlEscapes[r]; {
		case special:
			quoted.WriteString(escape)
		case isInvisible(r) && r <= 0xffff:
			fmt.Fprintf(&quoted, `\u%04X`, r)
		case isInvisible(r):
			fmt.Fprintf(&quoted, `\U%08X`, r)
		default:
			quoted.WriteRune(r)
		}
	}
	return `"` + quoted.String() + `"`
}

// isInvisible says whether a terminal would not show a character as it is: control characters, and those that have no width
// or turn the direction of writing.
func isInvisible(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(invisible, r)
}

var invisible = &unicode.RangeTable{
	R16: []unicode.Range16{{0xad, 0xad, 1}, {0x61c, 0x61c, 1}, {0x180e, 0x180e, 1}, {0x200b, 0x200f, 1}, {0x2028, 0x202e, 1},
		{0x2060, 0x206f, 1}, {0xfeff, 0xfeff, 1}, {0xfff9, 0xfffb, 1}},
	R32: []unicode.Range32{{0xe0000, 0xe007f, 1}},
}

// segmentExpression is a pattern of one segment as a regular expression: * is any number of characters but /, ? is one.
func segmentExpression(pattern string) string {
	return strings.NewReplacer(`\*`, `[^/]*`, `\?`, `[^/]`).Replace(regexp.QuoteMeta(pattern))
}
