"""Dies in every way that Python knows. The functions that die have names of their own, to be found in a traceback."""

import os

from airssys_wasm import Component, component, operation


@component
class Crash(Component):
    """Every operation is the end of the instance."""

    @operation
    def panic(self) -> str:
        """An exception, caused by another one."""
        return str(price({"apple": 3}, "pear"))

    @operation
    def recurse(self) -> str:
        """A recursion without end."""
        return str(deeper(0))

    @operation
    def abort(self) -> None:
        """The end of the process."""
        give_up()


def price(prices: dict[str, int], fruit: str) -> int:
    """Looks up what is not there."""
    try:
        return prices[fruit]
    except KeyError as error:
        raise ValueError(f"no price for {fruit}") from error


def deeper(depth: int) -> int:
    """Calls itself."""
    return deeper(depth + 1) + depth


def give_up() -> None:
    """Ends the process."""
    os.abort()
