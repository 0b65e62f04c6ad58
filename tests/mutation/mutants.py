"""Makes mutants: a source file with one small fault, such as a wrong sign, at a place that the syntax tree gives."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

FOLDERS = ("agents/rules", "agents/institutions", "model/measures")
FILES = ("agents/conditions.py", "agents/sensing.py", "agents/sight.py", "agents/groups.py")

SIGNS = {ast.Add: "-", ast.Sub: "+"}
FACTORS = {ast.Mult: "/", ast.Div: "*"}
TURNED = {ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<"}


COMMUTATIVE = ("min", "max", "np.minimum", "np.maximum", "either")
"""Functions whose first two arguments may change places."""

COMMUTING = "swapped arguments that commute"
"""Kind of what is no fault; it is left out."""


@dataclass(frozen=True)
class Mutant:
    """A fault.

    Attributes
    ----------
    file
        Path below the repository's root.
    line
        Where it is.
    kind
        What was done.
    before, after
        The piece of source without and with it.
    start, end
        Offsets of the piece in the file.
    """

    file: str
    line: int
    kind: str
    before: str
    after: str
    start: int
    end: int

    @property
    def function(self) -> ast.FunctionDef:
        """The outermost function that the fault is in."""
        tree = ast.parse((ROOT / self.file).read_text("utf-8"))
        around = [
            node for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.lineno <= self.line <= (node.end_lineno or 0)
        ]  # fmt: skip
        return around[0]

    @property
    def compiled(self) -> bool:
        """Whether the fault is in a compiled function."""
        return any(ast.unparse(decorator) == "compiled" for decorator in self.function.decorator_list)

    def source(self) -> str:
        """The whole file with the fault."""
        text = (ROOT / self.file).read_text("utf-8")
        return text[: self.start] + self.after + text[self.end :]


def files() -> list[str]:
    """Files that are mutated, below the root."""
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.py"))]
    return [path.relative_to(ROOT).as_posix() for path in found if path.name != "__init__.py"] + list(FILES)


def of_file(file: str) -> list[Mutant]:
    """Every mutant of a file, in the order of its source."""
    text = (ROOT / file).read_text("utf-8")
    lines = [0]
    for line in text.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))

    def place(node: ast.expr, end: bool = False) -> int:
        line, column = (node.end_lineno, node.end_col_offset) if end else (node.lineno, node.col_offset)
        assert line is not None and column is not None
        # Columns count bytes.
        return lines[line - 1] + len(text[lines[line - 1] :].encode()[:column].decode(errors="ignore"))

    tree, found = ast.parse(text), []
    for node in _acting(tree):
        for kind, begin, finish, after in _faults(node, text, place):
            before = text[begin:finish]
            if before != after:
                found.append(Mutant(file, node.lineno, kind, before, after, begin, finish))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.kind))


def _acting(tree: ast.AST) -> Iterator[ast.expr]:
    """Expressions within functions: what a module, a class or a signature says is declared, and tested as such."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    seen: set[int] = set()
    for function in functions:
        for statement in function.body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue
            for node in ast.walk(statement):
                if isinstance(node, ast.expr) and id(node) not in seen:
                    seen.add(id(node))
                    yield node


def _faults(node: ast.expr, text: str, place) -> Iterator[tuple[str, int, int, str]]:
    """Kind, ends and new text of every fault at an expression."""
    match node:
        case ast.BinOp(left, operator, right) if type(operator) in SIGNS | FACTORS:
            kind = "sign" if type(operator) in SIGNS else "factor"
            other = (SIGNS | FACTORS)[type(operator)]
            between = place(left, end=True), place(right)
            said = text[between[0] : between[1]]
            symbol = {"-": "+", "+": "-", "/": "*", "*": "/"}[other]
            if said.count(symbol) == 1:
                yield kind, *between, said.replace(symbol, other)
            yield "dropped term", place(node), place(node, end=True), f"({text[place(left) : place(left, end=True)]})"
        case ast.Compare(left, [operator], [right]) if type(operator) in TURNED:
            between = place(left, end=True), place(right)
            yield "turned comparison", *between, f" {TURNED[type(operator)]} "
        case ast.Subscript(slice=ast.Tuple(elts=[first, second])) if isinstance(first, ast.Name) and isinstance(
            second, ast.Name
        ):
            yield "swapped index", place(first), place(second, end=True), f"{second.id}, {first.id}"
        case ast.Call(func, [first, second, *_]) if not any(isinstance(a, ast.Starred) for a in (first, second)):
            a, b = (text[place(each) : place(each, end=True)] for each in (first, second))
            between = text[place(first, end=True) : place(second)]
            kind = COMMUTING if ast.unparse(func) in COMMUTATIVE else "swapped arguments"
            yield kind, place(first), place(second, end=True), f"{b}{between}{a}"
        case ast.Constant(value) if type(value) is float or (type(value) is int and value > 1):
            yield "constant", place(node), place(node, end=True), repr(value * 2)
        case ast.UnaryOp(ast.USub(), operand):
            yield "sign", place(node), place(node, end=True), text[place(operand) : place(operand, end=True)]
        case ast.UnaryOp(ast.Not(), operand):
            yield "negation", place(node), place(node, end=True), f"({text[place(operand) : place(operand, end=True)]})"


def chosen(count: int, seed: int = 1) -> list[Mutant]:
    """So many mutants at most, spread over files by how many each could have, the same for the same seed."""
    draw = random.Random(seed)
    every = [mutant for file in files() for mutant in of_file(file)]
    faults = [mutant for mutant in draw.sample(every, min(count, len(every))) if mutant.kind != COMMUTING]
    return sorted(faults, key=lambda mutant: (mutant.file, mutant.start))
