"""Lists of people as offices have them: every line is an entry or a fault with its number, whatever the bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.rolls.documents import identity_of
from voting.rolls.reading import Entry, Fault, Unreadable, read


def lines(content):
    return list(read(content).lines)


def fault(row, head="email,documento,distrito,referencia,peso"):
    [found] = lines(f"{head}\n{row}\n")
    assert isinstance(found, Fault), found
    assert found.line == 2
    return found.code


def test_commas_semicolons_and_tabs_and_headings_in_any_spelling():
    wanted = [Entry(2, "ana@example.org", "dni:12345678", "Norte", "A-7", 1)]
    for sign in ",;\t":
        head = sign.join(["Correo electrónico", "N.º de DOCUMENTO", "Distrito", "Legajo", "Peso"])
        row = sign.join(["Ana@Example.org ", "12.345.678", "Norte", "A-7", "1"])
        assert lines(f"{head}\r\n{row}\r\n") == wanted


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("latin-1", "latin-1"), ("utf-16", "utf-16")]
)
def test_the_encodings_that_are_met(encoding, told):
    listing = read("correo;barrio\nana@example.org;Ñuñoa é\n".encode(encoding))
    assert listing.encoding == told
    assert next(listing.lines).district == "Ñuñoa é"


def test_a_bare_list_needs_no_headings():
    found = lines("ana@example.org\n\n20-12345678-6\nnadie\n")
    assert found == [
        Entry(1, "ana@example.org"),
        Entry(3, document="dni:12345678"),
        Fault(4, "bad_document"),
    ]


def test_the_same_person_has_one_identity_by_dni_and_by_cuil():
    assert identity_of("20-12345678-6") == identity_of("12.345.678") == identity_of("012345678"[1:])
    assert identity_of("20-12345678-5") is None  # the check digit
    assert identity_of("١٢٣٤٥٦٧٨") is None


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("ana,,,,", "bad_email"),
        ("ana@localhost,,,,", "bad_email"),
        (",123,,,", "bad_document"),
        (",20-12345678-5,,,", "bad_document"),
        (",,Norte,,", "nobody"),
        ("=HYPERLINK(1),,,,", "formula"),
        ("ana@example.org,,+1,,", "formula"),
        ("ana@example.org,,@SUM(A1),,", "formula"),
        ("ana@example.org,,a\x00b,,", "control_character"),
        ('ana@example.org,,"Norte\n,12.345.678",,', "line_break"),
        ("ana@example.org,,Norte\u2028Sur,,", "line_break"),
        (f"ana@example.org,,{'x' * 81},,", "too_long"),
        ("ana@example.org,,,12.345.678,", "number_in_reference"),
        ("ana@example.org,,,,0", "bad_weight"),
        ("ana@example.org,,,,1e3", "bad_weight"),
        ("ana@example.org,,,,1.00001", "fraction_weight"),
        ("ana@example.org,,,,1.000", "bad_weight"),
        ("ana@example.org,,,,1,otra", "too_many_cells"),
    ],
)
def test_what_is_wrong_with_a_line_is_told(row, code):
    assert fault(row) == code


def test_a_weight_is_a_whole_number_and_a_fraction_is_told():
    read = list(lines("email;peso\na@example.org;3\nb@example.org;2,0\nc@example.org;1.5\n"))
    assert [entry.weight for entry in read[:2]] == [3, 2]
    assert read[2] == Fault(4, "fraction_weight")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"email\0\n", "not_csv"),
        (b"nombre;apellido\nAna;Paz\n", "no_column"),
        (b"email;correo\na;b\n", "column_twice"),
    ],
)
def test_what_is_no_list_of_people_is_refused_whole(content, code):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.code == code


def test_headings_that_mean_nothing_are_named_but_never_one_that_may_be_a_number():
    assert read("email,Apellido,12345678\nana@example.org,Paz,1\n").ignored == ["Apellido", "…"]


def test_a_quotation_mark_that_is_never_closed_ends_the_list_with_a_fault():
    found = lines('email\nana@example.org\n"' + "x\n" * 100_000)
    assert found[0] == Entry(2, "ana@example.org")
    assert found[-1].code in {"unreadable_rest", "control_character", "too_long"}


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: "email;dni\n" + text)))
def test_whatever_comes_is_read_or_refused_and_no_fault_repeats_what_stood_there(content):
    try:
        listing = read(content)
    except Unreadable:
        return
    for line in listing.lines:
        assert isinstance(line, Entry | Fault)
        if isinstance(line, Entry):
            assert line.email or line.document
            assert line.email is None or line.email == line.email.lower()
            assert line.weight > 0
        else:
            assert line.code.islower()


people = st.builds(
    lambda name, number, district: (f"{name}@example.org", str(number), district),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12),
    st.integers(1_000_000, 99_999_999),
    st.text("abcdeñÑáé \"';,", max_size=20),
)


@given(st.lists(people, max_size=20), st.sampled_from(",;\t"), st.sampled_from(["utf-8", "latin-1"]))
def test_what_a_spreadsheet_writes_is_read_back(rows, delimiter, encoding):
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["email", "documento", "distrito"])
    writer.writerows(rows)
    found = lines(out.getvalue().encode(encoding))
    assert [(e.email, e.document, e.district) for e in found] == [
        (email, f"dni:{number}", district.strip()) for email, number, district in rows
    ]
