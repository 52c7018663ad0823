"""The moderators' desk, the open book, and the forms that lead there."""

import pytest

from accounts.models import Role
from comments.models import Comment, Flag, ModerationDecision
from comments.moderation.moderating import flag, hide
from comments.revising import delete_comment
from tests.factories import CommentFactory, ProposalFactory, UserFactory, make_agency, make_consultation
from tests.factories import member as make_member

pytestmark = pytest.mark.django_db

DESK = "/moderation/"


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"))


@pytest.fixture
def moderator(client, consultation):
    person = make_member(consultation.agency, Role.MODERATOR)
    client.force_login(person)
    return person


def reported_comment(consultation, body="Palabras feas.", times=1, **fields):
    comment = CommentFactory(consultation=consultation, author=UserFactory(), body=body, **fields)
    for _ in range(times):
        flag(target=comment, actor=UserFactory(), ground="insult", explanation="Mirá el final.")
    return comment


def desk(client, **asked):
    return client.get(DESK, asked).content.decode()


# --- Reporting


def test_a_person_reports_a_comment_and_a_proposal(client, consultation):
    client.force_login(UserFactory())
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    proposal = ProposalFactory(consultation=consultation)

    for address in (f"/comments/{comment.pk}/report/", f"/moderation/proposals/{proposal.pk}/report/"):
        assert client.get(address).status_code == 200
        answer = client.post(address, {"ground": "spam", "explanation": "Publicidad."}, follow=True)
        assert "The moderators will look at it" in answer.content.decode()

    assert [made.ground for made in Flag.objects.all()] == ["spam", "spam"]


def test_nobody_is_asked_to_report_their_own_proposal_nor_one_that_is_withdrawn(client, consultation):
    reader = UserFactory()
    client.force_login(reader)
    others, own = ProposalFactory(consultation=consultation), ProposalFactory(consultation=consultation, author=reader)
    withdrawn = ProposalFactory(consultation=consultation, withdrawn_at=consultation.published_at)

    asked = {
        proposal: f"/moderation/proposals/{proposal.pk}/report/" in client.get(f"/proposals/{proposal.pk}/").text
        for proposal in (others, own, withdrawn)
    }
    assert asked == {others: True, own: False, withdrawn: False}


def test_what_its_author_deleted_meanwhile_cannot_be_reported_and_its_page_says_so(client, consultation):
    client.force_login(UserFactory())
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    delete_comment(comment=comment, actor=comment.author)

    for answer in (
        client.get(f"/comments/{comment.pk}/report/"),
        client.post(f"/comments/{comment.pk}/report/", {"ground": "spam"}),
    ):
        assert answer.status_code == 409
        assert "has taken it back. There is nothing to report" in answer.content.decode()
        assert 'name="ground"' not in answer.content.decode()


def test_a_report_without_a_reason_is_asked_for_one(client, consultation):
    client.force_login(UserFactory())
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    answer = client.post(f"/comments/{comment.pk}/report/", {})

    assert answer.status_code == 400
    assert "Choose a reason." in answer.content.decode()


def test_a_second_report_by_the_same_person_is_told_so(client, consultation):
    client.force_login(UserFactory())
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    client.post(f"/comments/{comment.pk}/report/", {"ground": "spam"})
    answer = client.post(f"/comments/{comment.pk}/report/", {"ground": "spam"})

    assert answer.status_code == 409
    assert "You have reported this already." in answer.content.decode()


def test_a_visitor_who_reports_is_sent_to_log_in(client, consultation):
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    answer = client.get(f"/comments/{comment.pk}/report/")

    assert answer.status_code == 403
    assert f"next=%2Fcomments%2F{comment.pk}%2Freport%2F" in answer.content.decode()


# --- The desk


def test_the_desk_groups_the_reports_by_what_they_are_about_the_oldest_first(client, consultation, moderator):
    reported_comment(consultation, "Primero.", times=1)
    reported_comment(consultation, "Segundo.", times=3)
    proposal = ProposalFactory(consultation=consultation, title="Tercero.")
    flag(target=proposal, actor=UserFactory(), ground="off_topic")
    CommentFactory(consultation=consultation, author=UserFactory(), body="Nadie lo denunció.")
    page = desk(client)

    assert page.index("Primero.") < page.index("Segundo.") < page.index("Tercero.")
    assert "3 reports" in page
    assert page.count("“Mirá el final.”") == 4
    assert "Insults or threatens somebody × 3</span>" in page
    assert "Has nothing to do with the consultation</span>" in page
    assert "Nadie lo denunció." not in page


def test_who_reported_is_not_shown(client, consultation, moderator):
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    flag(target=comment, actor=UserFactory(name="Vecina Valiente"), ground="spam")
    assert "Vecina Valiente" not in desk(client)


@pytest.mark.parametrize(("act", "is_hidden"), [("hide", True), ("keep", False)])
def test_the_moderator_answers_from_the_desk_and_comes_back_to_it(client, consultation, moderator, act, is_hidden):
    comment = reported_comment(consultation)
    answer = client.post(f"/comments/{comment.pk}/{act}/", {"reason": "Por esto.", "next": DESK})

    comment.refresh_from_db()
    assert (answer.url, comment.is_hidden) == (DESK, is_hidden)
    assert "Nothing is waiting" in desk(client)


def test_a_decision_on_a_proposal_leads_back_to_it(client, consultation, moderator):
    proposal = ProposalFactory(consultation=consultation, title="PALABROTA")
    answer = client.post(f"/moderation/proposals/{proposal.pk}/hide/", {"reason": "Insulta."})
    assert answer.url == proposal.get_absolute_url()
    assert "PALABROTA" not in client.get(answer.url).content.decode()

    answer = client.post(f"/moderation/proposals/{proposal.pk}/restore/", {"reason": "Nos equivocamos."})
    assert "PALABROTA" in client.get(answer.url).content.decode()


def test_after_a_decision_nobody_is_sent_to_another_site(client, consultation, moderator):
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    answer = client.post(f"/comments/{comment.pk}/hide/", {"reason": "Insulta.", "next": "https://example.org/"})
    assert answer.url == f"{comment.get_absolute_url()}#comment-{comment.pk}"


def test_a_decision_without_a_reason_is_asked_for_one(client, consultation, moderator):
    comment = reported_comment(consultation)
    answer = client.post(f"/comments/{comment.pk}/hide/", {"reason": " ", "next": DESK})

    assert answer.status_code == 400
    assert "Write the reason. Everybody will read it." in answer.content.decode()
    assert f'value="{DESK}"' in answer.content.decode()


def test_the_moderator_who_comes_second_is_told(client, consultation, moderator):
    comment = reported_comment(consultation)
    hide(target=comment, actor=moderator, reason="Insulta.")
    answer = client.post(f"/comments/{comment.pk}/hide/", {"reason": "Insulta."})

    assert answer.status_code == 409
    assert "A moderator has hidden this already." in answer.content.decode()


def test_before_restoring_the_moderator_reads_what_is_hidden(client, consultation, moderator):
    comment = CommentFactory(consultation=consultation, author=UserFactory(), body="Palabras feas.")
    hide(target=comment, actor=moderator, reason="Insulta.")

    assert "Palabras feas." in client.get(f"/comments/{comment.pk}/restore/").content.decode()
    assert "Palabras feas." not in client.get(comment.get_absolute_url()).content.decode()


def test_the_desk_shows_twenty_and_then_the_next(client, consultation, moderator):
    for n in range(25):
        reported_comment(consultation, f"Idea-{n}.")
    first = desk(client)
    second = desk(client, page=2)

    assert [n for n in range(25) if f"Idea-{n}." in first] == list(range(20))
    assert [n for n in range(25) if f"Idea-{n}." in second] == list(range(20, 25))
    assert "?page=2" in first
    assert "?page=3" not in second


def test_the_desk_costs_the_same_for_one_report_as_for_many(client, consultation, moderator, django_assert_num_queries):
    def cost():
        with django_assert_num_queries(11, exact=False) as counted:
            desk(client)
        return len(counted)

    reported_comment(consultation)
    flag(target=ProposalFactory(consultation=consultation), actor=UserFactory(), ground="spam")
    one = cost()
    for _ in range(15):
        reported_comment(consultation, times=2)
    assert cost() == one <= 12


# --- Who sees the desk


def test_a_moderator_sees_only_the_reports_of_what_they_moderate(client, consultation):
    elsewhere = make_consultation(make_agency("Salud"), title="Otra")
    reported_comment(consultation, "De Obras.")
    reported_comment(elsewhere, "De Salud.")
    client.force_login(make_member(elsewhere.agency, Role.MODERATOR))

    assert "De Salud." in desk(client)
    assert "De Obras." not in desk(client)
    assert client.get(DESK, {"consultation": consultation.slug}).status_code == 403


def test_a_moderator_of_two_chooses_one(client, consultation):
    elsewhere = make_consultation(make_agency("Salud"), title="Otra")
    person = make_member(consultation.agency, Role.MODERATOR)
    client.force_login(make_member(elsewhere.agency, Role.MODERATOR, user=person))
    reported_comment(consultation, "De Obras.")
    reported_comment(elsewhere, "De Salud.")

    assert "De Obras." in desk(client)
    page = desk(client, consultation=elsewhere.slug)
    assert ("De Obras." in page, "De Salud." in page) == (False, True)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ANALYST, Role.MEMBER, None])
def test_nobody_else_sees_it(client, consultation, role):
    reported_comment(consultation, "Palabras feas.")
    client.force_login(make_member(consultation.agency, role) if role else UserFactory())

    for asked in ({}, {"consultation": consultation.slug}):
        answer = client.get(DESK, asked)
        assert answer.status_code == 403
        assert "Palabras feas." not in answer.content.decode()
    comment = Comment.objects.get()
    for act in ("hide", "restore", "keep"):
        assert client.get(f"/comments/{comment.pk}/{act}/").status_code == 403
        assert client.post(f"/comments/{comment.pk}/{act}/", {"reason": "x"}).status_code == 403
    assert not ModerationDecision.objects.exists()


def test_a_visitor_is_sent_to_log_in(client, consultation):
    answer = client.get(DESK)
    assert answer.status_code == 403
    assert "next=%2Fmoderation%2F" in answer.content.decode()


def test_who_lost_the_role_lost_the_desk(client, consultation, moderator):
    reported_comment(consultation)
    assert client.get(DESK).status_code == 200
    make_member(consultation.agency, Role.MEMBER, user=moderator)
    assert client.get(DESK).status_code == 403


# --- The open book


def test_everybody_reads_what_was_decided_and_why_but_not_by_whom_nor_the_words(client, consultation):
    moderator = make_member(consultation.agency, Role.MODERATOR)
    comment = reported_comment(consultation, "PALABROTA")
    hide(target=comment, actor=moderator, reason="Insulta a una vecina.")
    page = client.get(f"/moderation/{consultation.slug}/").content.decode()

    assert "Insulta a una vecina." in page
    assert "Hidden" in page
    assert "PALABROTA" not in page
    assert moderator.name not in page
    assert DESK + "?consultation" not in page


def test_the_open_book_goes_back_twenty_by_twenty(client, consultation, moderator):
    for n in range(25):
        hide(target=CommentFactory(consultation=consultation), actor=moderator, reason=f"Motivo-{n}.")
    first = client.get(f"/moderation/{consultation.slug}/").content.decode()
    older = ModerationDecision.objects.get(reason="Motivo-5.").pk
    second = client.get(f"/moderation/{consultation.slug}/", {"older_than": older}).content.decode()

    assert [n for n in range(25) if f"Motivo-{n}." in first] == list(range(5, 25))
    assert [n for n in range(25) if f"Motivo-{n}." in second] == list(range(5))


def test_the_open_book_of_a_consultation_without_decisions_says_so(client, consultation):
    assert "No decision so far" in client.get(f"/moderation/{consultation.slug}/").content.decode()
