# block: sdk-python/README.md#airssys-wasm-for-python
