// Command plugin-go gives back the bytes it is given, as a plug-in of Extism.
package main

import "github.com/extism/go-pdk"

//go:wasmexport echo
func echo() int32 {
	pdk.Output(pdk.Input())
	return 0
}

func main() {}
