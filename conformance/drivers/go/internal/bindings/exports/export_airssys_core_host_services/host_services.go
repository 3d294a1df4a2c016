// Package export_airssys_core_host_services is what the generated exports of host-services call. Its name and place are
// the generator's choice.
package export_airssys_core_host_services

import (
	"time"

	core "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/imports/airssys_core_types"
	"github.com/airssys/airssys-wasm/conformance/drivers/go/internal/convert"
	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/hostservices"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

type done = wit.Result[wit.Unit, core.MessagingError]

// Log forwards host-services.log.
func Log(level core.LogLevel, message string, fields []wit.Tuple2[string, string]) {
	all := make([]hostservices.Field, len(fields))
	for i, field := range fields {
		all[i] = hostservices.Field{Name: field.F0, Value: field.F1}
	}
	hostservices.Log(hostservices.Level(level), message, all...)
}

// SendMessage forwards host-services.send-message.
func SendMessage(target core.ComponentId, message []byte) done {
	return convert.Messaging(wit.Unit{}, hostservices.SendMessage(airssys.ComponentID(target), message))
}

// SendRequest forwards host-services.send-request.
func SendRequest(target core.ComponentId, request []byte, timeoutMs uint32) wit.Result[string, core.MessagingError] {
	timeout := time.Duration(timeoutMs) * time.Millisecond
	id, err := hostservices.SendRequest(airssys.ComponentID(target), request, timeout)
	return convert.Messaging(string(id), err)
}

// CancelRequest forwards host-services.cancel-request.
func CancelRequest(request string) done {
	return convert.Messaging(wit.Unit{}, hostservices.CancelRequest(airssys.RequestID(request)))
}

// CurrentTime forwards host-services.current-time.
func CurrentTime() core.Timestamp {
	return core.Timestamp(hostservices.CurrentTime())
}

// Sleep forwards host-services.sleep.
func Sleep(durationMs uint32) {
	hostservices.Sleep(time.Duration(durationMs) * time.Millisecond)
}

// ListComponents forwards host-services.list-components.
func ListComponents() []core.ComponentId {
	var ids []core.ComponentId
	for _, id := range hostservices.ListComponents() {
		ids = append(ids, core.ComponentId(id))
	}
	return ids
}

// GetComponentMetadata forwards host-services.get-component-metadata.
func GetComponentMetadata(id core.ComponentId) wit.Result[core.ComponentMetadata, core.MessagingError] {
	metadata, err := hostservices.GetComponentMetadata(airssys.ComponentID(id))
	return convert.Messaging(convert.Metadata(metadata), err)
}
