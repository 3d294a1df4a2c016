"""Uses files and sockets as Python does, and answers with what came of it: the result, or the name of the error."""

# Names are encoded with it when they are looked up, and what is not imported when the component is built is not there.
import encodings.idna  # noqa: F401
import errno
import os
import socket

from airssys_wasm import Component, component, operation


@component(name="airssys/wasi-python", version="1.0.0", description="Uses files and sockets as its language does.")
class Wasi(Component):
    """Answers with a result, or with `failed` and the name of the error."""

    @operation
    def read(self, path: str) -> str:
        """The text of a file."""
        try:
            with open(path) as file:
                return file.read()
        except OSError as error:
            return failed(error)

    @operation
    def write(self, input: str) -> str:
        """Appends to a file: its path, a blank, the text."""
        path, _, text = input.partition(" ")
        try:
            with open(path, "a") as file:
                return str(file.write(text))
        except OSError as error:
            return failed(error)

    @operation
    def delete(self, path: str) -> str:
        """Deletes a file."""
        try:
            os.remove(path)
        except OSError as error:
            return failed(error)
        return "deleted"

    @operation
    def list(self, path: str) -> str:
        """The names in a directory."""
        try:
            return " ".join(sorted(os.listdir(path)))
        except OSError as error:
            return failed(error)

    @operation
    def connect(self, address: str) -> str:
        """What a server says to who connects to host:port."""
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host, int(port))) as connection:
                return received(connection)
        except OSError as error:
            return failed(error)

    @operation
    def resolve(self, name: str) -> str:
        """The IPv4 address of a name."""
        try:
            return str(socket.getaddrinfo(name, 80, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])
        except OSError as error:
            return failed(error)


def received(connection: socket.socket) -> str:
    """Everything until the end."""
    text = b""
    while piece := connection.recv(1024):
        text += piece
    return text.decode()


def failed(error: OSError) -> str:
    """The name of an error; that of its class where the number is not the system's own."""
    if isinstance(error, socket.gaierror):
        return "failed to resolve"
    return f"failed {errno.errorcode.get(error.errno or 0, type(error).__name__)}"
