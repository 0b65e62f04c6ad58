"""Run the narratives and keep what their cells show: ``uv run python notebooks/run.py``.

Cells are run in this process, one notebook after the other, without Jupyter. Kept are what they print, the value of a
last expression as text, and figures as small pictures.
"""

from __future__ import annotations

import ast
import base64
import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import matplotlib as mpl

HERE = Path(__file__).parent
NOTEBOOKS = tuple(sorted(HERE.glob("*.ipynb")))


def evaluated(source: str, name: str, namespace: dict[str, Any]) -> Any:
    """Run a cell; the value of its last expression, None where it ends otherwise, or with a semicolon."""
    body = ast.parse(source, name).body
    shown = bool(body) and not source.rstrip().endswith(";")
    last = body.pop() if shown and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), name, "exec"), namespace)
    return eval(compile(ast.Expression(last.value), name, "eval"), namespace) if isinstance(last, ast.Expr) else None


def pictures() -> list[dict[str, Any]]:
    """The figures that a cell drew, as outputs; they are closed."""
    import matplotlib.pyplot as plt

    drawn: list[dict[str, Any]] = []
    for number in plt.get_fignums():
        file = io.BytesIO()
        plt.figure(number).savefig(file, format="png", dpi=72, metadata={"Software": None})
        data = base64.b64encode(file.getvalue()).decode("ascii")
        drawn.append({"output_type": "display_data", "metadata": {}, "data": {"image/png": data}})
        plt.close(number)
    return drawn


def run(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """Run all cells of a notebook and put their outputs into it; what its names stand for in the end."""
    mpl.use("agg")
    namespace: dict[str, Any] = {"__name__": "__main__"}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for count, cell in enumerate(code, 1):
        printed = io.StringIO()
        with redirect_stdout(printed):
            value = evaluated("".join(cell["source"]), f"{name}, cell {count}", namespace)
        lines = printed.getvalue().splitlines(keepends=True)
        outputs: list[dict[str, Any]] = [{"output_type": "stream", "name": "stdout", "text": lines}] if lines else []
        if value is not None:
            text = repr(value).splitlines(keepends=True)
            outputs.append({"output_type": "execute_result", "execution_count": count, "metadata": {},
                            "data": {"text/plain": text}})  # fmt: skip
        cell |= {"execution_count": count, "outputs": outputs + pictures()}
    return namespace


def main() -> None:
    """Run every notebook and write it anew."""
    for path in NOTEBOOKS:
        notebook = json.loads(path.read_text("utf-8"))
        run(notebook, path.name)
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
