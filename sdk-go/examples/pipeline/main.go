// Command pipeline is a component that counts equal lines with the programs of the host: sort | uniq -c | sort -rn,
// without a shell.
package main

import (
	"bytes"
	"strings"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/processes"
)

type pipeline struct{ airssys.Base }

// Execute takes text and gives each line with how often it came, the most frequent first.
func (pipeline) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	if operation != "count-lines" {
		return nil, airssys.UnknownOperation(operation)
	}
	commands := []*processes.Cmd{
		command("/usr/bin/sort"),
		command("/usr/bin/uniq", "-c"),
		command("/usr/bin/sort", "-rn"),
	}
	// The host starts all three or none, and feeds and empties them at the same time.
	output, err := processes.RunPipeline(input, commands...)
	if err != nil {
		return nil, err
	}
	// A program that fails is no error of RunPipeline: the statuses tell.
	for i, status := range output.Statuses {
		if !status.Success() {
			stage := strings.Join(append([]string{commands[i].Program}, commands[i].Arguments...), " ")
			return nil, airssys.Errorf(airssys.ErrProcessingFailed, "%s: %s: %s", stage, status, bytes.TrimSpace(output.Stderr))
		}
	}
	return output.Stdout, nil
}

// command makes one with the only variable that it needs: a child has the environment that its command names and no
// other. This one makes the order that of the bytes.
func command(program string, arguments ...string) *processes.Cmd {
	made := processes.Command(program, arguments...)
	made.Environment.Set = airssys.Environment{{Name: "LC_ALL", Value: "C"}}
	return made
}

func init() { airssys.Register(pipeline{}) }

func main() {}
