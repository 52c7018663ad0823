"""The inbox: an editor places by hand what could not be placed, or leaves it; the author is told."""

import re

import pytest
from django.db import transaction

from accounts.models import AuditEntry, Notice
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from comments.annotations.placing import place_again
from comments.annotations.settling import place_of_words, settle
from comments.models import Comment
from tests.factories import make_document, member, new_version
from tests.factories.documents import ARTICLES

LAW, REGISTER, FINE = ARTICLES


def publish(document, articles):
    old = document.versions.order_by("number").last()
    new = new_version(document, articles)
    with transaction.atomic():
        place_again(old, new)
    return new


@pytest.fixture
def orphan(document, first, ana, note):
    """An annotation of words that version 2 no longer has."""
    found = note(first, ana, "La autoridad lleva un registro de los árboles.", body="¡No la saquen!")
    second = publish(document, [LAW, "El municipio anota cada árbol en un libro.", FINE])
    return found.placements.get(version=second)


def test_an_editor_places_an_orphan_and_its_author_is_told(orphan, editor, ana):
    place = place_of_words(orphan.version, "anota cada árbol")

    settle(placement=orphan, actor=editor, place=place)

    orphan.refresh_from_db()
    assert orphan.article.text[orphan.start : orphan.end] == "anota cada árbol"
    assert (orphan.state, orphan.settled_by) == ("orphaned", editor)
    assert Notice.objects.filter(user=ana, kind="annotation_placed").exists()
    assert AuditEntry.objects.filter(event="comments.annotation_placed", actor=editor).exists()


def test_an_editor_leaves_an_orphan_and_the_next_version_does_not_ask_again(document, orphan, editor, ana):
    settle(placement=orphan, actor=editor, place=None)
    third = publish(document, [LAW, "El municipio anota los árboles.", FINE])

    later = orphan.annotation.placements.get(version=third)
    assert (later.state, later.article, later.settled_by) == ("orphaned", None, editor)
    assert Notice.objects.filter(user=ana, kind="annotation_left").exists()


def test_what_was_placed_by_hand_goes_on_from_there(document, orphan, editor):
    settle(placement=orphan, actor=editor, place=place_of_words(orphan.version, "anota cada árbol"))

    third = publish(document, [LAW, "Desde hoy mismo el municipio anota cada árbol en un libro.", FINE])

    later = orphan.annotation.placements.get(version=third)
    assert later.state == "text_changed"  # other words than those that were annotated: always said
    assert later.article.text[later.start : later.end] == "anota cada árbol"


def test_only_who_publishes_may_place(orphan, ana, consultation):
    place = place_of_words(orphan.version, "anota cada árbol")

    for stranger in (ana, orphan.annotation.comment.author, member(consultation.agency, "moderator")):
        with pytest.raises(NotPermitted):
            settle(placement=orphan, actor=stranger, place=place)


def test_a_place_in_another_version_or_outside_the_text_is_refused(orphan, first, editor):
    article = orphan.version.articles.first()

    for place in ((first.articles.first(), 0, 5), (article, 5, 5), (article, 0, 10_000)):
        with pytest.raises(InvalidInput):
            settle(placement=orphan, actor=editor, place=place)


def test_what_is_certain_is_not_moved_by_hand(first, editor, ana, note):
    kept = note(first, ana, "diez salarios").placements.get()

    with pytest.raises(Conflict):
        settle(placement=kept, actor=editor, place=place_of_words(first, "sin permiso"))


@pytest.mark.parametrize(
    ("words", "code"), [("", "no_words"), ("bosque", "words_not_there"), ("árbol", "words_in_several_places")]
)
def test_pasted_words_stand_in_one_place_or_are_refused(orphan, words, code):
    with pytest.raises(InvalidInput) as refused:
        place_of_words(orphan.version, words)

    assert refused.value.code == code


def test_the_inbox_offers_places_and_the_form_works_without_javascript(client, orphan, editor):
    client.force_login(editor)
    address = f"/documents/{orphan.version.document_id}/inbox/"

    page = client.get(address).content.decode()
    assert "¡No la saquen!" in page
    assert "huérfana" in page

    wrong = client.post(f"{address}{orphan.pk}/", {"words": "no está"})
    assert wrong.status_code == 400
    assert "no está" in wrong.content.decode()

    client.post(f"{address}{orphan.pk}/", {"words": "en un libro"})
    assert "Nada te espera" in client.get(address).content.decode()
    orphan.refresh_from_db()
    assert orphan.article.text[orphan.start : orphan.end] == "en un libro"


def test_equal_words_are_offered_with_what_stands_beside_them(client, document, first, editor, ana, note):
    found = note(first, ana, "sin permiso")
    second = publish(document, [LAW, f"{REGISTER} Nadie entra sin permiso al vivero.", "Derogado."])
    client.force_login(editor)
    address = f"/documents/{document.pk}/inbox/"

    page = client.get(address).content.decode()
    value = re.search(r'name="place" value="([^"]+)"', page)[1]
    client.post(f"{address}{found.placements.get(version=second).pk}/", {"place": value})

    placed = found.placements.get(version=second)
    assert (placed.state, placed.article.position) == ("ambiguous", 2)
    assert placed.article.text[placed.start : placed.end] == "sin permiso"


def test_changed_words_are_there_to_look_at(client, document, first, editor, ana, note):
    note(first, ana, "La multa es de diez salarios.")
    publish(document, [LAW, REGISTER, FINE.replace("diez", "veinte")])
    client.force_login(editor)

    page = client.get(f"/documents/{document.pk}/inbox/?show=changed").content.decode()

    assert "veinte</ins>" in page
    assert "Está bien ubicada" in page


def test_the_desk_says_how_many_wait(client, orphan, editor):
    client.force_login(editor)

    assert "1 anotación por ubicar" in client.get("/desk/").content.decode()


def test_the_inbox_costs_the_same_queries_however_many_wait(
    client, document, first, editor, ana, note, django_assert_max_num_queries
):
    for n, word in enumerate(REGISTER.split()[:9]):
        note(first, ana, f"{word}", body=f"Nota {n}.")
    publish(document, [LAW, "Derogado.", FINE])
    client.force_login(editor)
    address = f"/documents/{document.pk}/inbox/"
    client.get(address)

    with django_assert_max_num_queries(12):
        client.get(address)


def test_the_inbox_of_a_text_that_nobody_has_published_is_not_there_for_others(client, consultation, ana):
    document = make_document(consultation, published=False)
    client.force_login(ana)

    assert client.get(f"/documents/{document.pk}/inbox/").status_code == 404


@pytest.mark.parametrize("typed", [{"place": "9" * 5000 + ":0:1"}, {"article": "9" * 5000, "words": "árbol"}])
def test_a_number_of_thousands_of_digits_is_no_place(client, orphan, editor, typed):
    client.force_login(editor)
    answer = client.post(f"/documents/{orphan.version.document_id}/inbox/{orphan.pk}/", typed)

    assert answer.status_code in (400, 404)


def test_what_waits_for_a_moderator_is_not_shown_to_the_editor_who_places(client, orphan, editor):
    """An editor does not moderate; once it is released, it waits for a place."""
    said = orphan.annotation.comment
    Comment.objects.filter(pk=said.pk).update(held_at=said.created_at)
    client.force_login(editor)
    inbox = f"/documents/{orphan.version.document_id}/inbox/"

    shown = client.get(inbox).content.decode()
    assert "¡No la saquen!" not in shown
    assert "(1)" not in shown
    assert "anotación por ubicar" not in client.get("/desk/").content.decode()
    assert client.post(f"{inbox}{orphan.pk}/", {"leave": "1"}).status_code == 404

    Comment.objects.filter(pk=said.pk).update(held_at=None)
    assert "¡No la saquen!" in client.get(inbox).content.decode()
