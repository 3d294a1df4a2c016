"""Gives the tests the fixture `host`."""

pytest_plugins = ["airssys_wasm.testing.plugin"]
