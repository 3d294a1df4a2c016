package airssystest_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/connections"
	"github.com/airssys/airssys-wasm/sdk-go/network"
	"github.com/airssys/airssys-wasm/sdk-go/tcp"
	"github.com/airssys/airssys-wasm/sdk-go/udp"
)

// greeter answers requests of HTTP as long as they come.
func greeter(conn net.Conn) {
	reader := bufio.NewReader(conn)
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		response := http.Response{
			StatusCode: 200, ProtoMajor: 1, ProtoMinor: 1,
			Body: io.NopCloser(strings.NewReader(request.URL.Path)), ContentLength: int64(len(request.URL.Path)),
		}
		if response.Write(conn) != nil {
			return
		}
	}
}

func TestAnHTTPClientWorksOverTheDialers(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.AddServer("a.example:80", greeter)
	host.AddServer("b.example:443", greeter)
	transport := &http.Transport{
		DialContext:    (&tcp.Dialer{Timeout: time.Minute}).DialContext,
		DialTLSContext: (&tcp.TLSDialer{ALPN: []string{"http/1.1"}}).DialContext,
	}
	client := http.Client{Transport: transport}
	// The second one uses the connection of the first.
	for _, url := range []string{"http://a.example/one", "http://a.example/two", "https://b.example/three"} {
		response, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || !strings.HasSuffix(url, string(body)) {
			t.Errorf("%s: got %q, %v", url, body, err)
		}
	}
	if open := host.OpenHandles(); open != 2 {
		t.Errorf("%d connections are open", open)
	}
	transport.CloseIdleConnections()
}

func TestWhereThereIsNoServerNothingListens(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.AddServer("a.example:80", greeter)
	for _, endpoint := range []tcp.Endpoint{{Host: "a.example", Port: 81}, {Host: "b.example", Port: 80}} {
		if _, err := tcp.Connect(endpoint); !errors.Is(err, network.ErrConnectionRefused) {
			t.Errorf("%v: %v", endpoint, err)
		}
	}
}

func TestDenyServerRefusesAsARealHostDoes(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.AddServer("a.example:80", greeter)
	host.DenyServer("a.example:80")
	_, err := tcp.Connect(tcp.Endpoint{Host: "a.example", Port: 80})
	var denied *airssys.PermissionDenied
	if !errors.As(err, &denied) || *denied != (airssys.PermissionDenied{
		Operation: "ext-network/tcp.connect",
		Resource:  "a.example:80",
		Missing:   `network = [{ action = "outbound", host = "a.example", port = 80 }]`,
	}) {
		t.Errorf("got %v", err)
	}
}

func TestAConnectionToAServer(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.AddServer("a.example:80", func(conn net.Conn) {
		question := make([]byte, 2)
		if _, err := io.ReadFull(conn, question); err == nil {
			_, _ = conn.Write(append(question, "answer"...))
		}
	})
	conn, err := tcp.Connect(tcp.Endpoint{Host: "a.example", Port: 80})
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.WriteAll([]byte("hi")); err != nil {
		t.Fatal(err)
	}
	if start, err := conn.ReadExact(3); err != nil || string(start) != "hia" {
		t.Errorf("got %q, %v", start, err)
	}
	if rest, err := io.ReadAll(conn); err != nil || string(rest) != "nswer" {
		t.Errorf("got %q, %v", rest, err)
	}
	var e *network.Error
	if _, err := conn.ReadExact(1); !errors.As(err, &e) || e.Code != network.ErrEndOfStream || e.Received != 0 {
		t.Errorf("got %v", err)
	}
	if stats := conn.Stats(); stats.BytesSent != 2 || stats.BytesReceived != 8 {
		t.Errorf("got %+v", stats)
	}
	if err := conn.Close(); err != nil || host.OpenHandles() != 0 {
		t.Errorf("got %v, %d are open", err, host.OpenHandles())
	}
}

func TestASilentServerLetsTheTimePass(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	end := make(chan struct{})
	defer close(end)
	host.AddServer("a.example:80", func(net.Conn) { <-end })
	conn, err := tcp.Connect(tcp.Endpoint{Host: "a.example", Port: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetOptions(tcp.Options{ReadTimeout: new(time.Millisecond)}); err != nil {
		t.Fatal(err)
	}
	_, chunk := conn.ReadChunk(1)
	_, read := conn.Read(make([]byte, 1))
	if !errors.Is(chunk, network.ErrTimeout) || !errors.Is(read, network.ErrTimeout) {
		t.Errorf("got %v and %v", chunk, read)
	}
}

func TestAPoolIsBounded(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.AddServer("a.example:80", greeter)
	pool := connections.NewPool(connections.PoolOptions{MaxConnections: 1})
	defer pool.Close()
	endpoint := tcp.Endpoint{Host: "a.example", Port: 80}
	conn, err := pool.Acquire(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Acquire(endpoint); !errors.Is(err, network.ErrPoolExhausted) || pool.Stats().Open != 1 {
		t.Errorf("got %v, %+v", err, pool.Stats())
	}
	if err := pool.Release(conn); err != nil || pool.Stats().Open != 0 || host.OpenHandles() != 0 {
		t.Errorf("got %v, %+v", err, pool.Stats())
	}
}

func TestWhatAFakeHostDoesNotHaveItSays(t *testing.T) {
	airssystest.NewFakeHost(t)
	address := netip.MustParseAddrPort("127.0.0.1:0")
	_, listened := tcp.Listen(address, tcp.ListenOptions{})
	_, bound := udp.Bind(address)
	_, resolved := connections.ResolveHost("a.example", connections.FamilyAny)
	_, named := connections.ReverseLookup(address.Addr())
	for _, err := range []error{listened, bound, resolved, named} {
		if !errors.Is(err, network.ErrUnsupported) || !strings.Contains(err.Error(), "the fake host has no ") {
			t.Errorf("got %v", err)
		}
	}
}
