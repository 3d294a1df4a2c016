// Package export_airssys_ext_process_stdio is what the generated exports of stdio call. Its name and place are the
// generator's choice.
package export_airssys_ext_process_stdio

import (
	generated "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_ext_process_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/process"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type result[T any] = process.Result[T]

// WriteStdin forwards stdio.write-stdin.
func WriteStdin(p *Process, data []byte) result[uint32] {
	return process.Of(p.Process.WriteStdin(data))
}

// CloseStdin forwards stdio.close-stdin.
func CloseStdin(p *Process) result[wit.Unit] {
	return process.Done(p.Process.CloseStdin())
}

// ReadStdout forwards stdio.read-stdout.
func ReadStdout(p *Process, maxBytes uint32) result[[]byte] {
	return process.Of(p.Process.ReadStdout(maxBytes))
}

// ReadStderr forwards stdio.read-stderr.
func ReadStderr(p *Process, maxBytes uint32) result[[]byte] {
	return process.Of(p.Process.ReadStderr(maxBytes))
}

// ReadStdoutToEnd forwards stdio.read-stdout-to-end.
func ReadStdoutToEnd(p *Process) result[[]byte] {
	return process.Of(p.Process.ReadStdoutToEnd())
}

// ReadStderrToEnd forwards stdio.read-stderr-to-end.
func ReadStderrToEnd(p *Process) result[[]byte] {
	return process.Of(p.Process.ReadStderrToEnd())
}

// Communicate forwards stdio.communicate.
func Communicate(p *Process, input []byte) result[generated.ProcessOutput] {
	output, err := p.Process.Communicate(input)
	return process.Of(process.ProcessOutput(output), err)
}
