package airssystest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/hostservices"
	core "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/imports/airssys_core_types"
	"github.com/airssys/airssys-wasm/sdk-go/internal/host"
	wit "go.bytecodealliance.org/pkg/wit/types"
)

// Record is a record that the component has logged.
type Record struct {
	// Level is how important it is.
	Level hostservices.Level
	// Message is its text.
	Message string
	// Fields are its named values.
	Fields []hostservices.Field
}

// Message is a message that the component has sent.
type Message struct {
	// Target is whom it is for.
	Target airssys.ComponentID
	// Payload is its bytes.
	Payload []byte
}

// Request is a request that the component has sent.
type Request struct {
	// ID is the one that the component got.
	ID airssys.RequestID
	// Target is whom it is for.
	Target airssys.ComponentID
	// Payload is its bytes.
	Payload []byte
	// Timeout is how long the component waits for the reply, in whole milliseconds.
	Timeout time.Duration
	// Cancelled says whether the component has given it up. Its outcome is then airssys.ErrRequestCancelled.
	Cancelled bool
}

// neighbour is another component.
type neighbour struct {
	metadata airssys.Metadata
	full     bool
}

// maxMessage is the host's limit on the bytes of a message or request.
const maxMessage = 1 << 20

var idForm = regexp.MustCompile(`^[a-z0-9-]+/[a-z0-9-]+@[0-9A-Za-z.+-]+$`)

// AddComponent adds another component, to which this one may send. Without it every target is not found. Only ID must be
// set.
func (h *FakeHost) AddComponent(metadata airssys.Metadata) {
	h.t.Helper()
	defer h.lock()()
	if !idForm.MatchString(metadata.ID.String()) {
		h.t.Fatalf("AddComponent: %q is not namespace/name@version", metadata.ID)
	}
	h.known[metadata.ID] = &neighbour{metadata: metadata}
}

// FillMailbox makes the mailbox of an added component full: what is sent to it fails with hostservices.ErrMailboxFull.
func (h *FakeHost) FillMailbox(id airssys.ComponentID) {
	h.t.Helper()
	defer h.lock()()
	target := h.known[id]
	if target == nil {
		h.t.Fatalf("FillMailbox: %s was not added", id)
	}
	target.full = true
}

// Logs gives what the component has logged so far. It is also in the output of the test.
func (h *FakeHost) Logs() []Record {
	defer h.lock()()
	return slices.Clone(h.logs)
}

// Messages gives the messages that the component has sent so far. Nobody gets them.
func (h *FakeHost) Messages() []Message {
	defer h.lock()()
	return slices.Clone(h.sent)
}

// Requests gives the requests that the component has sent so far. Nobody answers them but the test, by
// Instance.HandleCallback.
func (h *FakeHost) Requests() []Request {
	defer h.lock()()
	requests := make([]Request, len(h.asked))
	for i, request := range h.asked {
		requests[i] = *request
	}
	return requests
}

// pending gives an unfinished request. The mutex is held.
func (h *FakeHost) pending(id airssys.RequestID) *Request {
	for _, request := range h.asked {
		if request.ID == id && !h.closed[id] {
			return request
		}
	}
	return nil
}

// services is the interface host-services.
type services struct{ *FakeHost }

func (h services) Log(level core.LogLevel, message string, fields []host.Field) {
	defer h.lock()()
	record := Record{Level: hostservices.Level(level), Message: message}
	line := fmt.Sprintf("%s: %s", record.Level, message)
	for _, field := range fields {
		record.Fields = append(record.Fields, hostservices.Field{Name: field.F0, Value: field.F1})
		line += fmt.Sprintf(" %s=%q", field.F0, field.F1)
	}
	h.logs = append(h.logs, record)
	fmt.Fprintln(h.t.Output(), line)
}

// reach gives the component to send to. The permission is asked for first, so that existence does not leak.
func (h services) reach(operation string, target core.ComponentId, size int) *core.MessagingError {
	id := airssys.ComponentID(target)
	if !idForm.MatchString(id.String()) {
		return new(core.MakeMessagingErrorComponentNotFound(target))
	}
	if denial := h.rules.authorizeTarget(operation, id); denial != nil {
		return new(core.MakeMessagingErrorPermissionDenied(*denial))
	}
	if size > maxMessage {
		return new(core.MakeMessagingErrorPayloadTooLarge(maxMessage))
	}
	switch found := h.known[id]; {
	case found == nil && h.self != nil && h.self.ID == id:
		return nil
	case found == nil:
		return new(core.MakeMessagingErrorComponentNotFound(target))
	case found.full:
		return new(core.MakeMessagingErrorMailboxFull(target))
	default:
		return nil
	}
}

func (h services) SendMessage(target core.ComponentId, message []byte) host.Messaging[wit.Unit] {
	defer h.lock()()
	if failed := h.reach("send-message", target, len(message)); failed != nil {
		return wit.Err[wit.Unit](*failed)
	}
	h.sent = append(h.sent, Message{Target: airssys.ComponentID(target), Payload: slices.Clone(message)})
	return wit.Ok[wit.Unit, core.MessagingError](wit.Unit{})
}

func (h services) SendRequest(target core.ComponentId, request []byte, timeoutMs uint32) host.Messaging[string] {
	defer h.lock()()
	if failed := h.reach("send-request", target, len(request)); failed != nil {
		return wit.Err[string](*failed)
	}
	id := h.nextID()
	h.asked = append(h.asked, &Request{
		ID:      id,
		Target:  airssys.ComponentID(target),
		Payload: slices.Clone(request),
		Timeout: time.Duration(timeoutMs) * time.Millisecond,
	})
	return wit.Ok[string, core.MessagingError](string(id))
}

// nextID gives an id that this host has not given yet. The mutex is held.
func (h *FakeHost) nextID() airssys.RequestID {
	h.ids++
	return airssys.RequestID(fmt.Sprintf("request-%d", h.ids))
}

func (h services) CancelRequest(request string) host.Messaging[wit.Unit] {
	defer h.lock()()
	found := h.pending(airssys.RequestID(request))
	if found == nil || found.Cancelled {
		return wit.Err[wit.Unit](core.MakeMessagingErrorUnknownRequest(request))
	}
	found.Cancelled = true
	return wit.Ok[wit.Unit, core.MessagingError](wit.Unit{})
}

func (h services) CurrentTime() core.Timestamp {
	defer h.lock()()
	return h.clock
}

func (h services) Sleep(durationMs uint32) {
	defer h.lock()()
	h.advance(durationMs)
}

func (h services) ListComponents() []core.ComponentId {
	defer h.lock()()
	var ids []core.ComponentId
	for id := range h.known {
		if !h.rules.deniesTarget(id) {
			ids = append(ids, core.ComponentId(id))
		}
	}
	if h.self != nil && h.known[h.self.ID] == nil {
		ids = append(ids, core.ComponentId(h.self.ID))
	}
	slices.SortFunc(ids, func(a, b core.ComponentId) int {
		return strings.Compare(airssys.ComponentID(a).String(), airssys.ComponentID(b).String())
	})
	return ids
}

func (h services) GetComponentMetadata(id core.ComponentId) host.Messaging[core.ComponentMetadata] {
	defer h.lock()()
	var metadata *airssys.Metadata
	if h.self != nil && h.self.ID == airssys.ComponentID(id) {
		metadata = h.self
	} else if found := h.known[airssys.ComponentID(id)]; found != nil && !h.rules.deniesTarget(airssys.ComponentID(id)) {
		metadata = &found.metadata
	}
	if metadata == nil {
		return wit.Err[core.ComponentMetadata](core.MakeMessagingErrorComponentNotFound(id))
	}
	return wit.Ok[core.ComponentMetadata, core.MessagingError](core.ComponentMetadata{
		Id:          id,
		Description: metadata.Description,
		Authors:     metadata.Authors,
		License:     host.Option(metadata.License),
		Operations:  metadata.Operations,
	})
}
