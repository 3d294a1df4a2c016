package airssystest

import (
	"fmt"
	"slices"
	"strings"

	generated "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_ext_process_types"
)

// The host's limits on what a component starts.
const (
	maxProcesses = 16
	maxStrings   = 16_384
	maxText      = 1 << 20
	maxString    = 128<<10 - 1
	maxInput     = 64 << 20
)

// The variables with which the loader and the C library find code, whatever the program is: families and single names.
var (
	refusedFamilies = []string{"LD_", "MALLOC_"}
	refusedNames    = []string{"GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "LOCPATH", "MUSL_LOCPATH", "NLSPATH"}
)

// commandProblem says what a host refuses of a command before it asks whether the program is permitted.
func commandProblem(command generated.Command) string {
	if problem := streamsProblem(command.Stdio); problem != "" {
		return problem
	}
	var names, values []string
	names = append(names, command.Environment.Inherit...)
	for _, variable := range command.Environment.Set {
		names, values = append(names, variable.F0), append(values, variable.F1)
	}
	switch {
	case len(names) > maxStrings:
		return fmt.Sprintf("more than %d variables", maxStrings)
	case size(names)+size(values) > maxText:
		return fmt.Sprintf("variables of more than %d bytes", maxText)
	}
	for _, name := range names {
		switch {
		case name == "" || strings.ContainsAny(name, "=\x00"):
			return "a variable has no proper name"
		case slices.Contains(refusedNames, name) || slices.ContainsFunc(refusedFamilies, func(family string) bool {
			return strings.HasPrefix(name, family)
		}):
			return "with the variable " + name + ", any program would load code that is not its own"
		}
	}
	if slices.ContainsFunc(values, hasNUL) {
		return "a variable contains NUL"
	}
	if problem := textProblem("the program", []string{command.Program}); problem != "" {
		return problem
	}
	return textProblem("an argument", command.Arguments)
}

// variablesProblem says whether variables are longer than the system takes them, which a host sees after the permission.
func variablesProblem(environment generated.Environment) string {
	var lines []string
	for _, variable := range environment.Set {
		lines = append(lines, variable.F0+"="+variable.F1)
	}
	return textProblem("a variable", lines)
}

func inputProblem(stdin []byte) string {
	if len(stdin) > maxInput {
		return fmt.Sprintf("input of more than %d bytes", maxInput)
	}
	return ""
}

// streamsProblem says which stream is what it cannot be.
func streamsProblem(stdio generated.StdioConfig) string {
	wrong := func(stream generated.Stdio, tags ...uint8) bool { return slices.Contains(tags, stream.Tag()) }
	switch {
	case wrong(stdio.Stdin, generated.Stdio_WriteFile, generated.Stdio_AppendFile, generated.Stdio_ToStdout):
		return "standard input cannot be that"
	case wrong(stdio.Stdout, generated.Stdio_ReadFile, generated.Stdio_ToStdout):
		return "standard output cannot be that"
	case wrong(stdio.Stderr, generated.Stdio_ReadFile):
		return "standard error cannot be that"
	default:
		return ""
	}
}

func textProblem(what string, texts []string) string {
	isLong := func(text string) bool { return len(text) > maxString }
	switch {
	case len(texts) > maxStrings || size(texts) > maxText || slices.ContainsFunc(texts, isLong):
		return what + " is too long, or there are too many"
	case slices.ContainsFunc(texts, hasNUL):
		return what + " contains NUL"
	default:
		return ""
	}
}

func hasNUL(text string) bool { return strings.ContainsRune(text, 0) }

func size(texts []string) int {
	sum := 0
	for _, text := range texts {
		sum += len(text)
	}
	return sum
}
