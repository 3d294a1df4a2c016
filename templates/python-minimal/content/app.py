"""Says hello."""

from airssys_wasm import Component, component, operation
from airssys_wasm.errors import InvalidInput


@component
class MyComponent(Component):
    """Greets whoever asks."""

    @operation
    def greet(self, name: str) -> str:
        """Greets whom the input names."""
        if not name:
            raise InvalidInput("a name is needed")
        return f"Hello, {name}!"
