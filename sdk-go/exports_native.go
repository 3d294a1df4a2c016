//go:build !wasm

package airssys

// trap goes on with the panic: there is no instance to end.
func trap(cause any) { panic(cause) }
