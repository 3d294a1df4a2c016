package airssys

// Links the exported functions into every program that imports this package.
import _ "github.com/airssys/airssys-wasm/sdk-go/internal/bindings/exports/wit_exports"
