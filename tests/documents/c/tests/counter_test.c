// block: sdk-c/README.md#testing-a-component
