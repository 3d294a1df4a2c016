"""Finds out what a Python component is made of, before the long part of the build begins.

The author's own interpreter runs it, without their project on its path: it knows where their packages are, also those
that an editable install finds with a hook. What it gets and gives is JSON, as an argument and on standard output.
"""

import ast
import importlib.machinery
import importlib.util
import json
import os
import re
import sys
import sysconfig
import tokenize

# The Python that is put into a component.
GUEST = (3, 14)


def main(request):
    if request["site"]:
        import site

        site.addsitedir(request["site"])
    project = Project(request["source"], [request["folder"], *request["libraries"]])
    project.read()
    search = environment()
    packages, unsupported = {}, {}
    for name in sorted(project.names | editable(search)):
        if name not in sys.stdlib_module_names and not project.has(name):
            locate(name, search, packages, unsupported)
    folders = {os.path.dirname(file) for file in project.files} | set(search)
    return {
        "error": project.error,
        "strange": next((name for folder in sorted(folders) if (name := strange_name(folder))), None),
        "data": sorted(project.data),
        "search": search,
        "packages": packages,
        "unsupported": unsupported,
    }


class Project:
    """The author's own modules, as far as the program imports them."""

    def __init__(self, source, folders):
        self.source = source
        self.folders = folders
        self.files = set()
        self.data = set()
        self.names = set()
        self.error = None

    def has(self, name):
        """Says whether a module is one of the project's own."""
        return any(
            os.path.isfile(os.path.join(folder, name + ".py"))
            or os.path.isfile(os.path.join(folder, name, "__init__.py"))
            for folder in self.folders
        )

    def read(self):
        """Reads the program and what it imports, until there is nothing new."""
        name = os.path.splitext(os.path.basename(self.source))[0]
        waiting = [(self.source, name, False)]
        while waiting and self.error is None:
            file, name, is_package = waiting.pop()
            if file not in self.files:
                self.files.add(file)
                tree = self.parse(file)
                if tree is None:
                    continue
                self.data |= named_files(tree, os.path.dirname(file))
                for wanted in imports(tree, name, is_package):
                    self.names.add(wanted.partition(".")[0])
                    waiting += self.files_of(wanted)

    def parse(self, file):
        """Gives the tree of a file, or notes what is wrong with it."""
        try:
            with tokenize.open(file) as opened:
                text = opened.read()
            tree = ast.parse(text, file)
            # What is wrong beyond the grammar, such as a return outside of a function.
            compile(tree, file, "exec", dont_inherit=True)
            return tree
        except SyntaxError as error:
            if not may_be_newer(error, file):
                line = (error.text or "").strip()
                problem = f"{self.shown(file)}:{error.lineno or 1}: {error.msg}"
                self.error = problem + (": " + line if line else "")
        except UnicodeDecodeError as error:
            self.error = f"{self.shown(file)}: is not UTF-8 (byte {error.start})"
        except ValueError as error:
            self.error = f"{self.shown(file)}: {error}"
        except (OSError, RecursionError, MemoryError):
            # Whoever imports it will say so.
            pass
        return None

    def shown(self, file):
        """Gives the name of a file as the author would write it."""
        for folder in self.folders[:1]:
            if file.startswith(folder + os.sep):
                return file[len(folder) + 1 :]
        return file

    def files_of(self, wanted):
        """Gives the files of a module and of the packages around it, if they are the project's own."""
        found = []
        parts = wanted.split(".")
        for folder in self.folders:
            place = folder
            for number, part in enumerate(parts, 1):
                place = os.path.join(place, part)
                name = ".".join(parts[:number])
                package = os.path.join(place, "__init__.py")
                if os.path.isfile(package):
                    found.append((package, name, True))
                elif os.path.isfile(place + ".py"):
                    found.append((place + ".py", name, False))
                    break
                elif not os.path.isdir(place):
                    break
            if found:
                return found
        return found


def imports(tree, name, is_package):
    """Gives the whole names of what a file imports, anywhere in it. Members are given, too: they may be modules."""
    package = name if is_package else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: package.count(".") + 2 - node.level] if package else []
                base = ".".join([*above, *filter(None, [base])])
            if base:
                yield base
                yield from (base + "." + alias.name for alias in node.names if alias.name != "*")


# A text of a program that is longer is no name of a file, and a program with more texts is a table.
LONGEST_NAME = 255
MOST_NAMES = 4096


def named_files(tree, folder):
    """Gives the files beside a module that it names: what it reads while it is imported is in the component."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    names = sorted({text for text in texts if 0 < len(text) <= LONGEST_NAME and text.isprintable()})[:MOST_NAMES]
    names = [name for name in names if not os.path.isabs(name) and ".." not in name.split("/")]
    folders = [folder, *(place for name in names if os.path.isdir(place := os.path.join(folder, name)))]
    files = (os.path.normpath(os.path.join(place, name)) for place in folders for name in names)
    return {file for file in files if not file.endswith((".py", ".pyc")) and os.path.isfile(file)}


NEWER = re.compile(
    r"""(?ix) \b [fbrut]{0,2} [ft] [fbrut]{0,2} ["']     # strings with expressions may nest since 3.12
    | ^\s* type \s                                        # since 3.12
    | \b (def|class) \s+ \w+ \s* \[                       # since 3.12
    | \b except \b                                        # without parentheses since 3.14
    | \[ .* \*"""
)


def may_be_newer(error, file):
    """Says whether an error may be none to the Python in the component, which is newer than this one.

    Then the build goes on, and that Python is the one to tell.
    """
    if sys.version_info[:2] >= GUEST:
        return False
    try:
        with tokenize.open(file) as opened:
            lines = opened.read().splitlines()
    except (OSError, SyntaxError, ValueError):
        return False
    first = max((error.lineno or 1) - 1, 0)
    last = max(error.end_lineno or 0, first + 1) if hasattr(error, "end_lineno") else first + 1
    # What is never closed may end within a newer form that comes later.
    if "never closed" in (error.msg or "") or "unterminated" in (error.msg or ""):
        last = len(lines)
    return any(NEWER.search(line) for line in lines[first:last])


def environment():
    """Gives the folders in which packages are found, without those of the standard library."""
    own = {os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}
    found = []
    for entry in sys.path:
        path = os.path.realpath(entry) if entry else ""
        if not path or path in own or path in found or any(path == os.path.join(place, "lib-dynload") for place in own):
            continue
        if os.path.isdir(path):
            found.append(path)
    return found


def strange_name(folder):
    """Gives the name of a file in a folder, if one is not UTF-8: componentize-py cannot list such a folder."""
    try:
        names = os.listdir(os.fsencode(folder))
    except OSError:
        return None
    for name in names:
        try:
            name.decode()
        except UnicodeDecodeError:
            return os.path.join(folder, name.decode(errors="backslashreplace"))
    return None


def editable(search):
    """Gives the names of modules that are installed as links to a folder of the author's."""
    names = set()
    for name, module in list(sys.modules.items()):
        mapping = getattr(module, "MAPPING", None)
        if name.startswith("__editable__") and isinstance(mapping, dict):
            names.update(mapping)
            names.update(getattr(module, "NAMESPACES", None) or ())
    try:
        from importlib.metadata import distributions

        for distribution in distributions(path=search):
            link = distribution.read_text("direct_url.json")
            if link and json.loads(link).get("dir_info", {}).get("editable"):
                names.update((distribution.read_text("top_level.txt") or "").split())
    except Exception as error:  # What others have installed may be broken, and names are only found sooner with it.
        print(f"failed to look for editable installs: {error}", file=sys.stderr)
    return names


def locate(name, search, packages, unsupported):
    """Notes where a module is that is not simply in a folder of `search`, or why it cannot be taken from there."""
    if any(os.path.isdir(os.path.join(folder, *name.split("."))) for folder in search):
        return
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, AttributeError, ValueError):
        return
    if spec is None:
        return
    loader = spec.loader
    if isinstance(loader, importlib.machinery.ExtensionFileLoader):
        unsupported[name] = f"is native code of this machine ({spec.origin}), and a component is WebAssembly"
    elif type(loader).__name__ == "zipimporter":
        unsupported[name] = f"is in an archive ({spec.origin}): install its package, which unpacks it"
    elif spec.origin and spec.origin.endswith(".py") and os.path.isfile(spec.origin):
        file = os.path.realpath(spec.origin)
        if os.path.dirname(file) not in search:
            folders = [os.path.realpath(folder) for folder in spec.submodule_search_locations or []]
            packages[name] = {"file": file, "folders": folders if spec.submodule_search_locations is not None else None}
    elif loader is None or type(loader).__name__ in ("NamespaceLoader", "_NamespaceLoader"):
        folders = [
            os.path.realpath(folder) for folder in spec.submodule_search_locations or [] if os.path.isdir(folder)
        ]
        packages[name] = {"file": None, "folders": folders}
    elif spec.origin not in ("built-in", "frozen"):
        unsupported[name] = f"is found by {type(loader).__name__}, which does not say of which file it is made"


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
