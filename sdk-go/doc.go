// Package airssys is for writing AirsSys components in Go. A whole component:
//
//	package main
//
//	import "github.com/airssys/airssys-wasm/sdk-go"
//
//	type hello struct{ airssys.Base }
//
//	func (hello) Execute(_ airssys.Context, operation string, input []byte) ([]byte, error) {
//		if operation != "greet" {
//			return nil, airssys.UnknownOperation(operation)
//		}
//		return []byte("Hello, " + string(input) + "!"), nil
//	}
//
//	func init() { airssys.Register(hello{}) }
//
//	func main() {}
//
// What it is called and may do stands in the Component.toml beside it.
//
// This package has the interface component-lifecycle of the contract, which a component exports. The packages
// hostservices, files, directories, paths, tcp, udp, connections and processes have the interfaces that a component
// imports, under the same names; processes has stdio and signals too. What a component may do with them is in its
// Component.toml; everything else is refused with a *PermissionDenied.
//
// Package airssystest has a fake host for the tests of a component.
//
// # Goroutines
//
// They run only while the host is in a call of the component: join them before a method returns. Several may use the
// host, which serves one at a time. While the host waits none of them runs, except in Read, Write and the other methods of
// connections that say so.
package airssys
