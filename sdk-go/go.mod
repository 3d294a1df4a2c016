module github.com/airssys/airssys-wasm/sdk-go

go 1.26

require go.bytecodealliance.org/pkg v0.2.3
