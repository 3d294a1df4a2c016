// Command database answers queries from a database of the host.
package main

import (
	"encoding/json"
	"errors"

	"github.com/airssys/airssys-wasm/sdk-go"

	client "example.com/examples/database/bindings/acme_database_client"
)

type database struct{ airssys.Base }

// question is the input of the operation.
type question struct {
	Database   string `json:"database"`
	SQL        string `json:"sql"`
	Parameters []any  `json:"parameters"`
}

// failure is the output where there are no rows.
type failure struct {
	Code      string `json:"code"`
	Message   string `json:"message,omitempty"`
	Operation string `json:"operation,omitempty"`
	Resource  string `json:"resource,omitempty"`
	Missing   string `json:"missing,omitempty"`
}

func (database) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
	if operation != "query" {
		return nil, airssys.UnknownOperation(operation)
	}
	var asked question
	if err := json.Unmarshal(input, &asked); err != nil {
		return nil, airssys.Errorf(airssys.ErrInvalidInput, "%w", err)
	}
	parameters := make([]client.Value, 0, len(asked.Parameters))
	for _, given := range asked.Parameters {
		parameter, err := parameterOf(given)
		if err != nil {
			return nil, airssys.Errorf(airssys.ErrInvalidInput, "%w", err)
		}
		parameters = append(parameters, parameter)
	}
	result := client.Query(asked.Database, asked.SQL, parameters)
	if result.IsErr() {
		return json.Marshal(map[string]failure{"error": told(result.Err())})
	}
	rows := make([][]any, 0, len(result.Ok()))
	for _, values := range result.Ok() {
		row := make([]any, 0, len(values))
		for _, value := range values {
			row = append(row, shown(value))
		}
		rows = append(rows, row)
	}
	return json.Marshal(rows)
}

func parameterOf(given any) (client.Value, error) {
	switch value := given.(type) {
	case nil:
		return client.MakeValueNull(), nil
	case float64:
		return client.MakeValueNumber(value), nil
	case string:
		return client.MakeValueText(value), nil
	}
	return client.Value{}, errors.New("a parameter is null, a number or text")
}

func shown(value client.Value) any {
	switch value.Tag() {
	case client.Value_Number:
		return value.Number()
	case client.Value_Text:
		return value.Text()
	case client.Value_Blob:
		// As numbers: a slice of bytes would be written in base 64.
		numbers := make([]int, 0, len(value.Blob()))
		for _, number := range value.Blob() {
			numbers = append(numbers, int(number))
		}
		return map[string]any{"blob": numbers}
	}
	return nil
}

func told(of client.Failure) failure {
	switch of.Tag() {
	case client.Failure_PermissionDenied:
		denial := of.PermissionDenied()
		return failure{
			Code: "permission-denied", Operation: denial.Operation, Resource: denial.Resource, Missing: denial.Missing,
		}
	case client.Failure_InvalidSql:
		return failure{Code: "invalid-sql", Message: of.InvalidSql()}
	case client.Failure_TooLarge:
		return failure{Code: "too-large"}
	}
	return failure{Code: "timed-out"}
}

func init() { airssys.Register(database{}) }

func main() {}
