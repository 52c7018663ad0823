"""What the agency did with each contribution: who may say so, about what, twice, and at once."""

import pytest

from accounts.models import AuditEntry, Notice, Role
from accounts.notices.kinds import sentence_of
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from comments.dispositions.contributions import counts_of, undecided_count
from comments.dispositions.giving import give_disposition
from comments.models import Disposition
from comments.moderation.moderating import hide
from consultations.clock import database_now
from tests.at_once import at_once
from tests.comments.dispositions.making import annotate
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    anonymous,
    fresh,
    make_agency,
    make_consultation,
    member,
)
from tests.factories.documents import make_document, new_version

pytestmark = pytest.mark.django_db

BECAUSE = "Lo incorporamos en el artículo 4."


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"))


@pytest.fixture
def editor(consultation):
    return member(consultation.agency, Role.EDITOR)


@pytest.fixture
def ana():
    return UserFactory(name="Ana")


@pytest.fixture
def comment(consultation, ana):
    return CommentFactory(consultation=consultation, author=ana)


def give(contributions, actor, kind="taken", reason=BECAUSE, **more):
    return give_disposition(contributions=contributions, actor=actor, kind=kind, reason=reason, **more)


def article_of(document):
    return document.versions.first().articles.first()


def told(user):
    return [sentence_of(notice.kind, notice.facts) for notice in Notice.objects.filter(user=user)]


# --- It is given


def test_an_editor_says_what_was_done_with_a_comment_and_why(comment, editor):
    given = give([comment], editor, kind="taken_in_part")

    found = comment.disposition
    assert (found.kind, found.reason, found.given_by, found.article) == ("taken_in_part", BECAUSE, editor, None)
    assert (given.new, given.changed, given.same) == (1, 0, 0)


def test_comments_annotations_and_proposals_get_theirs_at_once(consultation, comment, editor):
    article = article_of(make_document(consultation))
    remark = annotate(article, UserFactory())
    proposal = ProposalFactory(consultation=consultation, author=UserFactory())
    assert undecided_count(consultation) == 3

    give([comment, remark, proposal], editor)

    assert undecided_count(consultation) == 0
    assert remark.disposition.kind == proposal.disposition.kind == "taken"


def test_the_change_that_answers_an_annotation_stands_with_it(consultation, editor):
    document = make_document(consultation, ["Se prohíbe el ruido."])
    remark = annotate(article_of(document), UserFactory())
    changed = new_version(document, ["Se prohíbe el ruido de noche."]).articles.get()

    give([remark], editor, article=changed)
    assert remark.disposition.article == changed


def test_the_audit_trail_has_the_act_and_no_word_of_the_contribution(comment, editor):
    give([comment], editor)

    entry = AuditEntry.objects.get(event="comments.disposition_given")
    assert (entry.actor, entry.consultation_id) == (editor, comment.consultation_id)
    assert entry.details["reason"] == BECAUSE
    assert entry.details["contributions"] == {"comment": [comment.pk], "proposal": []}
    assert comment.body not in str(entry.details)


# --- Who may


@pytest.mark.parametrize("role", [Role.EDITOR, Role.OWNER])
def test_who_replies_for_the_agency_may(comment, role):
    give([comment], member(comment.consultation.agency, role))
    assert comment.disposition


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST, Role.MEMBER])
def test_who_does_something_else_for_the_agency_may_not(comment, role):
    with pytest.raises(NotPermitted):
        give([comment], member(comment.consultation.agency, role))
    assert not Disposition.objects.exists()


def test_neither_citizens_nor_visitors_nor_another_agency_may(comment, ana):
    for person in (ana, UserFactory(), anonymous, fresh(make_agency("Salud").owner)):
        with pytest.raises(NotPermitted):
            give([comment], person)
    assert not Disposition.objects.exists()


# --- What is refused


@pytest.mark.parametrize(
    ("typed", "code", "field"),
    [
        ({"reason": " \n "}, "no_reason", "reason"),
        ({"reason": "a" * 2_001}, "reason_too_long", "reason"),
        ({"kind": "ignored"}, "no_kind", "kind"),
        ({"kind": ""}, "no_kind", "kind"),
    ],
)
def test_what_is_missing_or_too_long_is_said(comment, editor, typed, code, field):
    with pytest.raises(InvalidInput) as refused:
        give([comment], editor, **typed)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Disposition.objects.exists()


def test_a_reason_of_two_thousand_characters_fits(comment, editor):
    give([comment], editor, reason="á" * 2_000)
    assert len(comment.disposition.reason) == 2_000


def test_nothing_chosen_is_said(editor):
    with pytest.raises(InvalidInput, match="nothing_chosen"):
        give([], editor)


def test_contributions_of_two_consultations_are_not_answered_together(consultation, comment, editor):
    other = make_consultation(consultation.agency, title="Otra")
    with pytest.raises(InvalidInput, match="several_consultations"):
        give([comment, CommentFactory(consultation=other)], editor)


def test_an_article_of_another_consultation_or_of_a_draft_answers_nothing(consultation, comment, editor):
    elsewhere = make_document(make_consultation(title="Otra"))
    draft = make_document(consultation, published=False)
    for document in (elsewhere, draft):
        with pytest.raises(InvalidInput, match="no_such_article"):
            give([comment], editor, article=article_of(document))


def test_an_annotation_is_not_answered_by_the_version_that_it_is_on(consultation, editor):
    article = article_of(make_document(consultation))
    with pytest.raises(InvalidInput, match="article_not_later"):
        give([annotate(article, UserFactory())], editor, article=article)


def test_what_nobody_reads_or_is_not_said_to_the_agency_needs_none(consultation, comment, editor, ana):
    moderator = member(consultation.agency, Role.MODERATOR)
    now = database_now()
    proposal = ProposalFactory(consultation=consultation, author=ana)
    hidden = CommentFactory(consultation=consultation, author=ana)
    hide(target=hidden, actor=moderator, reason="Insulta.")
    without = [
        CommentFactory(consultation=consultation, author=ana, root=comment, answers=comment),
        CommentFactory(consultation=consultation, author=ana, proposal=proposal),
        CommentFactory(consultation=consultation, is_official=True),
        CommentFactory(consultation=consultation, author=ana, held_at=now),
        CommentFactory(consultation=consultation, author=ana, body="", deleted_at=now),
        hidden,
        ProposalFactory(consultation=consultation, is_official=True),
        ProposalFactory(consultation=consultation, author=ana, withdrawn_at=now),
        ProposalFactory(consultation=consultation, author=ana, held_at=now),
    ]
    for each in without:
        with pytest.raises(Conflict, match="needs_no_disposition"):
            give([comment, each], editor)
    assert not Disposition.objects.exists()
    assert counts_of(consultation).total == 2


def test_what_is_hidden_later_is_not_counted_any_more(consultation, comment, editor):
    give([comment], editor)
    hide(target=comment, actor=member(consultation.agency, Role.MODERATOR), reason="Insulta.")
    assert (counts_of(consultation).total, counts_of(consultation).lacking) == (0, 0)


# --- Twice


def test_another_one_replaces_it_and_the_old_one_stays_in_the_audit_trail(comment, editor):
    give([comment], editor, kind="not_taken", reason="No hay dinero.")
    given = give([comment], editor, kind="taken", reason="Apareció dinero.")

    comment.refresh_from_db()
    assert (comment.disposition.kind, comment.disposition.revision) == ("taken", 2)
    assert (given.new, given.changed) == (0, 1)
    (old,) = AuditEntry.objects.filter(event="comments.disposition_given").latest("pk").details["old"]
    assert (old["comment"], old["kind"], old["reason"], old["given_by"]) == (
        comment.pk, "not_taken", "No hay dinero.", editor.pk,
    )  # fmt: skip


def test_the_same_again_does_nothing_and_tells_nobody(comment, editor, ana):
    give([comment], editor)
    given = give([comment], editor)

    assert (given.new, given.changed, given.same) == (0, 0, 1)
    assert AuditEntry.objects.filter(event="comments.disposition_given").count() == 1
    assert len(told(ana)) == 1


def test_the_same_contribution_chosen_twice_is_one(comment, editor):
    assert give([comment, comment], editor).new == 1


def test_the_editor_who_comes_second_is_told_what_stands_there(comment, editor):
    known = {comment: 0}
    give([comment], editor, kind="not_taken", reason="No hay dinero.", known=known)
    second = member(comment.consultation.agency, Role.EDITOR)

    with pytest.raises(Conflict, match="answered_meanwhile") as refused:
        give([comment], second, known=known)
    assert "No hay dinero." in str(refused.value.sentence)
    comment.refresh_from_db()
    assert comment.disposition.kind == "not_taken"

    give([comment], second, known={comment: 1})
    comment.refresh_from_db()
    assert comment.disposition.kind == "taken"


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_is_told_and_one_disposition_stands():
    consultation = make_consultation(make_agency("Obras"))
    said = [CommentFactory(consultation=consultation, author=UserFactory()) for _ in range(3)]

    def give_all(kind):
        editor = member(consultation.agency, Role.EDITOR)
        return lambda: give(said, editor, kind=kind, known=dict.fromkeys(said, 0))

    assert at_once(give_all("taken"), give_all("not_taken")) == ["answered_meanwhile", "done"]
    assert len(set(Disposition.objects.values_list("kind", flat=True))) == 1
    assert Disposition.objects.count() == 3


# --- Authors are told


def test_the_author_is_told_once_with_the_reason_and_the_way_there(comment, editor, ana):
    give([comment], editor, kind="not_taken", reason="No hay dinero.")

    notice = Notice.objects.get(user=ana)
    assert told(ana) == ["What you wrote in “Plan de arbolado” was not taken. Reason: No hay dinero."]
    assert notice.url == f"{comment.get_absolute_url()}#comment-{comment.pk}"


def test_of_many_at_once_each_person_is_told_once(consultation, editor, ana):
    beto = UserFactory(name="Beto")
    said = [CommentFactory(consultation=consultation, author=ana) for _ in range(3)]
    said.append(CommentFactory(consultation=consultation, author=beto))
    give(said, editor)

    assert told(ana) == [f"3 of your contributions to “Plan de arbolado” were taken. Reason: {BECAUSE}"]
    assert told(beto) == [f"What you wrote in “Plan de arbolado” was taken. Reason: {BECAUSE}"]


def test_whoever_signs_a_proposal_is_told_and_nobody_of_their_own_act(consultation, editor, ana):
    signer = UserFactory(name="Cora")
    proposal = ProposalFactory(consultation=consultation, author=ana)
    proposal.co_authors.create(user=signer, email=signer.email, invited_by=ana, accepted_at=database_now())
    own = CommentFactory(consultation=consultation, author=editor)
    give([proposal, own], editor)

    assert len(told(ana)) == len(told(signer)) == 1
    assert told(editor) == []


def test_a_change_of_mind_is_told_again(comment, editor, ana):
    give([comment], editor, kind="not_taken", reason="No.")
    give([comment], editor, kind="taken", reason="Sí.")
    assert len(told(ana)) == 2


def test_thousands_cost_no_query_each(consultation, editor, django_assert_max_num_queries):
    said = [CommentFactory(consultation=consultation, author=UserFactory()) for _ in range(60)]
    with django_assert_max_num_queries(30):
        give(said, editor)
