package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
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

// cut is a connection that ends without saying so.
type cut struct{ left io.Reader }

var errReset = errors.New("reset")

func (c cut) Read(into []byte) (int, error) {
	read, err := c.left.Read(into)
	if err == io.EOF {
		err = errReset
	}
	return read, err
}

func TestTheLengthInTheHeaderSaysWhereTheResponseEnds(t *testing.T) {
	const whole = "HTTP/1.1 200 OK\r\ncontent-LENGTH: 5\r\n\r\nhello"
	for text, want := range map[string]error{
		whole:                          nil,
		whole + "more":                 nil,
		whole[:len(whole)-1]:           errReset,
		"HTTP/1.1 200 OK\r\n\r\nhello": errReset,
		"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nh": airssys.ErrProcessingFailed,
	} {
		response, err := receive(cut{strings.NewReader(text)})
		if !errors.Is(err, want) || (want == nil && string(response) != whole) {
			t.Errorf("%q: got %q, %v", text, response, err)
		}
	}
	if _, err := receive(strings.NewReader(whole[:len(whole)-1])); !errors.Is(err, airssys.ErrProcessingFailed) {
		t.Errorf("an early end: %v", err)
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
