"""Spanish is whole: every string of the source is in the catalogue, translated, with the same gaps to fill."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
ROOMS = ("accounts", "comments", "config", "consultations", "frontend", "voting")
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
LITERAL = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(_|n?gettext|n?pgettext)\(u?({LITERAL})(?:, *u?({LITERAL}))?")
GAP = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def strings_of_templates():
    for path in sorted((ROOT / "frontend" / "templates").rglob("*")):
        if path.suffix not in {".html", ".txt"}:
            continue
        for call, first, second in CALL.findall(templatize(path.read_text())):
            yield path, ast.literal_eval(second if "pgettext" in call else first)


def strings_of_python():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
                    argument = node.args[1 if node.func.id.startswith("pgettext") else 0]
                    if isinstance(argument, ast.Constant):
                        yield path, argument.value


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(Path(settings.LOCALE_PATHS[0], "es_AR", "LC_MESSAGES", "django.po")))


@pytest.mark.parametrize("strings", [strings_of_templates, strings_of_python])
def test_every_string_of_the_source_is_in_the_catalogue(catalogue, strings):
    known = {entry.msgid for entry in catalogue if not entry.obsolete}
    found = list(strings())
    missing = sorted({f"{path.relative_to(ROOT)}: {text!r}" for path, text in found if text not in known})

    assert len(found) > 50
    assert missing == []


def test_a_plural_is_written_where_it_is_asked_for():
    """There is no noop of it, so that one in a variable is in no catalogue, and nobody misses it."""
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("ngettext")
        if not all(isinstance(argument, ast.Constant) for argument in node.args[:2])
    ]

    assert hidden == []


def test_every_string_of_the_catalogue_is_translated(catalogue):
    missing = [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()]

    assert missing == []


def test_a_translation_has_the_gaps_of_what_it_translates(catalogue):
    """A gap that is missing or misspelled fails the page that fills it, in one language only."""
    wrong = []
    for entry in catalogue:
        source = entry.msgid_plural or entry.msgid
        for number, text in (entry.msgstr_plural or {1: entry.msgstr}).items():
            gaps, wanted = set(GAP.findall(text)), set(GAP.findall(source))
            if gaps != wanted and not (number == 0 and gaps < wanted):  # "one thing" need not fill its number in
                wrong.append((source, text))

    assert wrong == []


def test_nobody_is_addressed_as_usted_or_tu(catalogue):
    stiff = re.compile(r"\b(usted|ustedes|introduzca|ingrese|seleccione|haga|tienes|puedes|tú)\b|^Elige\b", re.I)

    assert [entry.msgstr for entry in catalogue if stiff.search(entry.msgstr)] == []


def test_no_string_stands_twice(catalogue):
    keys = [(entry.msgctxt, entry.msgid) for entry in catalogue]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []
