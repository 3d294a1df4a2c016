// Command driver forwards every operation of the contract through the Go SDK's public API.
package main

import (
	// Links the exports beyond those of every component, which the SDK makes.
	_ "github.com/airssys/airssys-wasm/conformance/drivers/go/internal/bindings/exports/wit_exports"
	"github.com/airssys/airssys-wasm/sdk-go"
)

func init() { airssys.Register(&driver{}) }

func main() {}
