"""Uses files and sockets as Python does, and answers with what came of it: the result, or the name of the error."""

import argparse
import codecs
import datetime
import errno
import importlib
import os
import platform
import socket
import sys
import time
import urllib.request

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
    def replace(self, input: str) -> str:
        """Writes a file anew: its path, a blank, the text."""
        path, _, text = input.partition(" ")
        try:
            with open(path, "w") as file:
                return str(file.write(text))
        except OSError as error:
            return failed(error)

    @operation
    def rename(self, input: str) -> str:
        """Renames a file: its path, a blank, the new one."""
        path, _, new = input.partition(" ")
        try:
            os.rename(path, new)
        except OSError as error:
            return failed(error)
        return "renamed"

    @operation
    def link(self, input: str) -> str:
        """Makes a symbolic link: its path, a blank, its text."""
        path, _, text = input.partition(" ")
        try:
            os.symlink(text, path)
        except OSError as error:
            return failed(error)
        return "linked"

    @operation
    def readlink(self, path: str) -> str:
        """The text of a symbolic link, a blank, its size."""
        try:
            return f"{os.readlink(path)} {os.lstat(path).st_size}"
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

    @operation
    def fetch(self, url: str) -> str:
        """The body of what a server of HTTP gives."""
        try:
            with urllib.request.urlopen(url) as response:
                return str(response.read().decode())
        except urllib.error.URLError as error:
            return failed(error.reason) if isinstance(error.reason, OSError) else str(error)

    @operation
    def parse_time(self, text: str) -> str:
        """A time that is written as in ISO 8601, read in two ways of the standard library."""
        parsed = time.strptime(text, "%Y-%m-%d")
        return f"{parsed.tm_yday} {datetime.datetime.strptime(text, '%Y-%m-%d').strftime('%A')}"

    @operation
    def encode(self, codec: str) -> str:
        """A word with a letter outside of ASCII, in a codec and back again."""
        word = "héllo"
        try:
            encoded = word.encode(codec)
            return f"{encoded.hex()} {codecs.decode(encoded, codec)}"
        except (LookupError, UnicodeError) as error:
            return f"{type(error).__name__}: {error}"

    @operation
    def describe(self) -> str:
        """What modules say that import others when they are asked."""
        return f"{platform.system()} {platform.python_version()} {len(str(10**5000 // 7)) if digits() else 0}"

    @operation
    def arguments(self) -> str:
        """What the program was started with, and what a parser of arguments makes of it."""
        parser = argparse.ArgumentParser()
        parser.add_argument("--count", type=int, default=3)
        return f"{sys.argv} {parser.prog} {parser.parse_args().count}"

    @operation
    def load(self, name: str) -> str:
        """A module by its name, which is known only now."""
        try:
            return importlib.import_module(name).__name__
        except ImportError as error:
            return f"{type(error).__name__} {error.name}: {error}"

    @operation
    def late(self) -> str:
        """A module that is imported here and nowhere else."""
        import colorsys
        import json.tool
        from xml.dom import minidom

        document = minidom.parseString("<a><b/></a>")
        return f"{colorsys.rgb_to_hsv(1, 0, 0)} {json.tool.__name__} {document.toxml()}"


def digits() -> bool:
    """Lets numbers become text whatever their length."""
    sys.set_int_max_str_digits(0)
    return True


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
