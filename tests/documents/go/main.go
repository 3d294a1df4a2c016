// block: sdk-go/README.md#airssys-for-go
