"""The package covers the contract, documents all of it, and can be imported without a host."""

from __future__ import annotations

import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from wit_world import exports
from wit_world import imports as generated

import airssys_wasm
from airssys_wasm import (
    component_lifecycle,
    connections,
    directories,
    errors,
    files,
    filesystem_types,
    host_services,
    network_types,
    paths,
    process_types,
    processes,
    signals,
    stdio,
    tcp,
    testing,
    types,
    udp,
)

SDK = Path(__file__).resolve().parent.parent
WIT = SDK.parent / "wit" / "deps"
MODULES = [
    airssys_wasm,
    component_lifecycle,
    connections,
    directories,
    errors,
    files,
    filesystem_types,
    host_services,
    network_types,
    paths,
    process_types,
    processes,
    signals,
    stdio,
    tcp,
    testing,
    types,
    udp,
]
# Where a method of the contract has another name, because the language has that name for something else.
RENAMED = {
    "file.read": "read_chunk",
    "file.seek": "seek_to",
    "directory-cursor.next": "next_page",
    "tcp-stream.read": "read_chunk",
    "connection-pool.constructor": "__init__",
}


def operations(file: str) -> list[str]:
    """The operations of an interface, methods as `resource.method`, from the WIT itself."""
    found, resource = [], ""
    for line in (WIT / file).read_text().splitlines():
        if begins := re.match(r"  resource ([\w-]+) \{", line):
            resource = begins[1] + "."
        elif line == "  }":
            resource = ""
        elif function := re.match(r"\s+%?([\w-]+): func\(", line) or re.match(r"\s+(constructor)\(", line):
            found.append(resource + function[1])
    return found


@pytest.mark.parametrize(
    ("module", "file", "count"),
    [
        (component_lifecycle, "core/component-lifecycle.wit", 7),
        (host_services, "core/host-services.wit", 8),
        (files, "ext-filesystem/files.wit", 17),
        (directories, "ext-filesystem/directories.wit", 9),
        (paths, "ext-filesystem/paths.wit", 10),
        (tcp, "ext-network/tcp.wit", 16),
        (udp, "ext-network/udp.wit", 10),
        (connections, "ext-network/connections.wit", 6),
        (processes, "ext-process/processes.wit", 15),
        (stdio, "ext-process/stdio.wit", 7),
        (signals, "ext-process/signals.wit", 10),
    ],
)
def test_every_operation_is_there_and_documented(module: ModuleType, file: str, count: int) -> None:
    names = operations(file)
    assert len(names) == count
    for name in names:
        resource, _, method = name.rpartition(".")
        owner: Any = module
        if resource:
            owner = getattr(module, "".join(part.capitalize() for part in resource.split("-")))
        elif module is component_lifecycle:
            owner = component_lifecycle.Component
        function = getattr(owner, RENAMED.get(name, method.replace("-", "_")))
        assert function.__doc__, name
        if owner is module:
            assert "Permission: " in function.__doc__, name


def test_the_typings_have_every_operation_of_the_contract() -> None:
    for file in sorted(WIT.rglob("*.wit")):
        interface = file.stem.replace("-", "_")
        if file.stem == "types" or not operations(str(file.relative_to(WIT))):
            continue
        if interface == "component_lifecycle":
            names = set(vars(exports.ComponentLifecycle))
        else:
            module = pkgutil.resolve_name(f"{generated.__name__}.{interface}")
            names = {name for value in [module, *vars(module).values()] for name in dir(value)}
        wanted = {
            name.rpartition(".")[2].replace("-", "_").replace("constructor", "__init__")
            for name in operations(str(file.relative_to(WIT)))
        }
        assert wanted - names == set(), file


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_public_name_is_documented(module: ModuleType) -> None:
    assert module.__doc__
    # What is no class has its words where it is made, which for types that interfaces share is another module.
    source = "".join(map(inspect.getsource, [module, network_types, process_types]))
    for name in module.__all__:
        value = getattr(module, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert value.__doc__, name
            # A dataclass without words gets its signature for them.
            assert not value.__doc__.startswith(f"{name}("), name
        elif not isinstance(value, ModuleType) and module not in (airssys_wasm, testing):
            assert re.search(rf'^{name}\b.*\n"""', source, re.MULTILINE), name


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_public_name_is_a_generated_one(module: ModuleType) -> None:
    for name in module.__all__:
        value = getattr(module, name)
        assert not getattr(value, "__module__", "").startswith(("wit_world", "componentize_py")), name


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Runs a program in a Python that has no host."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(SDK / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_host_everything_can_be_imported_and_operations_tested() -> None:
    result = run(
        "from airssys_wasm import *; from airssys_wasm import files, directories, paths\n"
        "from airssys_wasm import tcp, udp, connections, processes, stdio, signals\n"
        "@component(name='a/b', version='1.0.0')\n"
        "class Hello(Component):\n"
        "    @operation\n"
        "    def greet(self, name: str) -> str: return f'Hello, {name}!'\n"
        "print(Hello().greet('World'))\n"
        "print(Hello().execute('greet', b'you', ExecutionContext('r', HostCaller())).decode())\n"
    )
    assert (result.stdout, result.stderr) == ("Hello, World!\nHello, you!\n", "")


def test_without_a_host_a_call_says_what_is_missing() -> None:
    result = run("from airssys_wasm import files; files.read_file('/data/a')")
    assert result.returncode == 1
    assert "RuntimeError: files.read_file needs a host" in result.stderr


def test_an_interface_that_the_world_lacks_is_named(tmp_path: Path) -> None:
    imports = tmp_path / "wit_world" / "imports"
    imports.mkdir(parents=True)
    for present in ("core_types", "host_services"):
        (imports / f"{present}.py").touch()
    result = run(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from airssys_wasm import paths")
    assert result.returncode == 1
    assert "ImportError: the world of this component does not have filesystem-types" in result.stderr


def test_the_typings_are_what_the_contract_gives() -> None:
    script = SDK / "scripts" / "generate_typings.py"
    result = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
