package poll

import (
	"errors"
	"io"
	"os"
	"testing"
	"time"
)

func never() time.Time { return time.Time{} }

func TestItTriesUntilThereIsAnOutcome(t *testing.T) {
	tries := 0
	err := Wait(nil, never, func(atMost time.Duration) error {
		if atMost != Slice {
			t.Errorf("the host may wait %v", atMost)
		}
		if tries++; tries < 3 {
			return os.ErrDeadlineExceeded
		}
		return io.EOF
	})
	if err != io.EOF || tries != 3 {
		t.Errorf("got %v after %d tries", err, tries)
	}
}

func TestOtherGoroutinesRunMeanwhile(t *testing.T) {
	happened := make(chan struct{})
	go close(happened)
	err := Wait(nil, never, func(time.Duration) error {
		select {
		case <-happened:
			return nil
		default:
			return os.ErrDeadlineExceeded
		}
	})
	if err != nil {
		t.Errorf("got %v", err)
	}
}

func TestALimitOfZeroIsOneTry(t *testing.T) {
	tries := 0
	err := Wait(new(time.Duration(0)), never, func(atMost time.Duration) error {
		tries++
		if atMost != 0 {
			t.Errorf("the host may wait %v", atMost)
		}
		return os.ErrDeadlineExceeded
	})
	if !errors.Is(err, os.ErrDeadlineExceeded) || tries != 1 {
		t.Errorf("got %v after %d tries", err, tries)
	}
}

func TestADeadlineThatHasPassedIsNoTry(t *testing.T) {
	err := Wait(nil, func() time.Time { return time.Unix(1, 0) }, func(time.Duration) error {
		t.Error("it tried")
		return nil
	})
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestADeadlineThatIsSetMeanwhileCounts(t *testing.T) {
	var deadline time.Time
	err := Wait(nil, func() time.Time { return deadline }, func(time.Duration) error {
		deadline = time.Unix(1, 0)
		return os.ErrDeadlineExceeded
	})
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestThoseThatWaitShareTheTime(t *testing.T) {
	err := Wait(nil, never, func(time.Duration) error {
		return Wait(nil, never, func(atMost time.Duration) error {
			if atMost != Slice/2 {
				t.Errorf("the host may wait %v", atMost)
			}
			return io.EOF
		})
	})
	if err != io.EOF {
		t.Errorf("got %v", err)
	}
}
