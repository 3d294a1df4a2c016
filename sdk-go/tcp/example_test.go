package tcp_test

import (
	"fmt"
	"io"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go/tcp"
)

// It needs network = [{ action = "outbound", host = "example.com", port = 443 }] below [permissions] of Component.toml.
func ExampleConnectTimeout() {
	conn, err := tcp.ConnectTimeout(tcp.Endpoint{Host: "example.com", Port: 443}, 10*time.Second)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	if _, err := conn.StartTLS(tcp.TLSOptions{ServerName: "example.com"}); err != nil {
		fmt.Println(err)
		return
	}
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n")
}
