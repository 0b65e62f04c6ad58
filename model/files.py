"""Reading TOML files by name or path; writing files whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import GlasshouseError, nearest, shown
from .limits import MOST_TEXT, tables

BUILT_IN = Path(__file__).parent / "scenarios"


def read_toml(
    source: str | Path, built_in: Path, kind: str, fault: type[GlasshouseError]
) -> tuple[Path, dict[str, Any]]:
    """Path and tables of a built-in TOML file, by name, or of any other, by path.

    Parameters
    ----------
    source
        Name, or path that ends in `.toml`.
    built_in
        Folder of the built-in ones.
    kind
        What they are, for the message.
    fault
        Error to raise where there is none, or it cannot be read.
    """
    path = Path(source)
    if path.suffix != ".toml":
        known = [file.stem for file in sorted(built_in.glob("*.toml"))]
        path = built_in / f"{source}.toml"
        if str(source) not in known:
            name, remedy = shown(str(source)), nearest(str(source), known)
            raise fault(f"no {kind} is called {name}; {remedy}, or give the path of a .toml file")
    return path, read_tables(path, fault)


def read_tables(path: Path, fault: type[GlasshouseError]) -> dict[str, Any]:
    """Tables of a TOML file.

    Raises
    ------
    GlasshouseError
        Of the class `fault`, if it is no regular file, too large, or cannot be read.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise fault(f"{path}: there is no such file; it is a folder or a device")
        if about.st_size > MOST_TEXT:
            raise fault(f"{path}: has {about.st_size:,} bytes; give a file of at most {MOST_TEXT:,}")
        return tables(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise fault(f"{path}: there is no such file") from None
    except GlasshouseError as error:
        raise error if isinstance(error, fault) else fault(f"{path}: {error}") from None
    # Not every fault that the parser finds is of its own class: a date that does not exist is a ValueError.
    except (OSError, ValueError) as error:
        raise fault(f"{path}: cannot be read as TOML: {error}") from error


def titles(built_in: Path) -> dict[str, str]:
    """Title of every TOML file in a folder, by name."""
    found = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(built_in.glob("*.toml"))}
    return {name: data["title"] for name, data in found.items()}


def scenarios() -> dict[str, str]:
    """One-line description of every built-in scenario, by name."""
    return titles(BUILT_IN)


def refuse_overwriting(out: Path, *inputs: str | Path | None, fault: type[GlasshouseError] = GlasshouseError) -> None:
    """Refuse to write to a file that is read, by whatever path or link it is named.

    Parameters
    ----------
    out
        File to write.
    inputs
        Files that are read; empty ones and those that are not there do not count.
    fault
        Error to raise.
    """
    for given in filter(None, inputs):
        try:
            same = out.samefile(given)
        except (OSError, ValueError):  # one of them is not there, or no path at all
            same = out.absolute() == Path(given).absolute()
        if same:
            raise fault(f"{out}: is the same file as {given}, which is read; give another file to write")


@contextmanager
def written_whole(path: Path) -> Generator[Path]:
    """Path of a temporary file that replaces `path` when the block ends well, and vanishes when it does not."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
