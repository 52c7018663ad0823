"""Lists of people as offices have them: every line is an entry or a fault with its number, whatever the bytes."""

import pytest
from hypothesis import example, given
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


@pytest.mark.parametrize(
    ("cell", "document"),
    [
        ("33444555.0", "dni:33444555"),
        ('"33444555,0"', "dni:33444555"),
        ('"33.444.555,00"', "dni:33444555"),
        ('"33,444,555"', "dni:33444555"),
        ("3344455.0", "dni:3344455"),  # not 33444550, who is somebody else
        ("20123456786.0", "dni:12345678"),
        ("20-12.345.678-6", "dni:12345678"),
        ("20.12345678.6", "dni:12345678"),
        ("30500010912.0", "cuit:30500010912"),
        ("'12345678", "dni:12345678"),
        ('"=""12345678"""', "dni:12345678"),
        ("12\u00a0345\u00a0678", "dni:12345678"),
        ("\u200e12345678\u202c", "dni:12345678"),
        ("\u200b12345678", "dni:12345678"),
        ("20\u201312345678\u20116", "dni:12345678"),
        ("00012345678", "dni:12345678"),
        ("01234567", "dni:1234567"),
    ],
)
def test_a_number_is_understood_whichever_way_a_spreadsheet_has_written_it(cell, document):
    for head, row in (("documento", cell), ("documento,distrito", f"{cell},Norte")):
        [found] = lines(f"{head}\n{row}\n")
        assert isinstance(found, Entry), found
        assert found.document == document


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2.03E+10", "shortened_document"),
        ('"2,03E+10"', "shortened_document"),
        ("3e7", "shortened_document"),
        ("2.0123456786e10", "shortened_document"),
        ("12345.67", "bad_document"),  # 12345.670, taken for a quantity
        ("33444555.5", "bad_document"),
        ("334445.55", "bad_document"),
        ("33.444.55", "bad_document"),
        ("1.234567.8", "bad_document"),
        ("3450001091.2", "bad_document"),
        ("#N/D", "error_of_spreadsheet"),
        ("########", "error_of_spreadsheet"),
        ("#¡REF!", "error_of_spreadsheet"),
        ("Total", "total"),
        ("TOTALES: 2", "total"),
        ("'=1+1", "formula"),
        ('"=""=1+1"""', "formula"),
    ],
)
def test_what_a_spreadsheet_has_spoilt_is_told_and_is_nobodys_number(cell, code):
    assert fault(f"{cell},Norte", head="documento,distrito") == code
    assert fault(cell, head="documento") == code


def test_an_e_mail_as_a_spreadsheet_has_it_is_the_one_that_somebody_confirms():
    found = lines("email;distrito\nmailto:Ana@example.org;Villa\u00a0Luro\n'luz@example.org\u200b;\n")
    assert [(entry.email, entry.district) for entry in found] == [
        ("ana@example.org", "Villa Luro"),
        ("luz@example.org", ""),
    ]


@pytest.mark.parametrize("first", ["sep=;", "SEP=;\r", '"sep=;"', "\ufeffsep=;"])
def test_excels_own_first_line_says_what_parts_the_cells_and_counts_as_a_line(first):
    assert lines(f"{first}\ndni;a,b,c\n12345678;\n1;\n") == [
        Entry(3, document="dni:12345678"),
        Fault(4, "bad_document"),
    ]


def test_blank_lines_and_a_line_of_totals_hide_nobody():
    found = lines("dni;peso\n\n12345678;2\n;\n ; \n23456789;1\nTotal;3\n")
    assert found == [
        Entry(3, document="dni:12345678", weight=2),
        Entry(6, document="dni:23456789"),
        Fault(7, "total"),
    ]


@given(
    st.integers(1_000_000, 99_999_999),
    st.sampled_from(
        ["{}", "{}.0", "{},0", "{}.00", "{:,}", "{:,}.00", "'{}", '="{}"', "\u00a0{}\u00a0", "\ufeff{}", "0{}"]
    ),
)
def test_a_number_is_its_own_in_each_of_these_ways(number, form):
    assert read_alone(form.format(number)) == f"dni:{number}"


@given(st.integers(1_000_000, 99_999_999), st.integers(0, 7), st.integers(0, 7))
@example(15768000, 0, 7)
def test_digits_that_are_parted_by_a_point_are_one_number_or_none(number, first, second):
    """Never another one: what stands before ",00" is all of it, and a fraction is no number."""
    digits = str(number)
    cut = sorted({min(first, len(digits)), min(second, len(digits))})
    text = ".".join([digits[: cut[0]], digits[cut[0] : cut[-1]], digits[cut[-1] :]])
    assert read_alone(text) in (f"dni:{number}", None, f"dni:{int(digits[: cut[0]] or 0)}")


@given(st.floats(1e6, 1e8, exclude_max=True))
@example(50694207.771)  # the digits of a CUIT with its check digit
def test_a_fraction_or_a_power_of_ten_is_nobodys_number(number):
    assert read_alone(repr(number)) == (f"dni:{int(number)}" if number.is_integer() else None)
    for text in (f"{number:.2e}", f"{number:.5G}", f"{number:.1f}5", f"{number:.3f}"):
        assert read_alone(text) is None, text


def read_alone(cell):
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([["dni"], [cell]])
    [found] = lines(out.getvalue())
    return found.document if isinstance(found, Entry) else None


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
