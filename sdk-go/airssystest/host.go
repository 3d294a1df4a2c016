// Package airssystest runs components under go test, against a fake host and without a runtime:
//
//	func TestAddWritesTheJournal(t *testing.T) {
//		host := airssystest.NewFakeHost(t)
//		host.MakeDirectory("/data")
//		component := host.Start(Journal{})
//
//		output, err := component.Execute("add", []byte("first"))
//		if err != nil || string(output) != "1" {
//			t.Errorf("got %q, %v", output, err)
//		}
//		if content := host.GetFile("/data/journal.txt"); content != "first\n" {
//			t.Errorf("the journal is %q", content)
//		}
//	}
//
// Everything that the other packages do goes to the fake host as long as the test runs. It has one tree of files in
// memory as the component's mount /, a log, components to send to, and a clock that stands still until it is set or slept
// by. Servers and programs are functions of the test. It permits what Component.toml asks for, as if the operator had
// granted all of that, and refuses everything else in the words of a real host; Permit adds to it, and Deny and its kin
// refuse some of it.
//
// Whatever is permitted, it takes the paths and commands that a real host takes. A path that ends in / or /. leads to
// nothing but a directory: a file is not found behind one, nor made there. A command cannot set or inherit LD_PRELOAD and
// the other variables with which any program would load code that is not its own.
package airssystest

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	_ "github.com/airssys/airssys-wasm/sdk-go/files" // Gives host.FilesystemError.
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/declared"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	public "github.com/airssys/airssys-wasm/sdk-go/processes"
)

// FakeHost stands in for the host during one test.
type FakeHost struct {
	t testing.TB
	// mutex is held during each call: goroutines of a component may call at the same time.
	mutex  sync.Mutex
	rules  rules
	tree   tree
	open   int
	clock  core.Timestamp
	ids    int
	self   *airssys.Metadata
	known  map[airssys.ComponentID]*neighbour
	logs   []Record
	sent   []Message
	asked  []*Request
	closed map[airssys.RequestID]bool
	// servers are by address, programs by path.
	servers  map[string]func(conn net.Conn)
	programs map[string]func(run Run) public.Output
}

// start is the time at which every test begins.
var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// NewFakeHost makes a host for one test. The component may do what the Component.toml in the current folder, which go test
// makes that of the package, or the nearest one above asks for. Without one it may do nothing.
//
// The test cannot be parallel, which t.Parallel says by a panic: there is one host for the whole program.
func NewFakeHost(t testing.TB) *FakeHost {
	t.Helper()
	found, folder, err := findComponent()
	if err != nil {
		t.Fatalf("NewFakeHost: %v", err)
	}
	h := newFakeHost(t, found)
	if found == nil {
		h.rules.unfound = folder
	}
	return h
}

// NewFakeHostOf makes a host as NewFakeHost does, for the component whose Component.toml is this file.
func NewFakeHostOf(t testing.TB, file string) *FakeHost {
	t.Helper()
	found, err := readComponent(file)
	if err != nil {
		t.Fatalf("NewFakeHostOf: %v", err)
	}
	return newFakeHost(t, found)
}

func newFakeHost(t testing.TB, found *component) *FakeHost {
	t.Helper()
	// Of no use but that the testing package then refuses to mix this test with a parallel one.
	t.Setenv("AIRSSYS_FAKE_HOST", t.Name())
	h := &FakeHost{
		t:      t,
		clock:  timestamp(start),
		known:  map[airssys.ComponentID]*neighbour{},
		closed: map[airssys.RequestID]bool{},

		servers:  map[string]func(conn net.Conn){},
		programs: map[string]func(run Run) public.Output{},
	}
	h.rules.servers, h.rules.programs = map[string]bool{}, map[string]bool{}
	h.tree = newTree(func() core.Timestamp { return h.clock }, h.rules.mayKnow)
	before := host.Imports
	host.Imports = host.All{
		Services: services{h}, Files: files{h}, Directories: directories{h}, Paths: paths{h},
		TCP: tcp{h}, UDP: udp{h}, Connections: connections{h},
		Processes: processes{h}, Signals: signals{h},
	}
	declaredBefore := declared.Test
	if found != nil {
		h.rules.permitted, declared.Test = found.permissions, found.metadata
	}
	t.Cleanup(func() { host.Imports, declared.Test = before, declaredBefore })
	return h
}

// lock is for h.mutex around a whole method: defer h.lock()().
func (h *FakeHost) lock() (unlock func()) {
	h.mutex.Lock()
	return h.mutex.Unlock
}

// MakeDirectory makes an empty directory, and those on the way to it, in the component's tree. One that is there already
// stays as it is. Nothing is refused to a test.
func (h *FakeHost) MakeDirectory(path string) {
	h.t.Helper()
	defer h.lock()()
	if _, failed := h.tree.makeDirectories(path); failed != nil {
		h.t.Fatalf("MakeDirectory: %v", host.FilesystemError(*failed))
	}
}

// PutFile creates a file in the component's tree, and the directories on the way to it, or replaces its content. Nothing
// is refused to a test.
func (h *FakeHost) PutFile(path, content string) {
	h.t.Helper()
	defer h.lock()()
	if failed := h.tree.put(path, []byte(content)); failed != nil {
		h.t.Fatalf("PutFile: %v", host.FilesystemError(*failed))
	}
}

// GetFile gives the content of a file in the component's tree. The test fails at once if there is none.
func (h *FakeHost) GetFile(path string) string {
	h.t.Helper()
	defer h.lock()()
	found, failed := h.tree.regular(path)
	if failed != nil {
		h.t.Fatalf("GetFile: %v", host.FilesystemError(*failed))
	}
	return string(found.content)
}

// HasFile says whether there is a file, and not a directory, in the component's tree.
func (h *FakeHost) HasFile(path string) bool {
	h.t.Helper()
	defer h.lock()()
	_, failed := h.tree.regular(path)
	return failed == nil
}

// OpenHandles gives how many files, cursors and connections the component has open. At the end of a test it shows what
// was not closed.
func (h *FakeHost) OpenHandles() int {
	defer h.lock()()
	return h.open
}

// SetTime sets the clock. It starts at 2026-01-01T00:00:00Z and moves only by this and by hostservices.Sleep. The test
// fails at once if it would go back, which no host's does.
func (h *FakeHost) SetTime(now time.Time) {
	h.t.Helper()
	defer h.lock()()
	if now.Before(airssys.Timestamp(h.clock).Time()) {
		h.t.Fatalf("SetTime: %s is before the present %s", now.UTC(), airssys.Timestamp(h.clock).Time())
	}
	h.clock = timestamp(now)
}

// Now gives the time of the clock.
func (h *FakeHost) Now() time.Time {
	defer h.lock()()
	return airssys.Timestamp(h.clock).Time()
}

// advance moves the clock. The mutex is held.
func (h *FakeHost) advance(milliseconds uint32) {
	h.clock = timestamp(airssys.Timestamp(h.clock).Time().Add(time.Duration(milliseconds) * time.Millisecond))
}

// timestamp is for times since 1970.
func timestamp(t time.Time) core.Timestamp {
	return core.Timestamp{Seconds: uint64(t.Unix()), Nanoseconds: uint32(t.Nanosecond())}
}
