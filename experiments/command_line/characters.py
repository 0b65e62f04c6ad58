"""Plain characters in the place of those that an output's encoding does not know, such as cp1252 or ASCII."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata

HANDLER = "glasshouse.plain"

PLAIN = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "—": "-",
        "×": "x",
        "±": "+-",
        "·": "*",
        "≥": ">=",
        "≤": "<=",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "•": "*",
        **dict(zip("▁▂▃▄▅▆▇█░", "_.:-=+*##.", strict=False)),
        **dict.fromkeys("─━═╌", "-"),
        **dict.fromkeys("│┃║", "|"),
        **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
    }
)


def use_plain_characters() -> None:
    """Let what is printed never fail for its characters."""
    codecs.register_error(HANDLER, replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def replaced(error: UnicodeError) -> tuple[str, int]:
    """What stands for the characters that could not be encoded, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(plain_character, error.object[error.start : error.end])), error.end


def plain_character(character: str) -> str:
    """ASCII for a character: its likeness, its letter without marks, its Greek name, else a question mark."""
    if "\udc80" <= character <= "\udcff":  # a byte of a file's name that is no text
        return f"\\x{ord(character) - 0xDC00:02x}"
    likeness = character.translate(PLAIN)
    if not likeness.isascii():
        likeness = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    name = unicodedata.name(character, "")
    return likeness or (name.rsplit(" ", 1)[-1].lower() if name.startswith("GREEK ") else "?")
