package processes_test

import (
	"fmt"

	"github.com/airssys/airssys-wasm/sdk-go/processes"
)

// It needs process = [{ action = "spawn", program = "/usr/bin/sort" }] below [permissions] of Component.toml.
func ExampleCommand() {
	output, err := processes.Command("/usr/bin/sort", "-r").Output()
	fmt.Println(string(output), err)
}
