package tcp

import (
	"context"
	"net"
	"time"
)

// Dialer connects as a net.Dialer does, within the smaller of its limits. The zero value has none. As there, small pieces
// are sent at once (Options.NoDelay).
//
// A context that is cancelled while the host connects shows when that has ended: no goroutine runs meanwhile. Its
// deadline is kept.
type Dialer struct {
	// Timeout is how long a connection may take, resolution included; 0 is no limit.
	Timeout time.Duration
	// Deadline is until when a connection may take; the zero time is no limit.
	Deadline time.Time
}

// Dial is DialContext without a context.
func (d *Dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext connects to an address as in example.com:443 or [::1]:443. The network must be tcp. What it gives is a
// *Conn.
//
// Permission and errors: those of Connect, net.UnknownNetworkError for another network, and that of the context.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, _, err := d.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

func (d *Dialer) dial(ctx context.Context, network, address string) (*Conn, Endpoint, error) {
	if network != "tcp" {
		return nil, Endpoint{}, net.UnknownNetworkError(network)
	}
	endpoint, err := ParseEndpoint(address)
	if err != nil {
		return nil, endpoint, err
	}
	if err := ctx.Err(); err != nil {
		return nil, endpoint, err
	}
	var conn *Conn
	if deadline := d.deadline(ctx); deadline.IsZero() {
		conn, err = Connect(endpoint)
	} else {
		conn, err = ConnectTimeout(endpoint, time.Until(deadline))
	}
	if err != nil {
		return nil, endpoint, err
	}
	if err = ctx.Err(); err == nil {
		err = conn.setNoDelay()
	}
	if err != nil {
		_ = conn.Close()
		return nil, endpoint, err
	}
	return conn, endpoint, nil
}

func (c *Conn) setNoDelay() error {
	options, err := c.Options()
	if err != nil {
		return err
	}
	options.NoDelay = true
	return c.SetOptions(options)
}

// deadline gives the first of all that there are; the zero time if there is none.
func (d *Dialer) deadline(ctx context.Context) time.Time {
	first := d.Deadline
	sooner := func(deadline time.Time) {
		if first.IsZero() || deadline.Before(first) {
			first = deadline
		}
	}
	if d.Timeout != 0 {
		sooner(time.Now().Add(d.Timeout))
	}
	if deadline, found := ctx.Deadline(); found {
		sooner(deadline)
	}
	return first
}

// TLSDialer connects as Dialer does and starts TLS on the connection.
type TLSDialer struct {
	// Dialer has the limits. They include the start of TLS.
	Dialer Dialer
	// ServerName is the name that the peer's certificate must be for. If it is empty, it is the host of the address.
	ServerName string
	// ALPN are the application protocols to offer, as in TLSOptions.
	ALPN []string
}

// Dial is DialContext without a context.
func (d *TLSDialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext connects as Dialer.DialContext does and starts TLS. What it gives is a *Conn.
//
// Permission and errors: those of Dialer.DialContext and Conn.StartTLS.
func (d *TLSDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	// The timeout counts for both together.
	dialer := Dialer{Deadline: d.Dialer.deadline(ctx)}
	conn, endpoint, err := dialer.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	name := d.ServerName
	if name == "" {
		name = endpoint.Host
	}
	if err := conn.startTLS(TLSOptions{ServerName: name, ALPN: d.ALPN}, dialer.Deadline); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// startTLS starts TLS within a deadline, which does not count any more afterwards.
func (c *Conn) startTLS(options TLSOptions, deadline time.Time) error {
	if err := c.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := c.StartTLS(options); err != nil {
		return err
	}
	return c.SetDeadline(time.Time{})
}
