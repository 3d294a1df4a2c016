// block: sdk-c/README.md#c-sdk
