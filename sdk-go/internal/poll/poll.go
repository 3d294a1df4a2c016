// Package poll waits for the network without keeping the other goroutines of a component from running: none of them
// runs while the host waits.
package poll

import (
	"errors"
	"os"
	"runtime"
	"sync/atomic"
	"time"
)

// Slice is how long the host waits at most before other goroutines have their turn: short for those that wait for a
// timer, and long enough that hardly any calls are made for nothing. All that wait at the same time share it, so that
// each of them has its turn as soon.
const Slice = 20 * time.Millisecond

// waiting is how many goroutines wait.
var waiting atomic.Int32

// Wait tries until there is an outcome other than a timeout, and gives it. It ends with a timeout when the limit is
// over, which nil never is, or the deadline, which the zero time never is and other goroutines may change meanwhile.
// Each try says with a timeout of the host that the time that it was given has passed and nothing has happened.
func Wait(limit *time.Duration, deadline func() time.Time, try func(atMost time.Duration) error) error {
	waiting.Add(1)
	defer waiting.Add(-1)
	for start := time.Now(); ; {
		// The others first: it may be they who make happen what is waited for.
		runtime.Gosched()
		atMost, now := max(Slice/time.Duration(waiting.Load()), time.Millisecond), time.Now()
		if limit != nil {
			atMost = min(atMost, max(*limit-now.Sub(start), 0))
		}
		if end := deadline(); !end.IsZero() {
			if !end.After(now) {
				return os.ErrDeadlineExceeded
			}
			atMost = min(atMost, end.Sub(now))
		}
		err := try(atMost)
		if !errors.Is(err, os.ErrDeadlineExceeded) || limit != nil && time.Since(start) >= *limit {
			return err
		}
	}
}
