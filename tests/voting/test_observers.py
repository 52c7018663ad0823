"""Observers of a vote: who accredits them, that everybody reads who they are, and what they may see."""

import pytest

from accounts.models import AuditEntry, Role, User
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from tests.at_once import at_once
from tests.consultations.doors import logged_in, words
from tests.factories import UserFactory, anonymous, fresh, make_agency, make_consultation, make_poll, member
from tests.voting.test_closing import end
from voting.ballots.closing import close_if_due
from voting.models import Observer
from voting.observers.accrediting import accredit_observer, dismiss_observer

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def poll(agency):
    return make_poll(make_consultation(agency, now_in="voting"), disclosure="auditors", question="¿Qué plaza?")


@pytest.fixture
def editor(agency):
    return member(agency, Role.EDITOR)


@pytest.fixture
def vera():
    return UserFactory(name="Vera Auditora", email="vera@example.org")


def accredit(poll, actor, email="vera@example.org", name="Vera"):
    return accredit_observer(poll=poll, email=email, name=name, actor=actor)


def test_an_observer_may_observe_and_is_told_and_it_is_in_the_trail(poll, editor, vera):
    accredit(poll, editor, " Vera@Example.org ")
    assert fresh(vera).has_perm("voting.observe_poll", poll)
    assert vera.notices.get().kind == "observer_accredited"
    entry = AuditEntry.objects.get(event="voting.observer_accredited")
    assert (entry.actor, entry.details["user_id"]) == (editor, vera.pk)


def test_editors_accredit_and_nobody_else(poll, agency, vera):
    others = [member(agency, role) for role in (Role.MODERATOR, Role.ANALYST, Role.MEMBER)]
    for person in [anonymous, UserFactory(), vera, fresh(make_agency("Salud").owner), *others]:
        with pytest.raises(NotPermitted):
            accredit(poll, person)
    assert not Observer.objects.exists()
    assert accredit(poll, fresh(agency.owner))


def test_nobody_accredits_themselves(poll, editor):
    with pytest.raises(NotPermitted):
        accredit(poll, editor, editor.email)
    assert not fresh(editor).has_perm("voting.observe_poll", poll)


def test_the_same_person_twice_is_told_so_also_at_once(poll, editor, vera):
    accredit(poll, editor)
    with pytest.raises(InvalidInput):
        accredit(poll, fresh(editor))
    assert Observer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_make_one_observer(poll, editor, vera):
    answers = at_once(*[lambda: accredit(poll, User.objects.get(pk=editor.pk))] * 2)
    assert answers == ["done", "observer_already"]
    assert Observer.objects.count() == 1


def test_where_everybody_sees_the_ballots_there_are_none(agency, editor, client):
    public = make_poll(make_consultation(agency, now_in="voting"))
    with pytest.raises(Conflict):
        accredit(public, editor)
    assert client.get(f"/polls/{public.pk}/observers/").status_code == 404


def test_who_is_dismissed_sees_no_ballots_and_stays_on_the_page(poll, editor, vera):
    observer = accredit(poll, editor)
    dismiss_observer(observer=observer, actor=fresh(editor))
    assert not fresh(vera).has_perm("voting.observe_poll", poll)
    with pytest.raises(Conflict):
        dismiss_observer(observer=observer, actor=fresh(editor))
    accredit(poll, fresh(editor))  # and again
    page = words(logged_in(UserFactory()).get(f"/polls/{poll.pk}/observers/"))
    assert page.count("Vera Auditora") == 2 and ", ended " in page
    with pytest.raises(NotPermitted):
        dismiss_observer(observer=poll.observers.last(), actor=vera)


def test_everybody_reads_who_observes_and_editors_see_the_form(poll, editor, vera, client):
    accredit(poll, editor)
    address = f"/polls/{poll.pk}/observers/"
    page = words(client.get(address))
    assert "Vera Auditora" in page and "vera@example.org" not in page and "Accredit somebody" not in page
    assert "Accredit somebody" in words(logged_in(fresh(editor)).get(address))
    assert address in client.get(f"/polls/{poll.pk}/").text


def test_an_editor_accredits_and_dismisses_on_the_page(poll, editor, vera):
    browser = logged_in(editor)
    address = f"/polls/{poll.pk}/observers/"
    person = {"email": "vera@example.org", "name": "Otra"}
    assert "The observer is accredited" in words(browser.post(address, person, follow=True))
    assert fresh(vera).name == "Vera Auditora"
    again = browser.post(address, person)
    assert again.status_code == 400 and "an observer of this vote already" in words(again)
    for wrong in (
        {"email": "no", "name": "Ana"},
        {"email": "ana@example.org"},
        {"email": "ana@example.org", "name": " "},
    ):
        assert browser.post(address, wrong).status_code == 400
    observer = poll.observers.get()
    ended = browser.post(f"{address}{observer.pk}/dismiss/", follow=True)
    assert "The accreditation has ended." in words(ended)
    assert logged_in(vera).post(f"{address}{observer.pk}/dismiss/").status_code == 403
    assert logged_in(vera).post(address, {"email": "vera@example.org"}).status_code == 403


def test_who_had_no_account_is_read_by_name_and_not_by_a_part_of_the_address(poll, editor, client):
    accredit(poll, editor, "juan.perez82@example.org", " Juan\u202e Pérez ")
    page = words(client.get(f"/polls/{poll.pk}/observers/"))
    assert "Juan Pérez" in page and "juan.perez82" not in page


def test_an_observer_of_one_vote_is_none_of_another_and_ids_of_others_lead_nowhere(poll, agency, editor, vera):
    other = make_poll(make_consultation(agency, now_in="voting"), disclosure="auditors")
    observer = accredit(poll, editor)
    assert not fresh(vera).has_perm("voting.observe_poll", other)
    assert logged_in(fresh(editor)).post(f"/polls/{other.pk}/observers/{observer.pk}/dismiss/").status_code == 404


def test_the_address_of_an_unseen_consultation_is_not_found(agency, client):
    private = make_poll(
        make_consultation(agency, now_in="voting", visibility="private", eligibility="invited"), disclosure="auditors"
    )
    assert client.get(f"/polls/{private.pk}/observers/").status_code == 404
    assert client.post(f"/polls/{private.pk}/observers/", {"email": "a@example.org", "name": "Ana"}).status_code == 404


def test_the_page_of_the_log_says_who_can_count_again_with_its_download(poll, editor, vera, client):
    accredit(poll, editor)
    close_if_due(end(poll))
    address = f"/polls/{poll.pk}/log/"
    assert "no puede volver a contar" in words(client.get(address))
    assert "cannot count again" in words(logged_in(fresh(editor)).get(address))
    assert "cannot count again" not in words(logged_in(fresh(vera)).get(address))
