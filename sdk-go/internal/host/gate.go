// Package host stands between the public packages and the generated imports. In WebAssembly it calls them; elsewhere,
// where there is no host, tests put functions of their own in their place.
package host

import "sync"

// gate is held during each call of an import, and while no export runs. The host forbids imports while it copies data
// into the component, which runs Go's allocator, which may let other goroutines run: they wait here until they may call.
var gate sync.Mutex

// shut says that Leave holds the gate.
var shut bool

// Enter lets imports be called: an export has been called.
func Enter() {
	if shut {
		shut = false
		gate.Unlock()
	}
}

// Leave waits for an import that is still being called and then lets none be called until Enter: an export returns.
func Leave() {
	gate.Lock()
	shut = true
}
