"""Correcting and deleting one's own words: who may, until when, and what is left of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Notice
from accounts.refusals import Conflict, InvalidInput, NotPermitted, PhaseClosed
from comments.commenting import add_comment
from comments.models import Comment, Mention, Reaction
from comments.moderation.moderating import hide
from comments.reacting import react
from comments.revising import EDIT_WINDOW, delete_comment, edit_comment
from tests.exports.reading import rows_of
from tests.factories import CommentFactory, ProposalFactory, UserFactory, make_agency, make_consultation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"), now_in="discussion")


@pytest.fixture
def ana():
    return UserFactory(name="Ana Gómez")


@pytest.fixture
def said(consultation, ana):
    return add_comment(consultation=consultation, actor=ana, body="Falta sonbra.")


def made_earlier(comment, by):
    Comment.objects.filter(pk=comment.pk).update(created_at=comment.created_at - by)


def test_a_slip_is_mended_and_everybody_sees_that_it_was(client, said, ana, consultation):
    edit_comment(comment=said, actor=ana, body="Falta sombra.")
    page = client.get(consultation.get_absolute_url()).content.decode()

    assert "Falta sombra." in page
    assert "sonbra" not in page
    assert "edited" in page
    assert "edited after it was answered" not in page
    assert AuditEntry.objects.get(event="comments.comment_edited").details == {}


def test_who_edits_after_an_answer_is_told_before_and_marked_after(client, said, ana, consultation):
    answer = add_comment(consultation=consultation, actor=UserFactory(), body="De acuerdo.", answers=said)
    client.force_login(ana)
    form = client.get(reverse("comments:edit", args=[said.pk])).content.decode()
    client.post(reverse("comments:edit", args=[said.pk]), {"body": "No falta nada."})
    page = client.get(consultation.get_absolute_url()).content.decode()

    assert "Somebody has answered it already" in form
    assert "Falta sonbra." in form
    assert "edited after it was answered" in page
    assert answer.body in page


def test_what_was_sent_again_unchanged_is_not_marked(said, ana):
    edit_comment(comment=said, actor=ana, body=" Falta sonbra.\n")
    assert Comment.objects.get(pk=said.pk).edited_at is None


def test_after_fifteen_minutes_it_stays_as_it_is(client, said, ana):
    made_earlier(said, EDIT_WINDOW)
    with pytest.raises(Conflict) as refused:
        edit_comment(comment=said, actor=ana, body="Otra cosa.")

    assert refused.value.code == "too_late_to_edit"
    client.force_login(ana)
    answer = client.get(reverse("comments:edit", args=[said.pk]))
    assert answer.status_code == 409
    assert "15 minutes" in answer.content.decode()
    assert f"{said.pk}/edit/" not in client.get(said.get_absolute_url()).content.decode()


def test_a_correction_that_comes_too_late_is_not_lost(client, said, ana):
    client.force_login(ana)
    made_earlier(said, EDIT_WINDOW)

    late = client.post(reverse("comments:edit", args=[said.pk]), {"body": "Falta sombra, y lo explico largamente."})
    client.logout()
    out = client.post(reverse("comments:edit", args=[said.pk]), {"body": "Otra vez."})

    assert late.status_code == 409
    assert "15 minutes" in late.content.decode()
    assert late.context["form"]["body"].value() == "Falta sombra, y lo explico largamente."
    assert Comment.objects.get(pk=said.pk).body == said.body
    assert (out.status_code, out.context["is_kept"]) == (403, True)


def test_nobody_else_corrects_or_deletes(said, consultation):
    for person in (UserFactory(), consultation.agency.members.get()):
        with pytest.raises(NotPermitted):
            edit_comment(comment=said, actor=person, body="Otra cosa.")
        with pytest.raises(NotPermitted):
            delete_comment(comment=said, actor=person)


def test_a_correction_is_refused_as_a_comment_is(said, ana, consultation):
    with pytest.raises(InvalidInput):
        edit_comment(comment=said, actor=ana, body="   ")
    hide(target=said, actor=consultation.agency.members.get(), reason="Insulta.")
    with pytest.raises(Conflict):
        edit_comment(comment=said, actor=ana, body="Otra cosa.")
    close(consultation)
    with pytest.raises(PhaseClosed):
        edit_comment(comment=Comment.objects.get(pk=said.pk), actor=ana, body="Otra cosa.")


def close(consultation):
    """Put an early end to the phase in which people comment now."""
    phases = consultation.phases.filter(kind="discussion")
    phases.update(ends_at=phases.get().starts_at + timedelta(seconds=1))


# --- Deleting


def test_what_is_deleted_is_nowhere_and_the_thread_stands(client, said, ana, consultation):
    bruno = UserFactory(name="Bruno")
    add_comment(consultation=consultation, actor=bruno, body="Acá también. @Ana Gómez", answers=said)
    react(comment=said, actor=bruno, value=1)
    delete_comment(comment=said, actor=ana)

    client.force_login(consultation.agency.members.get())
    for address in (
        consultation.get_absolute_url(),
        said.get_absolute_url(),
        f"/api/v1/comments/{said.pk}/",
        f"/moderation/{consultation.slug}/",
    ):
        assert b"sonbra" not in client.get(address).content, address
    rows = {row["id"]: row for row in rows_of(consultation, "comments", ana)}
    assert (rows[str(said.pk)]["body"], rows[str(said.pk)]["agree_count"]) == ("", "0")
    assert rows[str(said.pk)]["deleted_at"]
    page = client.get(consultation.get_absolute_url()).content.decode()
    assert "Whoever wrote this comment deleted it" in page
    assert "Acá también." in page
    assert not Reaction.objects.exists()
    assert Comment.objects.get(pk=said.pk).body == ""
    assert "sonbra" not in str(AuditEntry.objects.values_list("details", flat=True))
    assert "sonbra" not in str(Notice.objects.values_list("facts", flat=True))


def test_a_deleted_comment_is_not_answered_edited_or_deleted_again(said, ana, consultation):
    delete_comment(comment=said, actor=ana)
    said.refresh_from_db()
    for deed in (
        lambda: delete_comment(comment=said, actor=ana),
        lambda: edit_comment(comment=said, actor=ana, body="Volví."),
        lambda: add_comment(consultation=consultation, actor=UserFactory(), body="¿Qué dijo?", answers=said),
    ):
        with pytest.raises(Conflict):
            deed()


def test_one_deletes_ones_words_long_after_and_when_nothing_is_received_any_more(said, ana, consultation):
    made_earlier(said, timedelta(days=90))
    close(consultation)

    assert delete_comment(comment=Comment.objects.get(pk=said.pk), actor=ana).body == ""


# --- Mentions


def test_a_mention_is_kept_by_person_so_that_a_new_name_shows_and_exports_name_nobody(client, said, ana, consultation):
    answer = add_comment(consultation=consultation, actor=UserFactory(), body="Sí, @ana gómez, es así.", answers=said)
    assert answer.body == "Sí, @[1], es así."
    assert Mention.objects.get().user == ana

    ana.name = "Ana *de* Obras"
    ana.save()
    page = client.get(said.get_absolute_url()).content.decode()
    assert "Sí, @Ana *de* Obras, es así." in page
    row = client.get(f"/api/v1/comments/{answer.pk}/").json()
    assert row["body"] == "Sí, @[1], es así."
    assert row["mentions"] == [client.get(f"/api/v1/comments/{said.pk}/").json()["author"]]
    ana.delete()
    assert "Sí, @Former account, es así." in client.get(answer.get_absolute_url()).content.decode()


def test_only_people_of_the_conversation_are_mentioned(said, consultation):
    UserFactory(name="Carla")
    answer = add_comment(
        consultation=consultation, actor=UserFactory(), body="@Carla @Ana ana@gómez.com @Ana Gómezz", answers=said
    )

    assert not Mention.objects.exists()
    assert "@[" not in answer.body


def test_what_begins_a_thread_mentions_whoever_speaks_in_the_same_place(said, ana, consultation):
    CommentFactory(consultation=consultation, author=UserFactory(name="Oculta"), held_at=said.created_at)
    proposal = ProposalFactory(consultation=consultation, author=UserFactory(name="Paula"))

    begun = add_comment(consultation=consultation, actor=UserFactory(), body="Como dijo @Ana Gómez, @Oculta y @Paula.")
    elsewhere = add_comment(consultation=consultation, actor=UserFactory(), body="@Ana Gómez @Paula", proposal=proposal)

    assert (begun.body, elsewhere.body) == ("Como dijo @[1], @Oculta y @Paula.", "@Ana Gómez @[1]")
    assert list(Notice.objects.filter(user=ana).values_list("kind", flat=True)) == ["mention"]
    corrected = edit_comment(comment=begun, actor=begun.author, body="Como dice @Ana Gómez.")
    assert corrected.body == "Como dice @[1]."


def test_who_is_answered_or_mentioned_is_told_once_and_nobody_of_their_own_words(said, ana, consultation):
    bruno, carla = UserFactory(name="Bruno"), UserFactory(name="Carla")
    first = add_comment(consultation=consultation, actor=bruno, body="Sí. @Ana Gómez", answers=said)
    add_comment(consultation=consultation, actor=carla, body="@Bruno @Ana Gómez @Carla miren.", answers=first)
    add_comment(consultation=consultation, actor=ana, body="Me respondo, @Ana Gómez.", answers=said)

    told = sorted(Notice.objects.values_list("user__name", "kind"))
    assert told == [("Ana Gómez", "mention"), ("Ana Gómez", "reply"), ("Bruno", "reply")]


def test_an_official_answer_is_told_as_one_and_a_held_one_is_not_told_yet(said, ana, consultation):
    owner = consultation.agency.members.get()
    add_comment(consultation=consultation, actor=owner, body="Lo vemos.", answers=said, is_official=True)
    assert Notice.objects.get().kind == "official_reply"
    consultation.pre_moderates = True
    consultation.save()
    add_comment(consultation=consultation, actor=UserFactory(), body="Yo también.", answers=said)
    assert Notice.objects.count() == 1


# --- Quoting


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ("", "> Falta **sombra**.\n> Mucha.\n\n"),
        ("sombra. Mucha", "> sombra. Mucha\n\n"),
        ("Soy un inventor", "> Falta"),
    ],
)
def test_a_reply_begins_with_a_quotation_of_what_was_really_said(client, consultation, ana, asked, begins):
    said = add_comment(consultation=consultation, actor=UserFactory(), body="> Otro.\n\nFalta **sombra**.\nMucha.")
    client.force_login(ana)
    page = client.get(reverse("comments:reply", args=[said.pk]), {"quote": asked})

    assert page.context["form"]["body"].value().startswith(begins)
    assert "Otro" not in page.context["form"]["body"].value()


def test_a_name_is_found_in_letters_that_change_with_their_size_and_a_likeness_of_one_is_no_name(said, consultation):
    for name in ("Straße Müller", "İlke", "Ivan"):
        CommentFactory(consultation=consultation, author=UserFactory(name=name))

    begun = add_comment(consultation=consultation, actor=UserFactory(), body="@straße müller @İlke @ıvan @IVAN")

    assert begun.body == "@[1] @[2] @ıvan @[3]"
