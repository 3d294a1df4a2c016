// Command fetch is a component that gets a page over HTTPS: a connection, TLS on it, and as much of HTTP as that takes.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/tcp"
)

const (
	// timeout is how long the connection may take, and then each further piece of the answer.
	timeout = 10 * time.Second
	// maxResponse is in bytes: a server could send without end.
	maxResponse = 8 << 20
	// pieceBytes is how much is received at once, at most.
	pieceBytes = 64 << 10
)

type fetch struct{ airssys.Base }

// Execute takes a URL, https://host[:port]/path, and gives the body as the server sends it.
func (fetch) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	if operation != "fetch" {
		return nil, airssys.UnknownOperation(operation)
	}
	page, endpoint, err := parse(strings.TrimSpace(string(input)))
	if err != nil {
		return nil, airssys.Errorf(airssys.ErrInvalidInput, "expected https://host[:port]/path")
	}
	response, err := get(page, endpoint)
	if err != nil {
		return nil, err
	}
	return body(response)
}

var errMalformed = errors.New("not a URL of a page")

// parse gives the parts of a URL, and where its server is.
func parse(text string) (*url.URL, tcp.Endpoint, error) {
	// A line break in the path would be one in the request. What is not ASCII has to come encoded.
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, tcp.Endpoint{}, errMalformed
	}
	page, err := url.Parse(text)
	if err != nil {
		return nil, tcp.Endpoint{}, err
	}
	if page.Scheme != "https" || page.Hostname() == "" {
		return nil, tcp.Endpoint{}, errMalformed
	}
	port := page.Port()
	if port == "" {
		port = "443"
	}
	endpoint, err := tcp.ParseEndpoint("[" + page.Hostname() + "]:" + port)
	return page, endpoint, err
}

func get(page *url.URL, endpoint tcp.Endpoint) ([]byte, error) {
	conn, err := tcp.ConnectTimeout(endpoint, timeout)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetOptions(tcp.Options{ReadTimeout: new(timeout)}); err != nil {
		return nil, err
	}
	// The certificate must be for this name. Whom to trust is for the host to decide.
	if _, err := conn.StartTLS(tcp.TLSOptions{ServerName: endpoint.Host, ALPN: []string{"http/1.1"}}); err != nil {
		return nil, err
	}
	request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", page.RequestURI(), page.Host)
	if err := conn.WriteAll([]byte(request)); err != nil {
		return nil, err
	}
	return receive(conn)
}

// receive gives the response: as much as its header says, else all until the server ends its side of the connection.
// Many servers just cut the connection when they have sent everything.
func receive(conn io.Reader) ([]byte, error) {
	var response []byte
	piece := make([]byte, pieceBytes)
	for {
		length, known := lengthOf(response)
		switch {
		case known && len(response) >= length:
			return response[:length], nil
		case max(length, len(response)) > maxResponse:
			return nil, airssys.Errorf(airssys.ErrProcessingFailed, "the response is too large")
		}
		read, err := conn.Read(piece)
		response = append(response, piece[:read]...)
		switch {
		case errors.Is(err, io.EOF) && known && len(response) < length:
			return nil, airssys.Errorf(airssys.ErrProcessingFailed, "the connection ended in the middle of the response")
		case errors.Is(err, io.EOF) && !known:
			return response, nil
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
	}
}

// lengthOf gives how long the whole response is, as soon as its header has come and if it says so.
func lengthOf(response []byte) (length int, known bool) {
	header, _, found := bytes.Cut(response, []byte("\r\n\r\n"))
	if !found {
		return 0, false
	}
	for line := range strings.Lines(string(header)) {
		name, value, _ := strings.Cut(line, ":")
		if strings.EqualFold(name, "content-length") {
			body, err := strconv.ParseUint(strings.TrimSpace(value), 10, 32)
			if err != nil {
				// A length that is none, or no number can hold, is too large as well.
				body = maxResponse + 1
			}
			return len(header) + len("\r\n\r\n") + int(min(body, maxResponse+1)), true
		}
	}
	return 0, false
}

// body gives what comes after the header of a response that says 200.
func body(response []byte) ([]byte, error) {
	header, content, found := bytes.Cut(response, []byte("\r\n\r\n"))
	if !found {
		return nil, airssys.Errorf(airssys.ErrProcessingFailed, "no header came")
	}
	status, _, _ := strings.Cut(string(header), "\r\n")
	if words := strings.Split(status, " "); len(words) < 2 || words[1] != "200" {
		return nil, airssys.Errorf(airssys.ErrProcessingFailed, "%s", status)
	}
	return content, nil
}

func init() { airssys.Register(fetch{}) }

func main() {}
