package airssystest_test

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/processes"
)

// upper is a program that writes what it reads in capitals.
func upper(run airssystest.Run) processes.Output {
	return processes.Output{Stdout: bytes.ToUpper(run.Stdin), Stderr: []byte("done")}
}

func TestProgramsAreFunctions(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	var runs []airssystest.Run
	host.AddProgram("/bin/upper", func(run airssystest.Run) processes.Output {
		runs = append(runs, run)
		return upper(run)
	})
	command := processes.Command("/bin/upper", "a b")
	command.Environment.Set = airssys.Environment{{Name: "LC_ALL", Value: "C"}}
	command.Stderr = processes.Null()
	output, err := command.Run([]byte("in"))
	if err != nil || !output.Status.Success() || string(output.Stdout) != "IN" || len(output.Stderr) != 0 {
		t.Errorf("got %+v, %v", output, err)
	}
	want := airssystest.Run{
		Program:     "/bin/upper",
		Arguments:   []string{"a b"},
		Environment: airssys.Environment{{Name: "LC_ALL", Value: "C"}},
		Stdin:       []byte("in"),
	}
	if !reflect.DeepEqual(runs, []airssystest.Run{want}) {
		t.Errorf("ran %+v", runs)
	}
}

func TestProgramsOfAPipelineReadWhatTheOneBeforeWrites(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.AddProgram("/bin/upper", upper)
	host.AddProgram("/bin/killed", func(run airssystest.Run) processes.Output {
		status := processes.ExitStatus{Signaled: true, Signal: processes.SignalKill}
		return processes.Output{Status: status, Stdout: run.Stdin[:1], Stderr: []byte("!")}
	})
	output, err := processes.RunPipeline([]byte("in"), processes.Command("/bin/upper"), processes.Command("/bin/killed"))
	want := processes.PipelineOutput{
		Statuses: []processes.ExitStatus{{}, {Signaled: true, Signal: processes.SignalKill}},
		Stdout:   []byte("I"),
		Stderr:   []byte("done!"),
	}
	if err != nil || !reflect.DeepEqual(output, want) {
		t.Errorf("got %+v, %v", output, err)
	}
}

func TestDenyProgramRefusesAsARealHostDoes(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.AddProgram("/bin/upper", func(airssystest.Run) processes.Output {
		t.Error("it ran")
		return processes.Output{}
	})
	host.DenyProgram("/bin/other")
	_, err := processes.RunPipeline(nil, processes.Command("/bin/upper"), processes.Command("/bin/other"))
	var denied *airssys.PermissionDenied
	if !errors.As(err, &denied) || *denied != (airssys.PermissionDenied{
		Operation: "ext-process/processes.run-pipeline",
		Resource:  "/bin/other",
		Missing:   `process = [{ action = "spawn", program = "/bin/other" }]`,
	}) {
		t.Errorf("got %v", err)
	}
}

func TestWhereThereIsNoProgramItIsNotFound(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.AddProgram("/bin/upper", upper)
	if _, err := processes.Command("/bin/lower").Output(); !errors.Is(err, processes.ErrProgramNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := processes.RunPipeline(nil); !errors.Is(err, processes.ErrInvalidArgument) {
		t.Errorf("got %v", err)
	}
	if _, err := processes.Command("/bin/upper").Spawn(); !errors.Is(err, processes.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
	if _, err := processes.WaitAnyTimeout(time.Second, 1); !errors.Is(err, processes.ErrProcessNotFound) {
		t.Errorf("got %v", err)
	}
	if listed := processes.ListProcesses(); len(listed) != 0 {
		t.Errorf("got %v", listed)
	}
}

func TestEverySignalThatIsListedIsParsed(t *testing.T) {
	airssystest.NewFakeHost(t)
	listed := processes.ListSignals()
	if len(listed) != 12 {
		t.Errorf("there are %d", len(listed))
	}
	for _, info := range listed {
		if signal, err := processes.ParseSignal(info.Name); err != nil || signal != info.Signal {
			t.Errorf("%s: got %v, %v", info.Name, signal, err)
		}
	}
	if _, err := processes.ParseSignal("NONE"); !errors.Is(err, processes.ErrInvalidArgument) {
		t.Errorf("got %v", err)
	}
}
