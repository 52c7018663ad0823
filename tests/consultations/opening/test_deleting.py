"""A draft can be thrown away, with all that it holds; what people have seen can not."""

import pytest
from django.core.files.storage import default_storage

from accounts.models import AuditEntry, Role
from accounts.refusals import Conflict, NotPermitted
from consultations.files.attaching import attach
from consultations.files.illustrating import set_cover
from consultations.models import Attachment, Consultation, Cover
from consultations.opening import delete_draft
from tests.at_once import at_once
from tests.consultations.doors import address, logged_in, words
from tests.factories import (
    ProposalFactory,
    UserFactory,
    anonymous,
    choose,
    fresh,
    make_agency,
    make_consultation,
    make_document,
    make_poll,
    member,
)  # fmt: skip
from tests.factories.files import PDF, picture, upload
from voting.ballots.casting import cast_ballot
from voting.models import ElectoralRoll, Poll
from voting.rolls.loading import load, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def editor(agency):
    return member(agency, Role.EDITOR)


@pytest.fixture
def draft(agency):
    return make_consultation(agency, now_in="voting", publish=False, budget_cents=100_00)


@pytest.mark.django_db(transaction=True)
def test_everything_in_it_goes_with_it_files_too(draft, editor):
    cover = set_cover(consultation=draft, actor=editor, picture=picture(), alt="Una plaza")
    paper = attach(consultation=draft, actor=editor, file=upload("bases.pdf", PDF), title="Bases")
    make_document(draft)
    load(upload=stage(consultation=draft, content="email\nana@example.org\n", actor=editor), actor=editor)
    make_poll(
        draft,
        method="greedy",
        options=[ProposalFactory(consultation=draft, cost_cents=cost) for cost in (10_00, 20_00)],
    )
    files = [*cover.files, paper.file]
    assert all(default_storage.exists(name) for name in files)

    delete_draft(consultation=Consultation.objects.get(pk=draft.pk), actor=fresh(editor))

    for model in (Consultation, Cover, Attachment, ElectoralRoll, Poll):
        assert not model.objects.exists(), model
    assert not [name for name in files if default_storage.exists(name)]
    assert AuditEntry.objects.get(event="consultations.draft_deleted").details["title"] == draft.title


def test_what_is_published_stays_and_so_does_every_ballot(agency, editor):
    consultation = make_consultation(agency, now_in="voting")
    poll = make_poll(consultation)
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    with pytest.raises(Conflict, match="was_published"):
        delete_draft(consultation=consultation, actor=editor)
    assert poll.ballots.count() == 1


def test_editors_delete_it_and_nobody_else(draft, agency, editor):
    others = [member(agency, role) for role in (Role.MODERATOR, Role.ANALYST, Role.MEMBER)]
    for person in [anonymous, UserFactory(), fresh(make_agency("Salud").owner), *others]:
        with pytest.raises(NotPermitted):
            delete_draft(consultation=draft, actor=person)
    delete_draft(consultation=draft, actor=editor)
    assert not Consultation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_delete_it_at_once_one_is_told_that_it_is_gone(draft, agency):
    def delete():
        owner, found = fresh(agency.owner), Consultation.objects.filter(pk=draft.pk).first()
        if found is not None:  # else the page is not found
            delete_draft(consultation=found, actor=owner)

    assert set(at_once(delete, delete)) <= {"done", "draft_deleted", "not_granted"}
    assert not Consultation.objects.exists()


def test_the_page_asks_first_and_leads_back_to_the_desk(draft, editor):
    browser = logged_in(editor)
    assert address(draft, "delete/") in browser.get(address(draft, "edit/")).text
    assert draft.title in words(browser.get(address(draft, "delete/"))) and Consultation.objects.exists()
    gone = browser.post(address(draft, "delete/"), follow=True)
    assert "The draft is deleted." in words(gone) and "My desk" in words(gone)
    assert browser.get(address(draft, "delete/")).status_code == 404
    assert not Consultation.objects.exists()


def test_of_what_is_published_the_page_says_that_it_stays(agency, editor):
    consultation = make_consultation(agency)
    browser = logged_in(editor)
    assert address(consultation, "delete/") not in browser.get(address(consultation, "edit/")).text
    for answer in (browser.get(address(consultation, "delete/")), browser.post(address(consultation, "delete/"))):
        assert answer.status_code == 409 and "It is published, so it stays" in words(answer)
