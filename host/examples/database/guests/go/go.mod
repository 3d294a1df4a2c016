module example.com/examples/database

go 1.26

require github.com/airssys/airssys-wasm/sdk-go v0.0.0

require go.bytecodealliance.org/pkg v0.2.3

replace github.com/airssys/airssys-wasm/sdk-go => ../../../../../sdk-go
