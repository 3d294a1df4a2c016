package airssystest

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
)

type vector struct {
	Kind, Address     string
	Pattern, Resource any
	Allowed           bool
	Missing           *string
	Access            struct {
		Permission, Action, Path, Host, Program, Target, Address string
		Port                                                     *uint16
	}
}

// ReadTable reads a file of the suite that says what hosts decide.
func ReadTable(t *testing.T, file string, table any) {
	t.Helper()
	content, err := os.ReadFile("../../conformance/" + file)
	if _, inRepository := os.Stat("../../conformance"); os.IsNotExist(inRepository) {
		t.Skip("the table lies in the repository, and not in the module")
	}
	if err == nil {
		err = json.Unmarshal(content, table)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// table gives the rows that say what hosts decide.
func table(t *testing.T, name string) []vector {
	t.Helper()
	var all map[string]json.RawMessage
	ReadTable(t, "policy-vectors.json", &all)
	var rows []vector
	if err := json.Unmarshal(all[name], &rows); err != nil || len(rows) == 0 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows
}

func addressOf(text string) netip.Addr {
	if text == "" {
		return netip.Addr{}
	}
	return netip.MustParseAddr(text)
}

// port is a number of JSON as one of TOML.
func portOf(value any) any {
	if number, isNumber := value.(float64); isNumber {
		return int64(number)
	}
	return value
}

func targetOf(t *testing.T, text string) airssys.ComponentID {
	t.Helper()
	id, err := airssys.ParseComponentID(text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestEachPatternCoversWhatTheTableSays(t *testing.T) {
	for _, row := range table(t, "covered") {
		resource, pattern := fmt.Sprint(row.Resource), fmt.Sprint(row.Pattern)
		var covered bool
		var err error
		switch row.Kind {
		case "path", "program":
			var parsed pathPattern
			parsed, err = parsePath(pattern)
			covered = parsed.matches(resource)
		case "host":
			var parsed hostPattern
			parsed, err = parseHost(pattern)
			host, valid := readHost(resource, addressOf(row.Address))
			covered = valid && parsed.covers(host)
		case "port":
			if row.Pattern == nil {
				covered = true
				break
			}
			var parsed *portRange
			parsed, err = parsePorts(portOf(row.Pattern))
			port, given := row.Resource.(float64)
			covered = given && err == nil && parsed.contains(uint16(port))
		case "target":
			var parsed targetPattern
			parsed, err = parseTarget(pattern)
			covered = parsed.matches(targetOf(t, resource))
		default:
			t.Fatalf("%s is not a kind of pattern", row.Kind)
		}
		if err != nil || covered != row.Allowed {
			t.Errorf("%+v: got %v, %v", row, covered, err)
		}
	}
}

func TestEachPatternOutsideTheFormIsRefused(t *testing.T) {
	for _, row := range table(t, "refused") {
		pattern := fmt.Sprint(row.Pattern)
		var err error
		switch row.Kind {
		case "path", "program":
			_, err = parsePath(pattern)
		case "host":
			_, err = parseHost(pattern)
		case "port":
			_, err = parsePorts(portOf(row.Pattern))
		case "target":
			_, err = parseTarget(pattern)
		}
		if err == nil {
			t.Errorf("%+v was taken", row)
		}
	}
}

func TestEachDenialNamesTheLineOfTheTableAndTheLineAllowsIt(t *testing.T) {
	for _, row := range table(t, "missing") {
		asked := access{kind: row.Access.Permission, action: row.Access.Action, path: row.Access.Path + row.Access.Program,
			host: row.Access.Host, address: addressOf(row.Access.Address), port: row.Access.Port}
		if asked.kind == "messaging" {
			asked.target = targetOf(t, row.Access.Target)
		}
		want := ""
		if row.Missing != nil {
			want = *row.Missing
		}
		line := asked.missing()
		if line != want {
			t.Errorf("%+v: got %s, want %s", asked, line, want)
			continue
		}
		read, err := parseTOML(line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		permitted, err := readPermissions(read)
		if err != nil || permitted.cover(asked) != (line != "") {
			t.Errorf("%s: %v, %v", line, permitted, err)
		}
	}
}
