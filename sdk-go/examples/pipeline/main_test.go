package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/processes"
)

// program writes its name and arguments behind what it reads, if its environment is as it should be.
func program(run airssystest.Run) processes.Output {
	if len(run.Environment) != 1 || run.Environment.Get("LC_ALL") != "C" {
		return processes.Output{Status: processes.ExitStatus{Code: 2}, Stderr: []byte("bad environment\n")}
	}
	stage := run.Program + strings.Join(run.Arguments, " ")
	return processes.Output{Stdout: append(run.Stdin, "|"+stage...)}
}

func TestThreeProgramsRun(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.AddProgram("/usr/bin/sort", program)
	host.AddProgram("/usr/bin/uniq", program)
	output, err := host.Start(pipeline{}).Execute("count-lines", []byte("in"))
	if err != nil || string(output) != "in|/usr/bin/sort|/usr/bin/uniq-c|/usr/bin/sort-rn" {
		t.Errorf("got %q, %v", output, err)
	}
}

func TestAStageThatFailsIsNamed(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.AddProgram("/usr/bin/sort", program)
	host.AddProgram("/usr/bin/uniq", func(airssystest.Run) processes.Output {
		return processes.Output{Status: processes.ExitStatus{Code: 1}, Stderr: []byte("no room\n")}
	})
	_, err := host.Start(pipeline{}).Execute("count-lines", []byte("in"))
	var failure *airssys.Error
	if !errors.As(err, &failure) || failure.Message != "/usr/bin/uniq -c: exit status 1: no room" {
		t.Errorf("got %v", err)
	}
}

func TestARefusalFailsTheOperation(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.AddProgram("/usr/bin/sort", program)
	host.DenyProgram("/usr/bin/uniq")
	if _, err := host.Start(pipeline{}).Execute("count-lines", nil); !errors.Is(err, airssys.ErrPermissionDenied) {
		t.Errorf("got %v", err)
	}
}
