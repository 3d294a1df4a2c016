// Package export_airssys_core_component_lifecycle is what the generated exports call. Its name and place are the
// generator's choice; this file is written by hand, because the generator leaves the functions of an exported interface
// to the user.
package export_airssys_core_component_lifecycle

import (
	"github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Lifecycle is the component behind the exports, in generated types.
type Lifecycle interface {
	Init(airssys_core_types.ComponentConfig) wit.Result[wit.Unit, airssys_core_types.ComponentError]
	Execute(string, []byte, airssys_core_types.ExecutionContext) wit.Result[[]byte, airssys_core_types.ExecutionError]
	HandleMessage(airssys_core_types.ComponentId, []byte) wit.Result[wit.Unit, airssys_core_types.ComponentError]
	HandleCallback(string, wit.Result[[]byte, string]) wit.Result[wit.Unit, airssys_core_types.ComponentError]
	Metadata() airssys_core_types.ComponentMetadata
	Health() airssys_core_types.HealthStatus
	Shutdown() wit.Result[wit.Unit, airssys_core_types.ComponentError]
}

// Exported is set by package airssys, which cannot be imported from here: it imports this package.
var Exported Lifecycle

// Init forwards component-lifecycle.init.
func Init(config airssys_core_types.ComponentConfig) wit.Result[wit.Unit, airssys_core_types.ComponentError] {
	return Exported.Init(config)
}

// Execute forwards component-lifecycle.execute.
func Execute(operation string, input []byte, context airssys_core_types.ExecutionContext) wit.Result[[]byte, airssys_core_types.ExecutionError] {
	return Exported.Execute(operation, input, context)
}

// HandleMessage forwards component-lifecycle.handle-message.
func HandleMessage(sender airssys_core_types.ComponentId, message []byte) wit.Result[wit.Unit, airssys_core_types.ComponentError] {
	return Exported.HandleMessage(sender, message)
}

// HandleCallback forwards component-lifecycle.handle-callback.
func HandleCallback(request string, outcome wit.Result[[]byte, string]) wit.Result[wit.Unit, airssys_core_types.ComponentError] {
	return Exported.HandleCallback(request, outcome)
}

// Metadata forwards component-lifecycle.metadata.
func Metadata() airssys_core_types.ComponentMetadata {
	return Exported.Metadata()
}

// Health forwards component-lifecycle.health.
func Health() airssys_core_types.HealthStatus {
	return Exported.Health()
}

// Shutdown forwards component-lifecycle.shutdown.
func Shutdown() wit.Result[wit.Unit, airssys_core_types.ComponentError] {
	return Exported.Shutdown()
}
