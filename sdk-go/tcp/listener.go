package tcp

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	"github.com/airssys/airssys-wasm/sdk-go/internal/poll"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Listener accepts connections. It is a net.Listener. Close it; the garbage collector does not. A closed one answers
// net.ErrClosed. Several goroutines may use it at once. No method needs a permission: the handle holds it.
type Listener struct {
	// mutex is held during each call, as for Conn.
	mutex    sync.Mutex
	handle   host.TCPListener
	deadline time.Time
}

var _ net.Listener = (*Listener)(nil)

// Accept is AcceptTCP for those who want a net.Conn.
func (l *Listener) Accept() (net.Conn, error) {
	conn, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// AcceptTCP waits for a connection and accepts it, as long as the call of the component may take or until the deadline.
// Other goroutines run meanwhile. The caller must close the connection; its RemoteAddress says who it is.
//
// Errors: network.ErrTimeout at the deadline, network.ErrTooManySockets, network.ErrIO.
func (l *Listener) AcceptTCP() (conn *Conn, err error) {
	deadline := func() time.Time {
		l.mutex.Lock()
		defer l.mutex.Unlock()
		return l.deadline
	}
	err = poll.Wait(nil, deadline, func(atMost time.Duration) error {
		conn, err = l.AcceptTimeout(atMost)
		return err
	})
	return conn, timeout(err)
}

// AcceptTimeout accepts as AcceptTCP does, but waits at most this long, in whole milliseconds, rounded up, and at most 49
// days. It is one call, during which no goroutine runs. Connections that came before are accepted one a call.
//
// Errors: network.ErrTimeout, network.ErrTooManySockets, network.ErrIO.
func (l *Listener) AcceptTimeout(timeout time.Duration) (conn *Conn, err error) {
	err = l.use(func() error {
		handle, err := host.NetworkValue(l.handle.Accept(wit.Some(host.Milliseconds(timeout))))
		if err == nil {
			conn = &Conn{handle: handle}
		}
		return err
	})
	return conn, err
}

// SetDeadline makes Accept and AcceptTCP fail with network.ErrTimeout from this time on. The zero time is no deadline.
func (l *Listener) SetDeadline(deadline time.Time) error {
	return l.use(func() error {
		l.deadline = deadline
		return nil
	})
}

// LocalAddress gives the address and port that it listens on. If port 0 was asked for, this is the port that the host
// chose.
//
// Errors: network.ErrIO.
func (l *Listener) LocalAddress() (address netip.AddrPort, err error) {
	err = l.use(func() error {
		address, err = addressOf(l.handle.LocalAddress())
		return err
	})
	return address, err
}

// Addr gives the address, a *net.TCPAddr. It is empty if LocalAddress fails.
func (l *Listener) Addr() net.Addr { return netAddr(l.LocalAddress()) }

// Close stops the listening and closes the connections that nobody has accepted; those that were accepted go on. A
// listener that is closed already gives net.ErrClosed.
func (l *Listener) Close() error {
	return l.use(func() error {
		l.handle.Drop()
		l.handle = nil
		return nil
	})
}

func (l *Listener) use(do func() error) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.handle == nil {
		return net.ErrClosed
	}
	return do()
}
