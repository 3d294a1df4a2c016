package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	"github.com/airssys/airssys-wasm/sdk-go/processes"
	"github.com/airssys/airssys-wasm/sdk-go/tcp"
)

// fakeHost is a host that permits everything.
func fakeHost(t *testing.T) *airssystest.FakeHost {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	return host
}

func TestAFileIsRead(t *testing.T) {
	fakeHost(t).PutFile("/data/orders.csv", "1\n2\n3\n")
	count := 0
	read := func() error {
		// block: sdk-go/README.md#files
		return nil
	}
	if err := read(); err != nil || count != 3 {
		t.Errorf("got %d, %v", count, err)
	}
}

func TestAConnectionIsUsed(t *testing.T) {
	fakeHost(t).AddServer("example.com:443", func(conn net.Conn) { _, _ = io.WriteString(conn, "welcome") })
	var received []byte
	use := func() error {
		// block: sdk-go/README.md#network
		received, err = io.ReadAll(conn)
		return err
	}
	if err := use(); err != nil || string(received) != "welcome" {
		t.Errorf("got %q, %v", received, err)
	}
}

func TestAClientOfHTTPUsesTheDialers(t *testing.T) {
	host := fakeHost(t)
	for _, address := range []string{"example.com:80", "example.com:443"} {
		host.AddServer(address, func(conn net.Conn) {
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
				t.Error(err)
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
		})
	}
	// block: sdk-go/README.md#network-2
	for _, url := range []string{"http://example.com/", "https://example.com/"} {
		response, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(response.Body); err != nil || string(body) != "hello" {
			t.Errorf("%s: got %q, %v", url, body, err)
		}
		_ = response.Body.Close()
	}
}

func TestAProgramIsRun(t *testing.T) {
	fakeHost(t).AddProgram("/usr/bin/sort", func(run airssystest.Run) processes.Output {
		if len(run.Arguments) != 1 || run.Arguments[0] != "-r" {
			t.Errorf("the arguments are %q", run.Arguments)
		}
		return processes.Output{Stdout: []byte("b\na\n")}
	})
	// block: sdk-go/README.md#processes
	if err != nil || string(output) != "b\na\n" {
		t.Errorf("got %q, %v", output, err)
	}
}
