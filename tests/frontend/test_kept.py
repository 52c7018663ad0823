"""Pieces of pages that are kept: whatever differs, in words, rights or language, is drawn for itself."""

from dataclasses import replace

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import override

from comments.cards import Card
from consultations.proposals.supporting import SupportRights
from consultations.templatetags.consultations import Supported
from frontend import kept

CARD = Card(id="12", url="/comments/12/", author="Vera", body=mark_safe("<p>Las veredas.</p>"), moment="2026-01-01")


@pytest.fixture(autouse=True)
def nothing_kept():
    kept._drawn.cache_clear()
    yield
    kept._drawn.cache_clear()


def test_the_same_card_is_drawn_once():
    assert replace(CARD).html == CARD.html
    assert kept._drawn.cache_info().misses == 1


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"body": mark_safe("<p>Las calles.</p>"), "edited": "editado"}, "Las calles."),
        ({"note": "Oculto por la moderación.", "is_hidden": True, "body": ""}, "Oculto por la moderación."),
        ({"may_hide": True, "may_mark": True}, "/comments/12/hide/"),
        ({"may_edit": True}, "/comments/12/edit/"),
        ({"may_react": True, "own_reaction": 1}, 'aria-pressed="true"'),
        ({"agree": "3"}, "3"),
        ({"author": "Bruno"}, "Bruno"),
    ],
)
def test_a_card_that_was_changed_or_is_read_by_somebody_with_other_rights_is_another(change, shown):
    before = CARD.html
    after = replace(CARD, **change).html

    assert shown in after and shown not in before
    assert CARD.html == before
    if "body" in change:
        assert "Las veredas." not in after


def test_each_language_has_its_own():
    with override("es-ar"):
        spanish = replace(CARD, may_reply=True).html
    with override("en"):
        english = replace(CARD, may_reply=True).html

    assert "Responder" in spanish and "Reply" in english


def test_words_are_escaped_and_html_is_not_whichever_was_drawn_first():
    for first, second in ((mark_safe, str), (str, mark_safe)):
        kept._drawn.cache_clear()
        for kind in (first, second):
            html = kept.drawn("components/proposal_card.html", title=kind("<b>Plaza</b>"), url="/")
            assert ("&lt;b&gt;Plaza" in html) == (kind is str)


def test_each_reader_is_given_their_own_token():
    proposal = Supported(
        pk=1, title="Plaza", support_count=0, comment_count=0, is_own=False, is_supported=False, is_shown=True
    )
    facts = {"title": "Plaza", "url": "/", "proposal": proposal, "supports": SupportRights(True, True, None)}
    one, two = (kept.drawn("consultations/proposal_card.html", csrf_token=token, **facts) for token in ("1st", "2nd"))

    assert 'name="csrfmiddlewaretoken" value="1st"' in one and "2nd" not in one
    assert 'name="csrfmiddlewaretoken" value="2nd"' in two
    assert kept.TOKEN_COMES_HERE not in one + two
    assert kept._drawn.cache_info().misses == 1


def test_what_is_used_least_is_let_go():
    assert kept._drawn.cache_info().maxsize == kept.PIECES_KEPT
