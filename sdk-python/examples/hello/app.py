"""Says hello."""

from airssys_wasm import Component, component, operation


@component(name="examples/hello", version="0.1.0", description="Says hello.")
class Hello(Component):
    """Greets whoever asks."""

    @operation
    def greet(self, name: str) -> str:
        """Takes a name and gives a greeting."""
        return f"Hello, {name}!"
