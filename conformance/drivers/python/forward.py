"""Calls of the SDK, with its errors in the form in which the driver's exports give them back."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from airssys_wasm.errors import FilesystemError, MessagingError, NetworkError, ProcessError
from componentize_py_types import Err

from convert import filesystem_error, messaging_error
from convert_network import network_error
from convert_process import process_error

P = ParamSpec("P")
T = TypeVar("T")


def forward(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls the SDK; what it raises becomes the error of the export."""
    try:
        return function(*args, **kwargs)
    except FilesystemError as error:
        raise Err(filesystem_error(error)) from None
    except NetworkError as error:
        raise Err(network_error(error)) from None
    except ProcessError as error:
        raise Err(process_error(error)) from None
    except MessagingError as error:
        raise Err(messaging_error(error)) from None
