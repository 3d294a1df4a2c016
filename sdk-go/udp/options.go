package udp

import (
	"time"

	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// Options gives the options of the socket. What SetOptions has set reads back.
//
// Permission: none; held by the handle.
//
// Errors: network.ErrIO.
func (c *Conn) Options() (options Options, err error) {
	err = c.use(func() error {
		given, err := host.NetworkValue(c.handle.Options())
		if err != nil {
			return err
		}
		options = optionsOf(given)
		if c.options != nil {
			options.ReceiveTimeout = c.options.ReceiveTimeout
		}
		return nil
	})
	return options, err
}

// SetOptions sets the options of the socket, all at once. The timeout holds from the next receiving on.
//
// Permission: none; held by the handle.
//
// Errors: network.ErrInvalidArgument if a value is one that the host cannot set, network.ErrIO.
func (c *Conn) SetOptions(options Options) error {
	return c.use(func() error {
		err := host.NetworkDone(c.handle.SetOptions(options.generated()))
		if err == nil {
			c.options = nil
		}
		return err
	})
}

// SetDeadline is SetReadDeadline: sending does not wait.
func (c *Conn) SetDeadline(deadline time.Time) error { return c.SetReadDeadline(deadline) }

// SetReadDeadline makes receiving fail with network.ErrTimeout, which is os.ErrDeadlineExceeded, from this time on. The
// zero time is no deadline. It counts beside the receive timeout of the options.
func (c *Conn) SetReadDeadline(deadline time.Time) error {
	return c.use(func() error {
		c.deadline = deadline
		return nil
	})
}

// SetWriteDeadline changes nothing: sending does not wait.
func (c *Conn) SetWriteDeadline(time.Time) error { return c.use(func() error { return nil }) }

// userOptions gives the options that the user has set.
func (c *Conn) userOptions() (Options, error) {
	if c.options == nil {
		given, err := host.NetworkValue(c.handle.Options())
		if err != nil {
			return Options{}, err
		}
		c.options = new(optionsOf(given))
		c.applied = c.options.ReceiveTimeout
	}
	return *c.options, nil
}

// limit makes the host wait as long as the options say, but no longer than this, if it is not nil.
func (c *Conn) limit(atMost *time.Duration) error {
	if c.options == nil && atMost == nil {
		return nil
	}
	options, err := c.userOptions()
	if err != nil {
		return err
	}
	wanted := options.ReceiveTimeout
	if wanted == nil || atMost != nil && *atMost < *wanted {
		wanted = atMost
	}
	if host.OptionalMilliseconds(wanted) == host.OptionalMilliseconds(c.applied) {
		return nil
	}
	options.ReceiveTimeout = wanted
	if err := host.NetworkDone(c.handle.SetOptions(options.generated())); err != nil {
		return err
	}
	c.applied = wanted
	return nil
}
