// block: sdk-js/README.md#airssyswasm
