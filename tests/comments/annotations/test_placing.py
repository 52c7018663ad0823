"""Placing annotations again: each state, across articles, over several versions, by the bulk; and who is told."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice
from comments.annotations.placing import place_again, preview_counts
from comments.models import Comment, Placement
from comments.moderation.moderating import hide
from comments.revising import delete_comment
from tests.factories import UserFactory, member, new_version
from tests.factories.documents import ARTICLES

LAW, REGISTER, FINE = ARTICLES


def publish(document, articles):
    old = document.versions.order_by("number").last()
    new = new_version(document, articles)
    return new, place_again(old, new)


def state_in(annotation, version):
    place = annotation.placements.get(version=version)
    words = place.article.text[place.start : place.end] if place.article else None
    return place.state, words


def test_the_same_words_in_the_same_place_are_kept(document, first, ana, note):
    found = note(first, ana, "registro de los árboles")

    new, counts = publish(document, [LAW, REGISTER, "Otra multa."])

    assert state_in(found, new) == ("kept", "registro de los árboles")
    assert counts == {"kept": 1, "shifted": 0, "text_changed": 0, "ambiguous": 0, "orphaned": 0}


def test_the_same_words_further_on_are_shifted(document, first, ana, note):
    found = note(first, ana, "El registro es público y gratuito.")

    new, _ = publish(document, [LAW, f"Todo árbol tiene dueño. {REGISTER}", FINE])

    assert state_in(found, new) == ("shifted", "El registro es público y gratuito.")


def test_a_passage_that_moved_to_another_article_takes_its_annotation_along(document, first, ana, note):
    moved = "Quien plante un árbol frente a su casa recibe del municipio la tierra, el tutor y el riego del primer año."
    second, _ = publish(document, [f"{LAW} {moved}", REGISTER, FINE])
    found = note(second, ana, "recibe del municipio la tierra")

    third, _ = publish(document, [LAW, REGISTER, f"{FINE} {moved}"])

    assert state_in(found, third) == ("shifted", "recibe del municipio la tierra")
    assert found.placements.get(version=third).article.position == 3


def test_a_renumbered_article_is_the_same_article(document, first, ana, note):
    found = note(first, ana, "diez salarios")
    identities = [article.identity for article in first.articles.all()]

    new, _ = publish(
        document, [LAW, {"body": FINE, "identity": identities[2]}, {"body": REGISTER, "identity": identities[1]}]
    )

    assert state_in(found, new) == ("kept", "diez salarios")


def test_edited_words_are_text_changed(document, first, ana, note):
    found = note(first, ana, "La multa es de diez salarios.")

    new, _ = publish(document, [LAW, REGISTER, FINE.replace("diez", "veinte")])

    assert state_in(found, new) == ("text_changed", "La multa es de veinte salarios.")


def test_changed_words_stay_changed_in_the_version_after(document, first, ana, note):
    found = note(first, ana, "La multa es de diez salarios.")
    changed = FINE.replace("diez", "veinte")

    publish(document, [LAW, REGISTER, changed])
    third, _ = publish(document, ["Nada que ver.", REGISTER, changed])

    assert state_in(found, third) == ("text_changed", "La multa es de veinte salarios.")


def test_words_that_come_back_are_themselves_again(document, first, ana, note):
    found = note(first, ana, "La multa es de diez salarios.")

    publish(document, [LAW, REGISTER, FINE.replace("diez", "veinte")])
    third, _ = publish(document, [LAW, REGISTER, FINE])

    assert state_in(found, third) == ("kept", "La multa es de diez salarios.")


def test_a_removed_passage_is_orphaned_and_found_when_it_returns(document, first, ana, note):
    found = note(first, ana, "La autoridad lleva un registro de los árboles.")
    identity = first.articles.get(position=2).identity

    second, _ = publish(document, [LAW, {"body": FINE, "identity": first.articles.get(position=3).identity}])
    third, _ = publish(document, [LAW, {"body": REGISTER, "identity": identity}, FINE])

    assert state_in(found, second) == ("orphaned", None)
    assert state_in(found, third) == ("kept", "La autoridad lleva un registro de los árboles.")


def test_equal_words_elsewhere_without_context_are_ambiguous(document, first, ana, note):
    found = note(first, ana, "sin permiso")

    new, _ = publish(document, [LAW, f"{REGISTER} Nadie entra sin permiso al vivero.", "Derogado."])

    assert state_in(found, new) == ("ambiguous", None)


def test_a_preview_writes_nothing_and_says_the_same(document, first, ana, note):
    for words in ("Toda persona", "registro de los árboles", "La multa es de diez salarios."):
        note(first, ana, words)
    draft = new_version(document, [LAW, "Derogado.", FINE.replace("diez", "veinte")], published=False)

    counts = preview_counts(first, draft)

    assert not Placement.objects.filter(version=draft).exists()
    assert counts == place_again(first, draft)
    assert counts == {"kept": 1, "shifted": 0, "text_changed": 1, "ambiguous": 0, "orphaned": 1}


def test_the_annotation_stays_as_it_was_in_its_own_version(document, first, ana, note):
    found = note(first, ana, "sin permiso")

    publish(document, [LAW, REGISTER, "Derogado."])

    assert state_in(found, first) == ("kept", "sin permiso")


def test_what_nobody_sees_is_not_counted_before_publishing(document, first, ana, note):
    """The editor who publishes would look for them in the inbox, where they are not."""
    held, hidden = (note(first, ana, words).comment for words in ("sin permiso", "diez salarios"))
    Comment.objects.filter(pk=held.pk).update(held_at=held.created_at)
    hide(target=hidden, actor=member(document.consultation.agency, "moderator"), reason="Insulto.", ground="insult")
    draft = new_version(document, [LAW, REGISTER, "Derogado."], published=False)

    assert sum(preview_counts(first, draft).values()) == 0


def test_deleted_ones_are_placed_and_not_counted(document, first, ana, note):
    found = note(first, ana, "sin permiso")
    delete_comment(comment=found.comment, actor=ana)

    new, counts = publish(document, ARTICLES)

    assert state_in(found, new) == ("kept", "sin permiso")
    assert sum(counts.values()) == 0


def test_each_author_is_told_once_of_the_worst(document, first, ana, note):
    beto, carla = UserFactory(name="Beto"), UserFactory(name="Carla")
    note(first, ana, "La multa es de diez salarios.")
    note(first, ana, "La autoridad lleva un registro de los árboles.")
    note(first, beto, "diez salarios")
    note(first, carla, "Toda persona")

    new, _ = publish(document, [LAW, "Derogado.", FINE.replace("diez", "veinte")])

    told = dict(Notice.objects.filter(kind__startswith="annotation_").values_list("user__name", "kind"))
    assert told == {"Ana": "annotation_orphaned", "Beto": "annotation_changed"}
    assert Notice.objects.get(user=ana, kind="annotation_orphaned").url == f"/annotations/?version={new.pk}&show=mine"


def test_placing_again_costs_the_same_queries_however_many(document, first, note, ana):
    note(first, ana, "La multa es de diez salarios.")
    second, few = counted(document, ["Uno.", REGISTER, FINE.replace("diez", "veinte")])
    for n in range(30):
        note(second, UserFactory(), "La multa es de veinte salarios.", body=f"Por la razón {n}.")
    _, many = counted(document, ["Dos.", REGISTER, FINE.replace("diez", "treinta")])

    assert few == many


def counted(document, articles):
    old = document.versions.order_by("number").last()
    new = new_version(document, articles)
    with CaptureQueriesContext(connection) as queries:
        place_again(old, new)
    return new, len(queries)
