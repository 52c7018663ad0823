"""Annotating words of a version: what is kept, and every refusal."""

import pytest
from django.db import connection

from accounts.refusals import InvalidInput, NotPermitted, PhaseClosed
from comments.annotations.annotating import annotate
from comments.commenting import SaidAlready
from comments.models import Annotation, Comment
from comments.revising import delete_comment
from tests.factories import UserFactory, anonymous, make_consultation, make_document, member, new_version


def words_of(version, n=0):
    article = version.articles.all()[n]
    return {"article": article, "start": 3, "end": 9, "exact": article.text[3:9], "purpose": "comment", "body": "Sí."}


def test_an_annotation_keeps_its_words_and_what_stood_beside_them(first, ana, note):
    found = note(first, ana, "pedir que se plante", body="¿A quién?", purpose="ask")

    assert (found.exact, found.purpose) == ("pedir que se plante", "ask")
    assert found.article.text[found.start : found.end] == found.exact
    assert found.prefix.endswith("Toda persona puede ")
    assert found.suffix == " un árbol."
    assert found.comment.body == "¿A quién?"
    assert found.comment.document == first.document


def test_it_stands_in_its_own_version_from_the_start(first, ana, note):
    found = note(first, ana, "registro de los árboles")

    place = found.placements.get()
    assert (place.version, place.state, place.article) == (first, "kept", found.article)
    assert (place.start, place.end) == (found.start, found.end)


def test_positions_are_code_points_whatever_the_signs(consultation, ana, note):
    version = make_document(consultation, ["🌳🌳 El ñandú y el yacaré 🌳."]).versions.get()

    found = note(version, ana, "yacaré 🌳")

    assert found.article.text[found.start : found.end] == "yacaré 🌳"
    assert found.start == 17


def test_line_breaks_of_a_form_are_those_of_the_text(consultation, ana):
    article = make_document(consultation, ["Uno.\n\nDos."]).versions.get().articles.get()

    said = annotate(
        article=article, actor=ana, start=0, end=10, exact="Uno.\r\n\r\nDos.", purpose="comment", body="Ya."
    )

    assert said.annotation.exact == "Uno.\n\nDos."


def test_words_that_do_not_stand_there_are_refused(first, ana):
    with pytest.raises(InvalidInput) as refused:
        annotate(**words_of(first) | {"exact": "bosque"}, actor=ana)

    assert refused.value.code == "words_not_there"
    assert not Comment.objects.exists()


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (9, 3), (0, 100_000), (100_000, 100_001)])
def test_a_position_outside_the_text_is_refused(first, ana, start, end):
    with pytest.raises(InvalidInput) as refused:
        annotate(**words_of(first) | {"start": start, "end": end}, actor=ana)

    assert refused.value.code == "outside_the_text"


def test_white_space_alone_is_no_quote(first, ana):
    with pytest.raises(InvalidInput) as refused:
        annotate(**words_of(first) | {"start": 2, "end": 3, "exact": " "}, actor=ana)

    assert refused.value.code == "no_words"


def test_a_draft_version_is_refused(document, ana):
    draft = new_version(document, published=False)

    with pytest.raises(InvalidInput) as refused:
        annotate(**words_of(draft), actor=ana)

    assert refused.value.code == "not_published"


def test_a_purpose_that_there_is_not_is_refused(first, ana):
    with pytest.raises(InvalidInput) as refused:
        annotate(**words_of(first) | {"purpose": "shout"}, actor=ana)

    assert refused.value.code == "strange_purpose"


def test_nobody_annotates_outside_the_phase(ana):
    version = make_document(make_consultation(now_in="results")).versions.get()

    with pytest.raises(PhaseClosed):
        annotate(**words_of(version), actor=ana)


def test_who_has_no_account_is_told_so_before_anything_else(first):
    with pytest.raises(NotPermitted) as refused:
        annotate(**words_of(first) | {"exact": "nada"}, actor=anonymous)

    assert refused.value.code == "needs_account"


def test_a_stranger_to_a_private_consultation_annotates_nothing(ana):
    version = make_document(make_consultation(visibility="private")).versions.get()

    with pytest.raises(NotPermitted):
        annotate(**words_of(version), actor=ana)


def test_a_suggestion_keeps_the_other_wording(first, ana, note):
    found = note(first, ana, "sin permiso", purpose="suggest", suggestion=" sin permiso escrito ", body="Es más claro.")

    assert found.suggestion == "sin permiso escrito"
    assert found.comment.body == "Es más claro."


def test_a_suggestion_needs_no_reason(first, ana, note):
    found = note(first, ana, "sin permiso", purpose="suggest", suggestion="sin *permiso*", body="  ")

    assert found.comment.body == r"sin \*permiso\*"


def test_to_strike_words_needs_a_reason(first, ana, note):
    assert note(first, ana, "sin permiso", purpose="suggest", suggestion="", body="Sobra.").suggestion == ""
    with pytest.raises(InvalidInput) as refused:
        note(first, ana, "y gratuito", purpose="suggest", suggestion="", body="")
    assert refused.value.field == "body"


def test_a_suggestion_of_the_same_words_changes_nothing(first, ana, note):
    with pytest.raises(InvalidInput) as refused:
        note(first, ana, "sin permiso", purpose="suggest", suggestion="sin permiso ")

    assert refused.value.code == "same_words"


def test_only_a_suggestion_suggests_words(first, ana, note):
    assert note(first, ana, "sin permiso", purpose="ask", suggestion="otra cosa").suggestion == ""


def test_the_same_words_about_two_sentences_are_two_annotations(first, ana, note):
    note(first, ana, "El registro es público", body="De acuerdo.")
    note(first, ana, "diez salarios", body="De acuerdo.")
    with pytest.raises(SaidAlready):
        note(first, ana, "diez salarios", body="De acuerdo.")

    assert Annotation.objects.count() == 2


def test_where_texts_are_looked_at_first_an_annotation_is_held(ana, note):
    version = make_document(make_consultation(pre_moderates=True)).versions.get()

    assert note(version, ana, "diez salarios").comment.held_at


def test_the_agency_annotates_outside_the_phase(db, note):
    consultation = make_consultation(now_in="results")
    version = make_document(consultation).versions.get()
    editor = member(consultation.agency, "editor")

    assert note(version, editor, "diez salarios", is_official=True).comment.is_official


def test_of_a_deleted_suggestion_no_word_is_left(first, ana, note):
    found = note(first, ana, "sin permiso", purpose="suggest", suggestion="nunca jamás", body="Sí.")

    delete_comment(comment=found.comment, actor=ana)

    found.refresh_from_db()
    assert found.suggestion == ""
    assert found.exact == "sin permiso"


def test_who_annotates_an_old_version_loses_nothing(document, first, ana, note):
    new_version(document, ["Otra cosa.", "Nueva primera oración. " + first.articles.all()[1].text, "Nada."])
    new_version(document, ["Otra cosa.", first.articles.all()[1].text, "Nada."])

    found = note(first, ana, "El registro es público")

    states = dict(found.placements.values_list("version__number", "state"))
    assert states == {1: "kept", 2: "shifted", 3: "kept"}
    for place in found.placements.all():
        assert place.article.text[place.start : place.end] == "El registro es público"


def test_annotating_costs_no_alignment_where_the_version_is_the_latest(first, ana, note, django_assert_max_num_queries):
    UserFactory()
    with django_assert_max_num_queries(24):
        note(first, ana, "diez salarios")


def test_the_document_is_locked_shared(first, ana, note, monkeypatch):
    seen = []
    monkeypatch.setattr("comments.annotations.annotating.place_made", lambda annotations: seen.append(locks()))

    note(first, ana, "diez salarios")

    assert seen == [["RowShareLock"]]


def locks():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE relation = 'consultations_document'::regclass AND pid = pg_backend_pid()"
            " AND mode = 'RowShareLock'"
        )
        return [mode for (mode,) in cursor.fetchall()]
