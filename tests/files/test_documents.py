"""What a document is, by its content; and names that can be shown anywhere."""

import pytest

from accounts.files.documents import KINDS, cleaned_name, kind_of
from accounts.refusals import InvalidInput
from tests.factories.files import OFFICE, PDF, archive, office_bytes, open_document_bytes

SHEET = "spreadsheetml.sheet"


def name_only(value: object) -> str:
    """Of the name and the content of a file, what a test is called by."""
    return value if isinstance(value, str) else "content"


@pytest.mark.parametrize(
    ("name", "content", "suffix"),
    [
        ("plan.pdf", PDF, "pdf"),
        ("PLAN.PDF", PDF, "pdf"),
        ("acta.docx", office_bytes(), "docx"),
        ("gastos.xlsx", office_bytes(SHEET), "xlsx"),
        ("acta.odt", open_document_bytes(), "odt"),
        ("gastos.ods", open_document_bytes("spreadsheet"), "ods"),
        ("gastos.csv", "calle;monto\nÑandú;12\n".encode(), "csv"),
        ("de-excel.csv", "calle;monto\nÑandú;12\n".encode("cp1252"), "csv"),
        ("leeme.txt", b"Hola.\r\n", "txt"),
        ("foto.jpeg", b"whatever", "jpg"),
    ],
    ids=name_only,
)
def test_a_file_that_is_what_its_name_says_is_taken(name, content, suffix):
    assert kind_of(name, content).suffix == suffix


@pytest.mark.parametrize(
    "name", ["a.exe", "a.html", "a.svg", "a.docm", "a.xlsm", "a.zip", "a.pdf.exe", "a.js", "a", "", "pdf"]
)
def test_other_kinds_are_refused_with_the_list_of_what_is_taken(name):
    with pytest.raises(InvalidInput) as refusal:
        kind_of(name, PDF, field="file")
    assert (refusal.value.code, refusal.value.field) == ("kind_not_taken", "file")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", b"<html><script>alert(1)</script>"),
        ("plan.pdf", b"\n%PDF-1.7"),  # a reader that searches for the head would find one; browsers look at the first
        ("plan.pdf", PDF + archive({"run.exe": "MZ"})),  # two things at once
        ("plan.docx", PDF),
        ("plan.docx", office_bytes(SHEET)),
        ("plan.docx", office_bytes(**{"word/vbaProject.bin": b"\xd0\xcf"})),
        ("plan.docx", archive({"[Content_Types].xml": f'"{OFFICE}.wordprocessingml.document.macroEnabled"'})),
        ("plan.docx", archive({"a.txt": "only a zip"})),
        ("plan.docx", office_bytes()[:60]),
        ("plan.docx", b"MZ" + office_bytes()),  # a program that carries a document
        ("plan.odt", open_document_bytes("spreadsheet")),
        ("plan.odt", archive({"mimetype": "application/vnd.oasis.opendocument.text", "Basic/a.xml": "x"})),
        ("plan.txt", b"MZ\x90\x00\x03\x00"),
        ("plan.csv", b"a,b\x00c"),
        ("plan.xlsx", archive({f"{n}": "" for n in range(5_001)})),
    ],
    ids=name_only,
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name, content):
    with pytest.raises(InvalidInput) as refusal:
        kind_of(name, content)
    assert refusal.value.code == "content_differs"
    assert name.rpartition(".")[2].upper() in str(refusal.value.sentence)


def test_a_part_that_unpacks_to_a_gigabyte_is_read_only_at_its_beginning():
    bomb = archive({"[Content_Types].xml": b"\0" * 200_000_000})
    assert len(bomb) < 1_000_000
    with pytest.raises(InvalidInput):
        kind_of("plan.docx", bomb)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Plan de obra.pdf", "Plan de obra.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\rosa\\plan.PDF", "plan.pdf"),
        ("plan\u202efdp.exe.pdf", "planfdp.exe.pdf"),
        ('a"b<c>|d?.pdf', "abcd.pdf"),
        ("línea\r\nSet-Cookie: a=b.pdf", "líneaSet-Cookie a=b.pdf"),
        (".pdf", "pdf.pdf"),
        ("...", "archivo.pdf"),
        ("", "archivo.pdf"),
        ("x" * 500 + ".pdf", "x" * 100 + ".pdf"),
        ("n\u0303andu\u0301.pdf", "ñandú.pdf"),
    ],
)
def test_a_name_can_be_shown_and_saved_anywhere(name, cleaned):
    assert cleaned_name(name, "pdf") == cleaned


def test_every_kind_says_what_it_is():
    assert all(str(kind.label) and "/" in kind.content_type for kind in KINDS.values())
