"""Gives the tests the fixture `host`, by the line that the README names."""

pytest_plugins = ["airssys_wasm.testing.plugin"]
