package airssystest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	"github.com/airssys/airssys-wasm/sdk-go/paths"
	"github.com/airssys/airssys-wasm/sdk-go/processes"
	"github.com/airssys/airssys-wasm/sdk-go/tcp"
)

func missing(t *testing.T, err error) string {
	t.Helper()
	var denied *airssys.PermissionDenied
	if !errors.As(err, &denied) {
		t.Fatalf("not a refusal: %v", err)
	}
	return denied.Missing
}

func TestTheComponentMayDoWhatItsComponentTomlAsksForAndNothingElse(t *testing.T) {
	host := airssystest.NewFakeHostOf(t, "../examples/copy-tree/Component.toml")
	host.PutFile("/data/a", "x")
	host.PutFile("/secret", "x")
	if _, err := files.ReadFile("/data/a"); err != nil {
		t.Errorf("what is asked for is refused: %v", err)
	}
	_, err := files.ReadFile("/data/../secret")
	line := missing(t, err)
	if line != `filesystem = [{ action = "read", path = "/secret" }]` {
		t.Errorf("got %s", line)
	}
	if _, err := paths.Exists("/secret"); missing(t, err) != line {
		t.Errorf("got %v", err)
	}
	_, err = tcp.Connect(tcp.Endpoint{Host: "example.com", Port: 443})
	if got := missing(t, err); got != `network = [{ action = "outbound", host = "example.com", port = 443 }]` {
		t.Errorf("got %s", got)
	}
	_, err = processes.Command("/bin/true").Output()
	if got := missing(t, err); got != `process = [{ action = "spawn", program = "/bin/true" }]` {
		t.Errorf("got %s", got)
	}
	host.Permit(line)
	if _, err := files.ReadFile("/secret"); err != nil {
		t.Errorf("what is permitted is refused: %v", err)
	}
	host.Deny("/secret")
	if _, err := files.ReadFile("/secret"); missing(t, err) != line {
		t.Errorf("got %v", err)
	}
}

func TestPermissionsForAHostsOwnInterfacesArePassedOver(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PutFile("/data/a", "x")
	host.Permit(`"acme:database" = [{ action = "query", table = "*" }]`)
	if _, err := files.ReadFile("/data/a"); err == nil {
		t.Error("it is permitted")
	}
}

func TestWithoutAComponentTomlNothingMayBeDoneAndTheRefusalSaysWhy(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PutFile("/data/a", "x")
	_, err := files.ReadFile("/data/a")
	want := `filesystem = [{ action = "read", path = "/data/a" }] (there is no Component.toml in `
	if line := missing(t, err); !strings.HasPrefix(line, want) {
		t.Errorf("got %s", line)
	}
	host.PermitAll()
	if _, err := files.ReadFile("/data/a"); err != nil {
		t.Errorf("all is permitted, and refused: %v", err)
	}
}

func TestAComponentIsWhatItsComponentTomlSays(t *testing.T) {
	host := airssystest.NewFakeHostOf(t, "../examples/copy-tree/Component.toml")
	id := host.Start(nameless{}).Metadata().ID
	if id.Namespace != "examples" || id.Name != "copy-tree-go" {
		t.Errorf("got %v", id)
	}
}

type nameless struct{ airssys.Base }

func (nameless) Execute(airssys.Context, string, []byte) ([]byte, error) { return nil, nil }
