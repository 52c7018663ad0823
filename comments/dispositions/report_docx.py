"""The reply report as .docx: its totals, and a table of all contributions with what became of each.

Rows of a table cost python-docx milliseconds each, most of it for finding the cells again. So one row is made with it,
and copied as XML for each contribution: thousands take a second or two.
"""

import io
from copy import deepcopy
from typing import Any

import docx
from django.utils import timezone
from django.utils.translation import gettext
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from comments import mentions
from comments.dispositions import fates, listing, report, words
from comments.dispositions.listing import Item
from consultations.models import Consultation, Proposal
from frontend.formats import in_xml, minute, number, percent, when
from frontend.markup import plain

WIDTHS = (Cm(3.2), Cm(4.6), Cm(9.2), Cm(8.6))


def document_of(consultation: Consultation) -> bytes:
    """The file. Constant memory but for the document itself."""
    document = docx.Document()
    _landscape(document)
    document.core_properties.title = gettext("Reply report: %(title)s") % {"title": in_xml(consultation.title)}
    document.core_properties.author = in_xml(consultation.agency.name)
    document.add_heading(in_xml(consultation.title), level=0)
    said = gettext("Reply report of %(agency)s, as of %(when)s.")
    document.add_paragraph(said % {"agency": in_xml(consultation.agency.name), "when": when(timezone.now())})
    _write_totals(document, consultation)
    document.add_heading(gettext("Every contribution, and what became of it"), level=1)
    _write_contributions(document, consultation)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _landscape(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(2))
    document.styles["Normal"].font.size = Pt(10)


def _write_totals(document: Any, consultation: Consultation) -> None:
    totals = listing.totals_of(consultation)
    kinds = report.kinds_in(totals)
    heads = [gettext("Answer"), gettext("Contributions"), gettext("Share"), *(str(kind.title) for kind in kinds)]
    table = _table(document, heads)
    for row in report.rows_of(totals):
        cells = [row.label, number(row.count), percent(row.share_percent), *map(number, row.by_kind)]
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    gone = report.out_of_sight(consultation)
    if gone:
        sentence = gettext("Besides: %(number)s that were hidden by a moderator or taken back by whoever wrote them.")
        document.add_paragraph(sentence % {"number": number(gone)})


def _write_contributions(document: Any, consultation: Consultation) -> None:
    heads = [gettext("Contribution"), gettext("About"), gettext("What it says"), gettext("What became of it")]
    table = _table(document, heads)
    pattern = table.add_row()
    for cell, width in zip(pattern.cells, WIDTHS, strict=True):
        cell.width = width
    pattern = pattern._tr
    table._tbl.remove(pattern)
    for item in report.every_item(consultation):
        row = deepcopy(pattern)
        for cell, lines in zip(row.findall(qn("w:tc")), _cells(item), strict=True):
            _write(cell, lines)
        table._tbl.append(row)


def _table(document: Any, heads: list[str]) -> Any:
    """With a first row that is repeated on each page."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    return table


def _cells(item: Item) -> list[list[str]]:
    target = item.target
    who = [f"{item.kind.one} {target.pk}", minute(target.created_at), words.author_of(item)]
    about = [words.place_of(item)]
    if item.annotation:
        about.append(f"“{item.annotation.exact}”")
    fate = item.disposition
    if fate is None:
        return [who, about, _said(target), [gettext("Without an answer")]]
    answer = [str(fate.get_kind_display()), *fate.reason.splitlines()]
    if fate.article:
        answer.append(gettext("See the change:") + " " + fates.change_label(fates.facts_of(fate)))
    return [who, about, _said(target), answer]


def _said(target: Any) -> list[str]:
    if isinstance(target, Proposal):
        return [target.title, *plain(target.body).splitlines()]
    return plain(mentions.in_markdown(target)).splitlines()


def _write(cell: Any, lines: list[str]) -> None:
    """Lines into an empty cell, each a paragraph."""
    paragraph = cell.find(qn("w:p"))
    for line in lines:
        text = OxmlElement("w:t")
        text.text = in_xml(line)
        text.set(qn("xml:space"), "preserve")
        run = OxmlElement("w:r")
        run.append(text)
        written = deepcopy(paragraph)
        written.append(run)
        cell.append(written)
    if lines:
        cell.remove(paragraph)
