"""After it is sent: co-authors, versions that everybody can compare, withdrawal; and what is out of sight stays so."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import AuditEntry, Letter, Notice
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from comments.moderation.moderating import hide
from consultations.clock import database_now
from consultations.models import CoAuthor, Consultation, CustomField, Proposal
from consultations.proposals.co_authoring import accept_invitation, invite_co_author
from consultations.proposals.proposing import change_proposal, make_proposal, withdraw_proposal
from consultations.proposals.supporting import support
from tests.consultations.doors import address, words
from tests.factories import ProposalFactory, UserFactory, fresh, make_agency, make_consultation, make_poll
from tests.outbox import send_what_waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def open_call(agency):
    return make_consultation(agency, now_in="proposals")


@pytest.fixture
def ana():
    return UserFactory(name="Ana Pérez")


@pytest.fixture
def plaza(open_call, ana):
    return ProposalFactory(consultation=open_call, author=ana, title="Una plaza", body="Con bancos y sombra.")


def signed_by(proposal, person):
    invite_co_author(proposal=proposal, actor=fresh(proposal.author), email=person.email)
    accept_invitation(proposal=Proposal.objects.get(pk=proposal.pk), actor=person)
    return Proposal.objects.get(pk=proposal.pk)


# --- Co-authors


def test_an_invitation_says_the_same_whether_the_address_has_an_account_or_not(
    client, plaza, ana, django_capture_on_commit_callbacks
):
    rosa = UserFactory(email="rosa@example.org", name="Rosa Ñandubay")
    client.force_login(ana)
    with django_capture_on_commit_callbacks(execute=True):
        pages = [
            words(client.post(f"/proposals/{plaza.pk}/co-authors/", {"email": email}, follow=True)).replace(email, "…")
            for email in [rosa.email, "nadie@example.org"]
        ]
    assert "Rosa" not in pages[0]
    assert mail.outbox[0].body == mail.outbox[1].body
    assert [letter.to for letter in mail.outbox] == [["rosa@example.org"], ["nadie@example.org"]]


def test_who_is_asked_and_has_an_account_finds_it_among_the_notices_and_gets_one_letter(client, agency, plaza, ana):
    rosa = UserFactory(email="rosa@example.org")
    invite_co_author(proposal=plaza, actor=ana, email="rosa@example.org")
    client.force_login(rosa)
    told = client.get("/account/notices/").content.decode()
    assert "asks you to sign “Una plaza” together." in told

    send_what_waits(database_now() + timedelta(days=8))

    assert Letter.objects.count() == 0  # the invitation itself is the e-mail
    opened = client.get(Notice.objects.get().get_absolute_url())
    assert opened.url == f"/proposals/{plaza.pk}/invitation/"
    hide(target=plaza, actor=agency.owner, reason="Se repite")
    assert "Una plaza" not in client.get("/account/notices/").content.decode()


def test_who_accepts_is_in_the_byline_edits_and_supports_it_no_more(client, plaza, ana):
    rosa = UserFactory(name="Rosa Ñandubay")
    support(place=plaza, actor=rosa)

    plaza = signed_by(plaza, rosa)

    assert plaza.support_count == 0
    assert "Ana Pérez and Rosa Ñandubay" in words(client.get(plaza.get_absolute_url()))
    assert "Ana Pérez and Rosa Ñandubay" in words(client.get(address(plaza.consultation, "proposals/")))
    change_proposal(proposal=plaza, actor=rosa, title="Una plaza con juegos")
    with pytest.raises(NotPermitted):
        withdraw_proposal(proposal=plaza, actor=rosa)
    assert Notice.objects.get(user=ana).kind == "co_author_accepted"


def test_who_was_not_asked_or_said_no_signs_nothing(client, plaza, ana):
    invite_co_author(proposal=plaza, actor=ana, email="rosa@example.org")
    rosa = UserFactory(email="rosa@example.org")
    client.force_login(UserFactory())
    assert client.post(f"/proposals/{plaza.pk}/invitation/", {"answer": "accept"}).status_code == 403
    client.force_login(rosa)
    client.post(f"/proposals/{plaza.pk}/invitation/", {"answer": "decline"})
    assert client.post(f"/proposals/{plaza.pk}/invitation/", {"answer": "accept"}).status_code == 403
    assert invite_co_author(proposal=plaza, actor=ana, email="ROSA@example.org ").declined_at
    assert CoAuthor.objects.filter(accepted_at__isnull=False).count() == 0


def test_a_name_comes_off_by_its_owner_or_by_the_author(client, plaza, ana):
    rosa, juan = UserFactory(name="Rosa"), UserFactory(name="Juan")
    plaza = signed_by(signed_by(plaza, rosa), juan)
    by_rosa, by_juan = CoAuthor.objects.order_by("pk")
    client.force_login(rosa)
    assert client.post(f"/proposals/{plaza.pk}/co-authors/{by_juan.pk}/remove/").status_code == 403
    assert client.post(f"/proposals/{plaza.pk}/co-authors/{by_rosa.pk}/remove/").status_code == 302
    client.force_login(ana)
    assert client.post(f"/proposals/{plaza.pk}/co-authors/{by_juan.pk}/remove/").status_code == 302
    assert Proposal.objects.get().co_signers == []


def test_ten_are_asked_at_most_and_never_oneself(plaza, ana):
    for n in range(10):
        invite_co_author(proposal=plaza, actor=ana, email=f"v{n}@example.org")
    for email in ["v10@example.org", ana.email, "nada"]:
        with pytest.raises(InvalidInput):
            invite_co_author(proposal=plaza, actor=ana, email=email)


# --- Versions


def test_each_text_stays_readable_and_the_difference_is_told_without_colour(client, plaza, ana):
    change_proposal(proposal=plaza, actor=ana, body="Con bancos, juegos y sombra.")
    change_proposal(proposal=plaza, actor=ana, title="Una plaza grande")

    page = client.get(f"/proposals/{plaza.pk}/history/?version=2")
    text = re.sub(r"\s+", " ", page.content.decode())

    assert [version.number for version in page.context["history"].versions] == [3, 2, 1]
    assert "<ins>" in text and "came:" in text and ", juegos" in text
    assert "Una plaza grande" not in words(page).split("Version 2")[1].split("Versions")[0]
    assert client.get(f"/proposals/{plaza.pk}/history/?version=1").status_code == 200
    assert b"/history/" in client.get(plaza.get_absolute_url()).content


def test_a_change_that_changes_nothing_is_none(plaza, ana):
    change_proposal(proposal=plaza, actor=ana, title=plaza.title)
    assert (plaza.versions.count(), Proposal.objects.get().edited_at) == (0, None)


def test_of_two_who_change_it_at_once_the_second_is_told_and_loses_nothing(client, plaza, ana):
    client.force_login(ana)
    form = {"title": "Una plaza", "body": "Con fuente.", "version": "1"}
    change_proposal(proposal=Proposal.objects.get(), actor=ana, body="Con juegos.")

    refused = client.post(f"/proposals/{plaza.pk}/edit/", form)

    assert refused.status_code == 409
    assert "Con fuente." in refused.content.decode()
    assert Proposal.objects.get().body == "Con juegos."
    with pytest.raises(Conflict):
        change_proposal(proposal=plaza, actor=ana, body="…", known_version=1)


def test_what_is_hidden_or_withdrawn_has_no_history(client, agency, plaza, ana):
    change_proposal(proposal=plaza, actor=ana, body="Con juegos.")
    other = ProposalFactory(consultation=plaza.consultation, author=ana)
    change_proposal(proposal=other, actor=ana, body="Con juegos.")
    withdraw_proposal(proposal=plaza, actor=ana)
    hide(target=other, actor=fresh(agency.owner), reason="Agravia")
    for proposal in (plaza, other):
        assert client.get(f"/proposals/{proposal.pk}/history/").status_code == 404
        assert client.get(f"/api/v1/proposals/{proposal.pk}/versions/").json() == []


# --- Withdrawal


def test_a_withdrawn_proposal_is_a_stub_with_its_words_and_its_text_is_nowhere(client, plaza, ana):
    withdraw_proposal(proposal=plaza, actor=ana, words="Me sumo a la de Rosa.")

    page = words(client.get(plaza.get_absolute_url()))
    assert "Me sumo a la de Rosa." in page
    for place in [
        plaza.get_absolute_url(),
        address(plaza.consultation),
        address(plaza.consultation, "proposals/"),
        address(plaza.consultation, "proposals/?q=sombra"),
        f"/api/v1/proposals/{plaza.pk}/",
        "/api/v1/proposals/?consultation=plan-de-arbolado&q=sombra",
    ]:
        assert "bancos y sombra" not in client.get(place).content.decode()
    for rest in ["edit/", "withdraw/", "co-authors/", "support/"]:
        client.force_login(ana)
        assert client.get(f"/proposals/{plaza.pk}/{rest}").status_code in {403, 409}
    assert AuditEntry.objects.first().event == "consultations.proposal_withdrawn"


def test_what_is_put_to_the_vote_is_not_withdrawn(agency, ana):
    consultation = make_consultation(agency, now_in="voting")
    chosen = [ProposalFactory(consultation=consultation, author=ana) for _ in range(2)]
    make_poll(consultation, method="approval", options=chosen)
    with pytest.raises(Conflict):
        withdraw_proposal(proposal=chosen[0], actor=ana)


# --- What the agency asks besides; moderators first


def test_what_the_agency_asks_is_enforced_explained_shown_and_exported(client, open_call, ana):
    field = CustomField.objects.create(
        consultation=open_call, position=1, label="Vecinos que la firman", kind="number", is_required=True
    )
    client.force_login(ana)
    form = {"title": "Una plaza", "body": "Sí."}

    wrong = client.post(address(open_call, "proposals/new/"), form | {field.form_name: "muchos"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (400, [field.form_name])
    assert client.post(address(open_call, "proposals/new/"), form).status_code == 400
    right = client.post(address(open_call, "proposals/new/"), form | {field.form_name: "120"})
    assert "Vecinos que la firman120" in words(client.get(right.url))
    with pytest.raises(InvalidInput):
        make_proposal(consultation=open_call, actor=ana, title="Otra", body="Sí.")
    row = client.get("/api/v1/proposals/").json()["results"][0]
    assert row["answers"] == {"Vecinos que la firman": 120}


def test_a_category_is_one_of_the_consultations(client, open_call, ana):
    Consultation.objects.update(categories=["Parques", "Calles"])
    client.force_login(ana)
    form = {"title": "Una plaza", "body": "Sí."}

    assert client.post(address(open_call, "proposals/new/"), form | {"category": "Otra"}).status_code == 400
    client.post(address(open_call, "proposals/new/"), form | {"category": "Parques"})
    assert Proposal.objects.get().category == "Parques"


def test_where_moderators_look_first_a_changed_text_waits_again_and_its_authors_see_it(client, plaza, ana):
    Consultation.objects.update(pre_moderates=True)
    rosa = UserFactory()
    plaza = signed_by(plaza, rosa)
    client.force_login(rosa)

    page = client.post(
        f"/proposals/{plaza.pk}/edit/", {"title": "Una plaza", "body": "Con insultos.", "version": "1"}, follow=True
    )

    assert page.status_code == 200
    assert "Waits for a moderator" in words(page)
    assert "Waits for a moderator" in words(client.get(address(plaza.consultation, "proposals/?only=mine")))
    client.logout()
    assert client.get(plaza.get_absolute_url()).status_code == 404
    assert "insultos" not in client.get(address(plaza.consultation, "proposals/")).content.decode()
