package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
)

// server answers one request with these bytes, if it is for this target.
func server(t *testing.T, target, response string) func(net.Conn) {
	return func(conn net.Conn) {
		request, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil || request.RequestURI != target || request.Host != "example.com" || !request.Close {
			t.Errorf("the request is %+v, %v", request, err)
			return
		}
		_, _ = io.WriteString(conn, response)
	}
}

func TestTheBodyIsTheOutput(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.AddServer("example.com:443", server(t, "/a?b=c", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello\r\n\r\n"))
	output, err := host.Start(fetch{}).Execute("fetch", []byte("https://example.com/a?b=c\n"))
	if err != nil || string(output) != "hello\r\n\r\n" {
		t.Errorf("got %q, %v", output, err)
	}
	if open := host.OpenHandles(); open != 0 {
		t.Errorf("%d connections are open", open)
	}
}

func TestAnotherStatusFails(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.AddServer("example.com:443", server(t, "/", "HTTP/1.1 404 Not Found\r\n\r\n"))
	_, err := host.Start(fetch{}).Execute("fetch", []byte("https://example.com"))
	var failure *airssys.Error
	if !errors.As(err, &failure) || failure.Code != airssys.ErrProcessingFailed || failure.Message != "HTTP/1.1 404 Not Found" {
		t.Errorf("got %v", err)
	}
}

func TestARefusalFailsTheOperation(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.DenyServer("example.com:443")
	if _, err := host.Start(fetch{}).Execute("fetch", []byte("https://example.com/")); !errors.Is(err, airssys.ErrPermissionDenied) {
		t.Errorf("got %v", err)
	}
}

func TestTheInputIsAURL(t *testing.T) {
	component := airssystest.NewFakeHost(t).Start(fetch{})
	for _, input := range []string{"", "example.com", "http://example.com/", "https:///a", "https://example.com/a\r\nb"} {
		if _, err := component.Execute("fetch", []byte(input)); !errors.Is(err, airssys.ErrInvalidInput) {
			t.Errorf("%q: %v", input, err)
		}
	}
}
