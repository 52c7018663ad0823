"""Every ``Reason`` in the code, read from the source: so that none is missed because nobody imports it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "comments", "config", "consultations", "voting")


@dataclass(frozen=True)
class Found:
    """``where``: module and code, "comments.revising too_late". ``sentence`` is empty where it is put together."""

    where: str
    sentence: str
    has_remedy: bool


def reasons() -> list[Found]:
    return [found for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) for found in _in(path)]


def _in(path: Path) -> Iterator[Found]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
            code, sentence = node.args[:2]
            if isinstance(code, ast.Constant):
                has_remedy = len(node.args) > 2 or any(keyword.arg == "remedy" for keyword in node.keywords)
                yield Found(f"{module} {code.value}", _text(sentence), has_remedy)


def _text(node: ast.expr) -> str:
    """The words in ``_("…")``."""
    is_marked = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    if is_marked and isinstance(node.args[0], ast.Constant):
        return str(node.args[0].value)
    return ""
