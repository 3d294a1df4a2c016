# block: sdk-python/README.md#unit-tests
