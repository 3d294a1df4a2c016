package airssys

import (
	"os"

	// Links the exported functions into every program that imports this package.
	_ "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/exports/wit_exports"
)

// trap ends the instance; the host reports a trap.
func trap(any) { os.Exit(2) }
