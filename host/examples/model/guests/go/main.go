// Command model asks a model of the host.
package main

import (
	"encoding/json"

	"github.com/airssys/airssys-wasm/sdk-go"

	inference "example.com/examples/model/bindings/acme_model_inference"
)

type model struct{ airssys.Base }

// question is the input of the operation.
type question struct {
	Model    *string   `json:"model"`
	Features []float64 `json:"features"`
}

// failure is the output where there are no numbers.
type failure struct {
	Code      string `json:"code"`
	Message   string `json:"message,omitempty"`
	Operation string `json:"operation,omitempty"`
	Resource  string `json:"resource,omitempty"`
	Missing   string `json:"missing,omitempty"`
}

func (model) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	if operation != "infer" {
		return nil, airssys.UnknownOperation(operation)
	}
	var asked question
	if err := json.Unmarshal(input, &asked); err != nil {
		return nil, airssys.Errorf(airssys.ErrInvalidInput, "%w", err)
	}
	if asked.Model == nil || asked.Features == nil {
		return nil, airssys.Errorf(airssys.ErrInvalidInput, "expected model and features")
	}
	opened := inference.ModelOpen(*asked.Model)
	if opened.IsErr() {
		return json.Marshal(map[string]failure{"error": told(opened.Err())})
	}
	// It goes back to the host.
	defer opened.Ok().Drop()
	numbers := opened.Ok().Infer(asked.Features)
	if numbers.IsErr() {
		return json.Marshal(map[string]failure{"error": told(numbers.Err())})
	}
	return json.Marshal(numbers.Ok())
}

func told(of inference.Failure) failure {
	switch of.Tag() {
	case inference.Failure_PermissionDenied:
		denial := of.PermissionDenied()
		return failure{
			Code: "permission-denied", Operation: denial.Operation, Resource: denial.Resource, Missing: denial.Missing,
		}
	case inference.Failure_NotFound:
		return failure{Code: "not-found", Message: of.NotFound()}
	case inference.Failure_InvalidInput:
		return failure{Code: "invalid-input", Message: of.InvalidInput()}
	}
	return failure{Code: "busy"}
}

func init() { airssys.Register(model{}) }

func main() {}
