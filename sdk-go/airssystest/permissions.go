package airssystest

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/internal/declared"
)

// permissions are those below [permissions] of Component.toml, decided as hosts decide them.
type permissions struct {
	filesystem, process []pathPermission
	network             []networkPermission
	messaging           []targetPattern
}

type pathPermission struct {
	action  string
	pattern pathPattern
}

type networkPermission struct {
	action string
	host   hostPattern
	// ports are all if it is nil.
	ports *portRange
}

// access is what is asked for: something done to a path, on the network, with a program, or a message.
type access struct {
	// kind is filesystem, network, process or messaging.
	kind, action string
	// path is that of a file or a program.
	path string
	// host is a name or an address, and address the one that a name leads to, if that is known.
	host    string
	address netip.Addr
	// port is absent for looking up a name.
	port   *uint16
	target airssys.ComponentID
}

var knownKeys = map[string][]string{
	"filesystem": {"action", "path"},
	"network":    {"action", "host", "port"},
	"process":    {"action", "program"},
	"messaging":  {"target"},
	// No operation asks for it.
	"storage": {"namespace", "max-bytes"},
}

var knownActions = map[string][]string{
	"filesystem": {"read", "write", "delete", "list"},
	"network":    {"outbound", "inbound", "resolve"},
	"process":    {"spawn", "signal"},
}

// readPermissions reads the table [permissions].
func readPermissions(table map[string]any) (permissions, error) {
	var all permissions
	for kind, value := range table {
		// A package of a host's own: the fake host has none of its interfaces.
		if strings.Contains(kind, ":") {
			continue
		}
		keys, known := knownKeys[kind]
		entries, isList := value.([]any)
		if !known || !isList {
			return all, fmt.Errorf("permissions.%s is not a list of permissions", kind)
		}
		for _, value := range entries {
			entry, isTable := value.(map[string]any)
			if !isTable {
				return all, fmt.Errorf("an entry of permissions.%s is not a table", kind)
			}
			for key := range entry {
				if !slices.Contains(keys, key) {
					return all, fmt.Errorf("permissions.%s: %s is not one of its keys", kind, key)
				}
			}
			if err := all.add(kind, entry); err != nil {
				return all, fmt.Errorf("permissions.%s: %w", kind, err)
			}
		}
	}
	return all, nil
}

func (p *permissions) add(kind string, entry map[string]any) (err error) {
	action, _ := entry["action"].(string)
	if actions := knownActions[kind]; actions != nil && !slices.Contains(actions, action) {
		return fmt.Errorf("%q is not an action", action)
	}
	text := func(key string) string {
		text, isText := entry[key].(string)
		if !isText && err == nil {
			err = fmt.Errorf("%s is missing, or not a text", key)
		}
		return text
	}
	switch kind {
	case "filesystem", "process":
		key, list := "path", &p.filesystem
		if kind == "process" {
			key, list = "program", &p.process
		}
		pattern, invalid := parsePath(text(key))
		*list = append(*list, pathPermission{action, pattern})
		return errors.Join(err, invalid)
	case "network":
		host, invalid := parseHost(text("host"))
		permission := networkPermission{action: action, host: host}
		var wrongPort error
		if port, given := entry["port"]; given {
			permission.ports, wrongPort = parsePorts(port)
		}
		p.network = append(p.network, permission)
		return errors.Join(err, invalid, wrongPort)
	case "messaging":
		pattern, invalid := parseTarget(text("target"))
		p.messaging = append(p.messaging, pattern)
		return errors.Join(err, invalid)
	}
	return nil
}

// cover says whether one of the permissions covers this.
func (p *permissions) cover(asked access) bool {
	paths := func(list []pathPermission) bool {
		return slices.ContainsFunc(list, func(allowed pathPermission) bool {
			return allowed.action == asked.action && allowed.pattern.matches(asked.path)
		})
	}
	switch asked.kind {
	case "filesystem":
		return paths(p.filesystem)
	case "process":
		return paths(p.process)
	case "network":
		host, valid := readHost(asked.host, asked.address)
		return valid && slices.ContainsFunc(p.network, func(allowed networkPermission) bool {
			portFits := allowed.ports == nil || (asked.port != nil && allowed.ports.contains(*asked.port))
			return allowed.action == asked.action && portFits && allowed.host.covers(host)
		})
	default:
		return slices.ContainsFunc(p.messaging, func(pattern targetPattern) bool { return pattern.matches(asked.target) })
	}
}

// resource is what it is done to, as a refusal names it.
func (a access) resource() string {
	switch a.kind {
	case "filesystem", "process":
		return a.path
	case "messaging":
		return a.target.String()
	}
	resource := a.host
	if strings.Contains(resource, ":") {
		resource = "[" + resource + "]"
	}
	if a.port != nil {
		resource += fmt.Sprintf(":%d", *a.port)
	}
	if a.address.IsValid() {
		resource += fmt.Sprintf(" (%s)", a.address)
	}
	return resource
}

// missing is the line of [permissions] that would allow it and no more than it; empty if none can.
func (a access) missing() string {
	switch a.kind {
	case "filesystem", "process":
		pattern, possible := coveringPath(a.path)
		key := map[string]string{"filesystem": "path", "process": "program"}[a.kind]
		if !possible {
			return ""
		}
		return fmt.Sprintf(`%s = [{ action = "%s", %s = %s }]`, a.kind, a.action, key, quoted(string(pattern)))
	case "messaging":
		pattern, possible := coveringTarget(a.target)
		if !possible {
			return ""
		}
		return fmt.Sprintf(`messaging = [{ target = "%s" }]`, pattern)
	}
	host, valid := readHost(a.host, a.address)
	pattern, possible := coveringHost(host)
	if !valid || !possible {
		return ""
	}
	port := ""
	if a.port != nil {
		port = fmt.Sprintf(", port = %d", *a.port)
	}
	return fmt.Sprintf(`network = [{ action = "%s", host = "%s"%s }]`, a.action, pattern, port)
}

// component is what a test needs of Component.toml.
type component struct {
	permissions permissions
	metadata    *declared.Metadata
}

// findComponent reads the Component.toml in the current folder or the nearest one above; none is no error.
func findComponent() (found *component, folder string, err error) {
	folder, err = os.Getwd()
	if err != nil {
		return nil, "", err
	}
	for at := folder; ; at = filepath.Dir(at) {
		file := filepath.Join(at, "Component.toml")
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			found, err = readComponent(file)
			return found, folder, err
		}
		if filepath.Dir(at) == at {
			return nil, folder, nil
		}
	}
}

func readComponent(file string) (*component, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	table, err := parseTOML(string(content))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	read := &component{}
	if section, isTable := table["permissions"].(map[string]any); isTable {
		if read.permissions, err = readPermissions(section); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	if section, isTable := table["component"].(map[string]any); isTable {
		text := func(key string) string { text, _ := section[key].(string); return text }
		texts := func(key string) (texts []string) {
			list, _ := section[key].([]any)
			for _, value := range list {
				if text, isText := value.(string); isText {
					texts = append(texts, text)
				}
			}
			return texts
		}
		namespace, name, _ := strings.Cut(text("name"), "/")
		read.metadata = &declared.Metadata{
			Namespace: namespace, Name: name, Version: text("version"), Description: text("description"),
			License: text("license"), Authors: texts("authors"), Operations: texts("operations"),
		}
	}
	return read, nil
}
