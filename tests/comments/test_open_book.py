"""The open book: every act in it, by role and ground, without texts or names; as page, table and API."""

import hashlib
import re

import pytest

from accounts.models import AuditEntry, Role
from comments.models import Comment, ModerationDecision
from comments.moderation.blocking import block, unblock
from comments.moderation.exports import MODERATION
from comments.moderation.hashing import hash_of, new_salt
from comments.moderation.marking import mark
from comments.moderation.moderating import flag, hide, keep, lock, refuse, release, restore, unlock
from comments.moderation.undoing import undo
from consultations.models import Proposal
from tests.factories import CommentFactory, ProposalFactory, UserFactory, anonymous, make_agency, make_consultation
from tests.factories import member as make_member

pytestmark = pytest.mark.django_db
WORDS = "PALABROTA"


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"))


@pytest.fixture
def moderator(consultation):
    return make_member(consultation.agency, Role.MODERATOR)


@pytest.fixture
def everything(consultation, moderator):
    """One of each act."""
    write = {"consultation": consultation, "author": UserFactory(name="Autora Secreta")}
    one, two = CommentFactory(body=WORDS, **write), ProposalFactory(title=WORDS, **write)
    hide(target=one, actor=moderator, ground="insult")
    restore(target=one, actor=moderator, reason="Nos equivocamos.")
    flag(target=two, actor=UserFactory(name="Vecina Valiente"), ground="spam")
    keep(target=two, actor=moderator)
    held = [CommentFactory(body=WORDS, held_at=consultation.published_at, **write) for _ in range(2)]
    release(target=held[0], actor=moderator)
    refuse(target=held[1], actor=moderator, ground="off_topic")
    lock(target=one, actor=moderator)
    undo(decision=unlock(target=one, actor=moderator), actor=moderator)
    mark(target=two, actor=moderator, mark="highlighted")
    blocked = UserFactory(name="Persona Bloqueada")
    block(consultation=consultation, user=blocked, actor=moderator, ground="insult")
    unblock(consultation=consultation, user=blocked, actor=moderator)
    Comment.objects.update(hidden_at=None, hidden_by=None, hidden_reason="")  # what is left shows in no page below
    return ModerationDecision.objects.all()


def sources(client, consultation):
    """All that the public gets: the page, the API, and the columns of the table."""
    page = client.get(f"/moderation/{consultation.slug}/").content.decode()
    api = client.get("/api/v1/moderation/", {"consultation": consultation.slug}).content.decode()
    rows = MODERATION.extract(consultation, anonymous).rows
    table = str(list(rows.values_list(*[column.source or column.name for column in MODERATION.columns])))
    return {"page": page, "api": api, "table": table}


def test_every_act_is_in_it(client, consultation, everything):
    assert {decision.act for decision in everything} == set(ModerationDecision.Act.values)
    found = sources(client, consultation)
    for act in ModerationDecision.Act:
        assert act.value in found["api"]
        assert act.value in found["table"]
    assert found["page"].count('<tr id="decision-') == len(everything)


def test_no_text_no_name_and_no_salt_is_in_it(client, consultation, everything, moderator):
    salts = [decision.text_salt for decision in everything if decision.text_salt]
    for source, content in sources(client, consultation).items():
        for secret in (WORDS, "Secreta", "Valiente", "Bloqueada", moderator.name, moderator.email, *salts):
            assert secret not in content, (source, secret)


def test_every_removal_has_a_hash_that_its_author_can_prove(client, consultation, everything):
    removals = [decision for decision in everything if decision.act in ModerationDecision.REMOVING]
    assert len(removals) == 2
    found = sources(client, consultation)
    for decision in removals:
        assert all(decision.text_hash in content for content in found.values())
        proof = hashlib.sha256(f"{decision.text_salt}\n{WORDS}".encode()).hexdigest()
        assert proof == decision.text_hash
    assert not [decision for decision in everything if decision.text_hash and decision not in removals]


def test_the_same_words_twice_do_not_look_alike():
    assert hash_of(WORDS, new_salt()) != hash_of(WORDS, new_salt())
    assert re.fullmatch("[0-9a-f]{32}", new_salt())


def test_of_a_proposal_title_and_text_are_hashed(consultation, moderator):
    proposal = ProposalFactory(consultation=consultation, title="Título", body="Texto", category="Parques", place="Sur")
    decision = hide(target=proposal, actor=moderator, ground="spam")
    assert decision.text_hash == hash_of("Título\n\nTexto\n\nParques\nSur", decision.text_salt)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ([Role.MODERATOR], "moderator"),
        ([Role.OWNER], "owner"),
        ([Role.OWNER, Role.MODERATOR], "moderator"),
        ([Role.EDITOR, Role.OWNER], "owner"),
    ],
)
def test_it_says_in_which_role(consultation, roles, said):
    person = make_member(consultation.agency, *roles)
    decision = hide(target=CommentFactory(consultation=consultation), actor=person, ground="spam")
    assert decision.role == said


def test_without_words_of_its_own_a_decision_has_the_standard_reason_of_its_ground(consultation, moderator):
    for ground in ("insult", "personal_data", "spam", "off_topic"):
        comment = CommentFactory(consultation=consultation)
        assert hide(target=comment, actor=moderator, ground=ground).reason == comment.hidden_reason != ""


def test_an_undone_act_stays_as_undone(client, consultation, everything):
    assert "Deshecho" in sources(client, consultation)["page"]
    assert everything.filter(undone_at__isnull=False).count() == 1


def test_what_is_out_of_sight_and_what_the_book_says_add_up(consultation, moderator):
    """Whoever counts the hidden ones and reads the book finds the same number."""
    comments = [CommentFactory(consultation=consultation, author=UserFactory()) for _ in range(6)]
    for comment in comments[:4]:
        hide(target=comment, actor=moderator, ground="spam")
    restore(target=comments[0], actor=moderator, reason="Nos equivocamos.")
    undo(decision=hide(target=comments[5], actor=moderator, ground="spam"), actor=moderator)

    standing = ModerationDecision.objects.filter(undone_at__isnull=True)
    removed = standing.filter(act__in=ModerationDecision.REMOVING).count()
    shown_again = standing.filter(act="restored").count()
    assert removed - shown_again == Comment.objects.filter(hidden_at__isnull=False).count() == 3


def test_a_number_stays_when_the_contribution_is_gone(client, consultation, moderator):
    proposal = ProposalFactory(consultation=consultation)
    hide(target=proposal, actor=moderator, ground="spam")
    number = proposal.pk
    Proposal.objects.filter(pk=number).delete()
    decision = ModerationDecision.objects.get()
    assert (decision.proposal_id, decision.subject_number) == (None, number)
    assert client.get(f"/moderation/{consultation.slug}/").status_code == 200


def test_every_act_is_in_the_audit_trail_too(everything):
    assert AuditEntry.objects.filter(event__startswith="comments.").count() >= len(everything)
