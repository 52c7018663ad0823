"""Every kind of contribution: reported, seen in the queue, decided. On some platforms reports of one kind did nothing
for years, because nobody walked them all."""

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from accounts.models import Role
from comments.commenting import add_comment
from comments.models import Flag, ModerationDecision
from comments.moderation.kinds import KINDS
from comments.moderation.moderating import flag
from comments.moderation.queue import moderated_by, waiting_in
from tests.factories import CommentFactory, ProposalFactory, UserFactory, fresh, make_agency, make_consultation
from tests.factories import member as make_member

pytestmark = pytest.mark.django_db

# What people and agencies contribute, by what the moderator reads on its card.
CONTRIBUTIONS = {
    "A comment": lambda c: CommentFactory(consultation=c, author=UserFactory()),
    "A reply": lambda c: CommentFactory(
        consultation=c, author=UserFactory(), root=(root := CommentFactory(consultation=c)), answers=root
    ),
    "A comment on a proposal": lambda c: CommentFactory(
        consultation=c, author=UserFactory(), proposal=ProposalFactory(consultation=c)
    ),
    "An official reply": lambda c: add_comment(
        consultation=c, actor=make_member(c.agency, Role.EDITOR), body="Gracias.", is_official=True
    ),
    "A proposal": lambda c: ProposalFactory(consultation=c, author=UserFactory()),
    "The agency's proposal": lambda c: ProposalFactory(consultation=c, is_official=True),
}
ADDRESSES = {"comment": "/comments/{}/{}/", "proposal": "/moderation/proposals/{}/{}/"}


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"))


@pytest.mark.parametrize("act", ["hide", "keep"])
@pytest.mark.parametrize("label", CONTRIBUTIONS)
def test_it_is_reported_by_its_page_seen_in_the_queue_and_decided(client, consultation, label, act):
    target = CONTRIBUTIONS[label](consultation)
    address = ADDRESSES[target._meta.model_name]
    moderator = make_member(consultation.agency, Role.MODERATOR)

    client.force_login(UserFactory())
    assert client.post(address.format(target.pk, "report"), {"ground": "insult"}).status_code == 302
    client.force_login(moderator)
    page = client.get("/moderation/").content.decode()
    assert address.format(target.pk, act) in page
    assert label.removesuffix(" on a proposal").replace("A reply", "A comment") in page
    assert client.post(address.format(target.pk, act), {"reason": "Por esto."}).status_code == 302

    target.refresh_from_db()
    assert target.is_hidden == (act == "hide")
    assert Flag.objects.get().answered_by == moderator
    assert waiting_in(moderated_by(fresh(moderator))) == []
    assert ModerationDecision.objects.get().target == target


def test_whatever_flags_and_decisions_can_be_about_is_in_the_registry():
    """A model that gets a column in Flag and no line in KINDS would be reported, and seen by nobody."""
    about_people = {"reporter", "answered_by"}
    columns = {f.name for f in Flag._meta.fields if isinstance(f, ForeignKey)} - about_people
    assert columns == set(KINDS)
    assert columns <= {f.name for f in ModerationDecision._meta.fields}


def test_whatever_people_write_in_public_is_in_the_registry():
    """Whoever adds a model with hidden_at has added a kind of contribution."""
    hideable = {model for model in apps.get_models() if any(f.name == "hidden_at" for f in model._meta.fields)}
    assert hideable == {kind.model for kind in KINDS.values()}


def test_what_waits_to_be_published_is_in_the_queue_whatever_it_is(consultation):
    for make in (CommentFactory, ProposalFactory):
        make(consultation=consultation, author=UserFactory(), held_at=consultation.published_at)
    moderator = make_member(consultation.agency, Role.MODERATOR)
    assert {(row.what, row.kind) for row in waiting_in(moderated_by(moderator))} == {
        ("held", "comment"),
        ("held", "proposal"),
    }


def test_what_its_author_took_back_waits_for_nobody(consultation):
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    flag(target=comment, actor=UserFactory(), ground="spam")
    type(comment).objects.filter(pk=comment.pk).update(deleted_at=consultation.published_at, body="")
    assert waiting_in(moderated_by(make_member(consultation.agency, Role.MODERATOR))) == []
