package airssys_test

import (
	"context"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
)

func TestACallIsAContextOfTheStandardLibrary(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	const now = 1_800_000_000
	host.SetTime(airssys.Timestamp{Seconds: now}.Time())

	ctx := airssys.Context{RequestID: "7"}.Context()
	if _, limited := ctx.Deadline(); limited || ctx.Err() != nil {
		t.Errorf("without a deadline it has one, or is done: %v", ctx.Err())
	}
	type key struct{}
	inner := context.WithValue(ctx, key{}, 1)
	if call, found := airssys.CallOf(inner); !found || call.RequestID != "7" {
		t.Errorf("got %v, %v", call, found)
	}
	if _, found := airssys.CallOf(context.Background()); found {
		t.Error("a call was found where there is none")
	}

	later := airssys.Context{Deadline: &airssys.Timestamp{Seconds: now + 1000}}.Context()
	if _, limited := later.Deadline(); !limited || later.Err() != nil {
		t.Errorf("a deadline to come: %v", later.Err())
	}
	past := airssys.Context{Deadline: &airssys.Timestamp{Seconds: now}}.Context()
	if <-past.Done(); past.Err() != context.DeadlineExceeded {
		t.Errorf("a deadline that has passed: %v", past.Err())
	}
}
