"""Asking another moderator to look again: who may, once, who answers, and what becomes of it."""

import pytest
from django.urls import reverse

from accounts.models import Membership, Notice, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from comments.commenting import add_comment
from comments.models import Appeal, ModerationDecision
from comments.moderation.appealing import answer_appeal, appeal
from comments.moderation.blocking import block, unblock
from comments.moderation.moderating import flag, hide, keep, refuse, restore
from comments.moderation.undoing import undo
from consultations.models import Block
from tests.at_once import at_once
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    anonymous,
    fresh,
    make_agency,
    make_consultation,
)
from tests.factories import member as make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"))


@pytest.fixture
def moderator(consultation):
    return make_member(consultation.agency, Role.MODERATOR)


@pytest.fixture
def colleague(consultation):
    return make_member(consultation.agency, Role.MODERATOR)


@pytest.fixture
def author():
    return UserFactory(name="Autora")


@pytest.fixture(params=["comment", "proposal"])
def hidden(request, consultation, moderator, author):
    factory = CommentFactory if request.param == "comment" else ProposalFactory
    return hide(target=factory(consultation=consultation, author=author), actor=moderator, ground="spam")


def answered(made, person, outcome="granted"):
    return answer_appeal(appeal=made, actor=person, outcome=outcome, answer="Lo miramos de nuevo.")


def test_a_granted_appeal_shows_it_again_and_tells_the_author_once(hidden, author, colleague):
    made = appeal(decision=hidden, actor=author, words="No es publicidad.")
    answered(made, colleague)

    hidden.target.refresh_from_db()
    assert not hidden.target.is_hidden
    kinds = [notice.kind for notice in Notice.objects.filter(user=author).order_by("pk")]
    assert kinds == ["hidden", "appeal_granted"]
    restored = ModerationDecision.objects.get(act="restored")
    assert (restored.moderator, restored.reason) == (colleague, "Lo miramos de nuevo.")


def test_a_denied_appeal_changes_nothing_and_tells_the_author(hidden, author, colleague):
    answered(appeal(decision=hidden, actor=author, words="No es publicidad."), colleague, "denied")

    hidden.target.refresh_from_db()
    assert hidden.target.is_hidden
    assert Notice.objects.filter(user=author).order_by("pk").last().facts["reason"] == "Lo miramos de nuevo."


def test_what_was_not_published_and_a_block_can_be_appealed_too(consultation, moderator, colleague, author):
    held = CommentFactory(consultation=consultation, author=author, held_at=consultation.published_at)
    answered(appeal(decision=refuse(target=held, actor=moderator, ground="spam"), actor=author, words="Sí."), colleague)
    held.refresh_from_db()
    assert not held.is_hidden

    blocked = block(consultation=consultation, user=author, actor=moderator, ground="insult")
    answered(appeal(decision=blocked, actor=fresh(author), words="No insulté."), colleague)
    assert not Block.objects.standing().exists()


def test_whoever_decided_is_not_told_and_the_others_are(hidden, author, moderator, colleague, consultation):
    appeal(decision=hidden, actor=author, words="No es publicidad.")
    told = set(Notice.objects.filter(kind="appeal_made").values_list("user_id", flat=True))
    owners = set(Membership.objects.filter(roles__contains=["owner"]).values_list("user_id", flat=True))
    assert told == {colleague.pk} | owners


def test_only_once(hidden, author, colleague):
    made = appeal(decision=hidden, actor=author, words="No es publicidad.")
    with pytest.raises(Conflict) as refused:
        appeal(decision=hidden, actor=author, words="De verdad que no.")
    assert refused.value.code == "appealed_already"
    answered(made, colleague, "denied")
    with pytest.raises(Conflict) as refused:
        answered(made, colleague)
    assert refused.value.code == "answered_already"


def test_only_who_is_concerned(hidden, moderator, colleague, consultation):
    for person in (anonymous, UserFactory(), moderator, colleague, make_member(consultation.agency, Role.OWNER)):
        with pytest.raises(NotPermitted):
            appeal(decision=hidden, actor=person, words="No es publicidad.")
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(("words", "code"), [("", "empty"), (" \n", "empty"), ("a" * 1_001, "too_long")])
def test_with_words_that_fit(hidden, author, words, code):
    with pytest.raises(InvalidInput) as refused:
        appeal(decision=hidden, actor=author, words=words)
    assert (refused.value.code, refused.value.field) == (code, "words")


def test_not_against_what_takes_nothing_away_or_was_undone(consultation, moderator, author):
    comment = CommentFactory(consultation=consultation, author=author)
    flag(target=comment, actor=UserFactory(), ground="spam")
    kept = keep(target=comment, actor=moderator)
    with pytest.raises(Conflict):
        appeal(decision=kept, actor=author, words="Pero…")
    hidden = hide(target=comment, actor=moderator, ground="spam")
    undo(decision=hidden, actor=moderator)
    with pytest.raises(Conflict):
        appeal(decision=ModerationDecision.objects.get(pk=hidden.pk), actor=author, words="Pero…")


# --- Who answers


def test_who_decided_does_not_answer_while_somebody_else_can(hidden, author, moderator):
    made = appeal(decision=hidden, actor=author, words="No es publicidad.")
    with pytest.raises(NotPermitted) as refused:
        answered(made, moderator)
    assert refused.value.code == "own_decision"


def test_an_owner_answers_where_there_is_one_moderator(hidden, author, consultation):
    made = appeal(decision=hidden, actor=author, words="No es publicidad.")
    owner = fresh(Membership.objects.get(agency=consultation.agency, roles__contains=["owner"]).user)
    assert not answered(made, owner).is_by_same_person


def test_a_moderator_whom_nobody_can_stand_in_for_is_told_so(hidden, author, moderator):
    Membership.objects.filter(roles__contains=["owner"]).update(roles=["editor"])
    for membership in Membership.objects.exclude(user=moderator):
        membership.user.groups.clear()
    made = appeal(decision=hidden, actor=author, words="No es publicidad.")
    with pytest.raises(NotPermitted) as refused:
        answered(made, moderator)
    assert refused.value.code == "only_moderator"


def test_an_agency_of_one_answers_itself_and_the_open_book_says_so(client, author):
    agency = make_agency("Sola")
    consultation = make_consultation(agency)
    comment = CommentFactory(consultation=consultation, author=author)
    made = appeal(decision=hide(target=comment, actor=agency.owner, ground="spam"), actor=author, words="No.")
    assert answered(made, agency.owner, "denied").is_by_same_person
    page = client.get(f"/moderation/{consultation.slug}/").content.decode()
    assert "la misma persona, porque nadie más modera acá" in page


def test_others_do_not_answer(hidden, author, consultation):
    made = appeal(decision=hidden, actor=author, words="No es publicidad.")
    stranger = make_member(make_agency("Salud"), Role.OWNER, Role.MODERATOR)
    others = [make_member(consultation.agency, role) for role in (Role.EDITOR, Role.ANALYST, Role.MEMBER)]
    for person in (anonymous, author, stranger, *others):
        with pytest.raises(NotPermitted):
            answered(made, person)


def test_what_was_shown_again_meanwhile_stays_so(hidden, author, colleague):
    made = appeal(decision=hidden, actor=author, words="No es publicidad.")
    restore(target=hidden.target, actor=colleague, reason="Ya está.")
    answered(made, colleague)
    assert ModerationDecision.objects.filter(act="restored").count() == 1


def test_a_block_that_was_lifted_meanwhile_stays_so(consultation, moderator, colleague, author):
    made = appeal(
        decision=block(consultation=consultation, user=author, actor=moderator, ground="spam"),
        actor=author,
        words="No.",
    )
    unblock(consultation=consultation, user=author, actor=colleague)
    assert answered(made, colleague).outcome == "granted"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_the_second_is_told():
    consultation = make_consultation(make_agency("Obras"))
    one, two, three = (make_member(consultation.agency, Role.MODERATOR) for _ in range(3))
    author = UserFactory()
    decision = hide(target=CommentFactory(consultation=consultation, author=author), actor=one, ground="spam")
    made = appeal(decision=decision, actor=author, words="No.")
    copies = [Appeal.objects.get(pk=made.pk) for _ in range(2)]
    told = at_once(lambda: answered(copies[0], two), lambda: answered(copies[1], three, "denied"))
    assert told == ["answered_already", "done"]


# --- The pages


def test_the_author_reads_the_decision_appeals_and_reads_the_answer(client, hidden, author, colleague, settings):
    settings.LANGUAGE_CODE = "en"
    address = hidden.get_absolute_url()
    client.force_login(author)
    page = client.get(address).content.decode()
    assert hidden.text_salt in page
    assert hidden.moderator.name not in page
    answer = client.post(f"{address}appeal/", {"words": "No es publicidad."}, follow=True).content.decode()
    assert "Another moderator will look at it" in answer

    client.force_login(colleague)
    queue = client.get("/moderation/", {"show": "appeals"}).content.decode()
    assert "No es publicidad." in queue
    sent = {"outcome": "denied", "answer": "Sí lo es.", "next": "/moderation/"}
    assert client.post(f"{address}answer/", sent).url == "/moderation/"

    client.force_login(author)
    assert "Sí lo es." in client.get(address).content.decode()


def test_who_decided_sees_in_the_queue_why_another_answers(client, hidden, author, moderator, settings):
    settings.LANGUAGE_CODE = "en"
    appeal(decision=hidden, actor=author, words="No es publicidad.")
    client.force_login(moderator)
    page = client.get("/moderation/").content.decode()
    assert "somebody else has to answer the appeal" in page
    assert 'name="outcome"' not in page


def test_a_mention_is_a_name_wherever_a_moderator_or_its_author_reads_it(client, consultation, moderator, colleague):
    bruno = UserFactory(name="Bruno *Díaz*")
    root = add_comment(consultation=consultation, actor=bruno, body="Faltan bancos.")
    ana = UserFactory(name="Ana")
    said = add_comment(consultation=consultation, actor=ana, body="Mentís, @Bruno *Díaz*", answers=root)
    decision = hide(target=said, actor=moderator, ground="insult")
    appeal(decision=decision, actor=ana, words="No es un insulto.")

    for reader, page in [
        (ana, decision.get_absolute_url()),
        (ana, "/account/participation/"),
        (colleague, decision.get_absolute_url()),
        (colleague, "/moderation/"),
        (colleague, reverse("comments:restore", args=[said.pk])),
    ]:
        client.force_login(reader)
        shown = client.get(page).content.decode()
        assert "Mentís, @Bruno *Díaz*" in shown, page
    client.force_login(ana)  # what is hashed stays as it was stored, for her to prove it
    assert "Mentís, @[1]</textarea>" in client.get(decision.get_absolute_url()).content.decode()
