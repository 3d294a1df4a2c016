package main

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/airssys/airssys-wasm/sdk-go"
)

// A dump is lines of key=value: text and bytes in hexadecimal, numbers in decimal, no line for what is absent.

func dumpText[T ~string | ~[]byte](text T) string { return hex.EncodeToString([]byte(text)) }

func dumpID(id airssys.ComponentID) string {
	return dumpText(id.Namespace) + "/" + dumpText(id.Name) + "@" + dumpText(id.Version)
}

func dumpConfig(config airssys.Config) string {
	var dump strings.Builder
	fmt.Fprintf(&dump, "id.namespace=%s\n", dumpText(config.ID.Namespace))
	fmt.Fprintf(&dump, "id.name=%s\n", dumpText(config.ID.Name))
	fmt.Fprintf(&dump, "id.version=%s\n", dumpText(config.ID.Version))
	for _, variable := range config.Environment {
		fmt.Fprintf(&dump, "environment.%s=%s\n", dumpText(variable.Name), dumpText(variable.Value))
	}
	if config.Data != nil {
		fmt.Fprintf(&dump, "data=%s\n", dumpText(config.Data))
	}
	for _, limit := range []struct {
		key   string
		value *uint64
	}{
		{"max-memory-bytes", config.Limits.MaxMemoryBytes},
		{"max-cpu-time-ms", config.Limits.MaxCPUTimeMs},
		{"max-execution-time-ms", config.Limits.MaxExecutionTimeMs},
	} {
		if limit.value != nil {
			fmt.Fprintf(&dump, "limits.%s=%d\n", limit.key, *limit.value)
		}
	}
	return dump.String()
}

func dumpContext(ctx airssys.Context) string {
	var dump strings.Builder
	fmt.Fprintf(&dump, "request-id=%s\n", dumpText(ctx.RequestID))
	switch ctx.Caller.Kind {
	case airssys.CallerComponent:
		fmt.Fprintf(&dump, "caller=component:%s\n", dumpID(ctx.Caller.Component))
	case airssys.CallerExternal:
		fmt.Fprintf(&dump, "caller=external:%s\n", dumpText(ctx.Caller.Name))
	case airssys.CallerHost:
		dump.WriteString("caller=host\n")
	}
	if ctx.Deadline != nil {
		fmt.Fprintf(&dump, "deadline=%d.%d\n", ctx.Deadline.Seconds, ctx.Deadline.Nanoseconds)
	}
	if ctx.TraceParent != nil {
		fmt.Fprintf(&dump, "trace-parent=%s\n", dumpText(*ctx.TraceParent))
	}
	return dump.String()
}
