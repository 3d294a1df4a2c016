module github.com/airssys/airssys-wasm/host/bench/peers/plugin-go

go 1.26

require github.com/extism/go-pdk v1.1.3
