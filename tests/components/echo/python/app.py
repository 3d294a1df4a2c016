"""Gives back the bytes it is given: what is measured around it is the way in and out."""

from airssys_wasm import Component, component, operation


@component(name="airssys/echo-python", version="1.0.0", description="Gives back the bytes it is given.")
class Echo(Component):
    """Answers with what it was asked."""

    @operation
    def echo(self, input: bytes) -> bytes:
        """Takes bytes and gives them back."""
        return input
