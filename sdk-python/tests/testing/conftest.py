"""The fake host that authors use, through the plugin that they use."""

from airssys_wasm.testing.plugin import host as host
