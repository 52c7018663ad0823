"""Calling a consultation answered: what is owed first, who may, and where it shows."""

from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Notice, Role
from accounts.refusals import Conflict, NotPermitted
from comments.dispositions.giving import give_disposition
from consultations.clock import database_now
from consultations.models import Consultation
from consultations.running.answering import answer_consultation, take_back_answer
from consultations.running.closing import close_early, write_closing_words
from consultations.running.dates import extend_phase
from tests.factories import CommentFactory, UserFactory, anonymous, fresh, make_agency, make_consultation, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    """Closed, with closing words and two contributions of which one has its answer."""
    found = make_consultation(make_agency("Obras"), now_in="over")
    found.editor = member(found.agency, Role.EDITOR)
    write_closing_words(consultation=found, actor=found.editor, closing_words="Plantamos mil árboles.")
    first, found.last = (CommentFactory(consultation=found, author=UserFactory()) for _ in range(2))
    give(found, first)
    return found


def give(consultation, comment):
    give_disposition(contributions=[comment], actor=consultation.editor, kind="taken", reason="Sí.")


def answer(consultation, actor=None):
    return answer_consultation(consultation=again(consultation), actor=actor or consultation.editor)


def again(consultation):
    return Consultation.objects.get(pk=consultation.pk)


def is_answered(consultation):
    return again(consultation).is_answered_at(database_now())


def test_it_is_refused_while_a_contribution_lacks_its_answer_and_the_way_to_the_desk_is_shown(client, consultation):
    with pytest.raises(Conflict, match="contributions_lack_answers") as refused:
        answer(consultation)
    assert "One contribution of 2 lacks its answer." in str(refused.value.sentence)
    assert not is_answered(consultation)

    client.force_login(consultation.editor)
    shown = client.post(f"/consultations/{consultation.slug}/answered/")
    assert shown.status_code == 409
    assert (
        f'href="/consultations/{consultation.slug}/contributions/">Answer the contributions</a>'
        in shown.content.decode()
    )


def test_once_all_have_theirs_it_is_answered_and_who_follows_is_told(consultation):
    follower = UserFactory()
    consultation.follows.create(user=follower)
    give(consultation, consultation.last)
    answer(consultation)

    assert is_answered(consultation)
    assert again(consultation).answered_by == consultation.editor
    assert AuditEntry.objects.filter(event="consultations.consultation_answered").count() == 1
    assert Notice.objects.filter(user=follower, kind="answered").count() == 1


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST, Role.MEMBER])
def test_others_of_the_agency_may_not(consultation, role):
    give(consultation, consultation.last)
    with pytest.raises(NotPermitted):
        answer(consultation, member(consultation.agency, role))


def test_citizens_visitors_and_other_agencies_may_not(consultation):
    give(consultation, consultation.last)
    for person in (UserFactory(), anonymous, fresh(make_agency("Salud").owner)):
        with pytest.raises(NotPermitted):
            answer(consultation, person)
        with pytest.raises(NotPermitted):
            take_back_answer(consultation=consultation, actor=person)


def test_an_open_one_is_not_answered_yet(consultation):
    still_open = make_consultation(consultation.agency, title="Otra", now_in="discussion")
    Consultation.objects.filter(pk=still_open.pk).update(closing_words="Ya está.")
    with pytest.raises(Conflict, match="not_closed"):
        answer(still_open, consultation.editor)


def test_without_a_word_of_what_came_of_it_it_is_not_answered(consultation):
    give(consultation, consultation.last)
    Consultation.objects.filter(pk=consultation.pk).update(closing_words="")
    with pytest.raises(Conflict, match="no_closing_words"):
        answer(consultation)


def test_the_second_time_is_told_so(consultation):
    give(consultation, consultation.last)
    answer(consultation)
    with pytest.raises(Conflict, match="answered_already"):
        answer(consultation)


def test_closing_early_stays_possible_and_does_not_call_it_answered(consultation):
    running = make_consultation(consultation.agency, title="Otra", now_in="discussion")
    CommentFactory(consultation=running, author=UserFactory())
    close_early(consultation=running, actor=consultation.editor, reason="Se inundó.", closing_words="Gracias.")
    assert not is_answered(running)


def test_it_can_be_taken_back(consultation):
    give(consultation, consultation.last)
    answer(consultation)
    take_back_answer(consultation=consultation, actor=consultation.editor)

    assert not is_answered(consultation)
    with pytest.raises(Conflict, match="not_answered"):
        take_back_answer(consultation=consultation, actor=consultation.editor)


def test_one_that_is_extended_has_to_be_answered_anew(consultation):
    give(consultation, consultation.last)
    answer(consultation)
    phase = again(consultation).phases.get(kind="discussion")
    consultation.phases.filter(kind="voting").delete()
    extend_phase(
        consultation=again(consultation),
        kind=phase.kind,
        ends_at=database_now() + timedelta(hours=1),
        reason="Llovió.",
        actor=consultation.editor,
    )
    assert not is_answered(consultation)
    assert not again(consultation).is_answered_at(database_now() + timedelta(hours=2))


# --- Where it shows


def test_how_many_have_no_answer_is_public(client, consultation):
    html = client.get(consultation.get_absolute_url()).content.decode()
    assert "2 contributions, 1 without an answer yet." in html
    assert f'href="/consultations/{consultation.slug}/report/"' in html


def test_page_lists_and_api_say_that_it_is_answered(client, consultation):
    api = f"/api/v1/consultations/{consultation.slug}/"
    assert client.get(api).json()["is_answered"] is False
    give(consultation, consultation.last)
    answer(consultation)

    assert "Answered</span>" in client.get(consultation.get_absolute_url()).content.decode()
    assert "2 contributions, all with their answer." in client.get(consultation.get_absolute_url()).content.decode()
    assert "Answered</span>" in client.get("/consultations/").content.decode()
    assert client.get(api).json()["is_answered"] is True


def test_the_page_says_what_is_owed_and_then_has_the_button(client, consultation):
    client.force_login(consultation.editor)
    address = f"/consultations/{consultation.slug}/answered/"
    html = client.get(address).content.decode()
    assert "1 of 2 contributions lacks its answer." in html
    assert "tell those who follow" not in html

    give(consultation, consultation.last)
    assert "tell those who follow" in client.get(address).content.decode()
    client.post(address)
    assert is_answered(consultation)
    client.post(address, {"take_back": "yes"})
    assert not is_answered(consultation)
