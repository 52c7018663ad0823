"""``manage.py where /consultations/x/``: the code behind an address: page, template, permissions and tests."""

import inspect
import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import Resolver404, ResolverMatch, resolve

TEMPLATE = re.compile(r'"([\w/]+\.(?:html|txt))"')
PERMISSION = re.compile(r'(?:require|why_not|has_perm)\([^"()]*(?:\([^()]*\))?[^"()]*"([a-z_]+\.[\w{}]+)"')
CALL = re.compile(r"\b([a-z_][\w.]*)\(")


class Command(BaseCommand):
    help = "Print the page, template, permissions and tests behind an address, like /consultations/x/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            match = resolve(urlsplit(options["address"]).path)
        except Resolver404 as fault:
            raise CommandError(f"Nothing answers {options['address']}.") from fault
        for label, found in describe(match):
            self.stdout.write(f"{label:<12} {found}")


def describe(match: ResolverMatch) -> Iterator[tuple[str, str]]:
    """Lines to print: a label and what was found. What a page reaches is read from its source, three calls deep."""
    yield "name", match.view_name or "-"
    pages = list(pages_of(match))
    for label, page in pages:
        yield label, f"{place_of(page)} {page.__qualname__}"
    for _, page in pages:
        if getattr(page, "template_name", None):
            yield "template", f"frontend/templates/{page.template_name}"  # type: ignore[attr-defined]
    sources = [inspect.getsource(reached) for _, page in pages for reached in reached_from(page)]
    for label, pattern in [("template", TEMPLATE), ("permission", PERMISSION)]:
        for found in sorted({found for source in sources for found in pattern.findall(source)}):
            yield label, f"frontend/templates/{found}" if label == "template" else found
    if any("visible_to(" in source for source in sources):
        yield "permission", "visible_to: what the reader may not see is not found"
    for path in tests_of(match, pages):
        yield "test", path


def pages_of(match: ResolverMatch) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The function or class behind an address; for an API also the action of each HTTP method."""
    whole = getattr(match.func, "view_class", None) or getattr(match.func, "cls", None)
    yield "page", whole or inspect.unwrap(match.func)
    for method, name in (getattr(match.func, "actions", None) or {}).items():
        yield method, inspect.unwrap(getattr(whole, name))


def reached_from(function: Callable[..., Any], depth: int = 3) -> set[Callable[..., Any]]:
    """``function`` and those of our own that its source calls by name, and so on."""
    reached = {function}
    names = CALL.findall(inspect.getsource(function)) if depth else []
    for name in names:
        first, *rest = name.split(".")
        found = getattr(function, "__globals__", {}).get(first)
        for part in rest:
            found = getattr(found, part, None)
        called = inspect.unwrap(found) if callable(found) else None
        if inspect.isfunction(called) and is_ours(called) and called is not function:
            reached |= reached_from(called, depth - 1)
    return reached


def is_ours(found: Callable[..., Any]) -> bool:
    source = Path(inspect.getsourcefile(found) or "/")
    return source.is_relative_to(settings.BASE_DIR) and "site-packages" not in source.parts


def place_of(found: Callable[..., Any]) -> str:
    """File and line, as an editor takes it; the module where it is not ours."""
    source = Path(inspect.getsourcefile(found) or "?")
    shown = source.relative_to(settings.BASE_DIR) if is_ours(found) else found.__module__
    return f"{shown}:{inspect.getsourcelines(found)[1]}"


def tests_of(match: ResolverMatch, pages: list[tuple[str, Callable[..., Any]]]) -> Iterator[str]:
    """Test files that name the address, its name, or the verb and noun of its page; or are named after the page."""
    address = re.sub(r"<[^>]+>|\(\?P<.*?>.*?\)", r"[^/\\s]+", match.route.strip("^$").replace("\\Z", ""))
    names = [re.escape(page.__name__) for _, page in pages]
    mentions = [rf'"/{address}["?]', rf'"{re.escape(match.view_name or "-")}"']
    mentions += [rf"\b{name}\b" for name in names if "_" in name]
    for path in sorted((settings.BASE_DIR / "tests").rglob("test_*.py")):
        named_after = any(re.fullmatch(rf"test_{name}(_page)?", path.stem) for name in names)
        if named_after or re.search("|".join(mentions), path.read_text()):
            yield str(path.relative_to(settings.BASE_DIR))
