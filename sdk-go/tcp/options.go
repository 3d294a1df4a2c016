package tcp

import (
	"time"

	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
)

// Options gives the options of the connection. What SetOptions has set reads back.
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
			options.ReadTimeout, options.WriteTimeout = c.options.ReadTimeout, c.options.WriteTimeout
		}
		return nil
	})
	return options, err
}

// SetOptions sets the options of the connection, all at once. Timeouts hold from the next read or write on.
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

// SetDeadline sets the deadlines of reading and writing.
func (c *Conn) SetDeadline(deadline time.Time) error {
	return c.use(func() error {
		c.read.deadline, c.write.deadline = deadline, deadline
		return nil
	})
}

// SetReadDeadline makes receiving fail with network.ErrTimeout, which is os.ErrDeadlineExceeded, from this time on. The
// zero time is no deadline. It counts beside the read timeout of the options.
func (c *Conn) SetReadDeadline(deadline time.Time) error {
	return c.use(func() error {
		c.read.deadline = deadline
		return nil
	})
}

// SetWriteDeadline makes sending fail with network.ErrTimeout, which is os.ErrDeadlineExceeded, from this time on. The
// zero time is no deadline. It counts beside the write timeout of the options.
func (c *Conn) SetWriteDeadline(deadline time.Time) error {
	return c.use(func() error {
		c.write.deadline = deadline
		return nil
	})
}

// timeout gives the one of a direction.
func (o Options) timeout(c *Conn, way *direction) *time.Duration {
	if way == &c.read {
		return o.ReadTimeout
	}
	return o.WriteTimeout
}

// userOptions gives the options that the user has set.
func (c *Conn) userOptions() (Options, error) {
	if c.options == nil {
		given, err := host.NetworkValue(c.handle.Options())
		if err != nil {
			return Options{}, err
		}
		options := optionsOf(given)
		c.options, c.read.applied, c.write.applied = &options, options.ReadTimeout, options.WriteTimeout
	}
	return *c.options, nil
}

// limit makes the host wait in a direction as long as the options say, but no longer than this, if it is not nil.
func (c *Conn) limit(way *direction, atMost *time.Duration) error {
	if c.options == nil && atMost == nil {
		return nil
	}
	options, err := c.userOptions()
	if err != nil {
		return err
	}
	wanted := options.timeout(c, way)
	if wanted == nil || atMost != nil && *atMost < *wanted {
		wanted = atMost
	}
	if same(wanted, way.applied) {
		return nil
	}
	before := way.applied
	way.applied = wanted
	options.ReadTimeout, options.WriteTimeout = c.read.applied, c.write.applied
	err = host.NetworkDone(c.handle.SetOptions(options.generated()))
	if err != nil {
		way.applied = before
	}
	return err
}

// same says whether two timeouts are the same to the host.
func same(a, b *time.Duration) bool {
	return host.OptionalMilliseconds(a) == host.OptionalMilliseconds(b)
}
