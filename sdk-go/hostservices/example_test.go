package hostservices_test

import (
	"fmt"
	"log/slog"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/hostservices"
)

func ExampleNewLogHandler() {
	log := slog.New(hostservices.NewLogHandler(slog.LevelInfo))
	log.Info("resized", "width", 640)
}

// It needs messaging = [{ target = "acme/resizer" }] below [permissions] of Component.toml.
func ExampleSendMessage() {
	resizer := airssys.ComponentID{Namespace: "acme", Name: "resizer", Version: "1.2.0"}
	if err := hostservices.SendMessage(resizer, []byte("/data/photo.png")); err != nil {
		fmt.Println(err)
	}
}
