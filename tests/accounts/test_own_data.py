"""Taking one's data away, and leaving. What others built upon stays; nothing of the person does."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.urls import reverse

from accounts.models import AuditEntry, Notice, Role, User
from accounts.notices.telling import tell
from accounts.own_data.erasing import erase_account
from accounts.own_data.holdings import all_holdings
from accounts.own_data.taking import own_data
from accounts.refusals import Conflict, InvalidInput
from comments.commenting import add_comment
from comments.models import Comment
from comments.moderation.moderating import flag
from consultations.models import Pledge, Proposal, Support
from consultations.proposals.co_authoring import invite_co_author
from consultations.proposals.proposing import make_proposal
from consultations.proposals.supporting import support
from tests.factories import (
    ProposalFactory,
    UserFactory,
    choose,
    fresh,
    make_agency,
    make_consultation,
    make_poll,
    member,
)
from tests.factories.accounts import PASSWORD
from tests.voting.reading import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close
from voting.models import Ballot, RollEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return UserFactory(name="Ana Pérez", email="ana@example.org")


@pytest.fixture
def busy_ana(ana):
    """Ana with a proposal, a comment that somebody answered, a report and a notice."""
    ana.consultation = make_consultation(now_in="proposals")
    ana.proposal = make_proposal(consultation=ana.consultation, actor=ana, title="Una plaza", body="Con sombra.")
    ana.comment = add_comment(consultation=ana.consultation, actor=ana, body="Falta sombra.")
    add_comment(consultation=ana.consultation, actor=UserFactory(), body="Es cierto.", answers=ana.comment)
    other = add_comment(consultation=ana.consultation, actor=UserFactory(), body="Comprá acá.")
    flag(target=other, actor=ana, ground="other", explanation="Vende cosas.")
    tell("mention", to=[ana.pk], key="k", url="/x/", name="Beto", title="Plaza")
    return ana


# --- Taking it away


def test_the_file_has_what_every_room_holds_about_the_person_and_nobody_else(client, busy_ana):
    client.force_login(busy_ana)
    answer = client.get(reverse("accounts:own-data-file"))
    data = json.loads(answer.content)

    assert data["account"][0]["email"] == "ana@example.org"
    assert [row["title"] for row in data["proposals"]] == ["Una plaza"]
    assert [row["body"] for row in data["comments"]] == ["Falta sombra."]
    assert data["flags"][0]["explanation"] == "Vende cosas."
    assert data["notices"][0]["kind"] == "mention"
    assert "Es cierto." not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_the_file_says_that_somebody_voted_once_it_is_over_and_never_how(ana):
    poll = make_poll(make_consultation(now_in="voting"), method="single_choice", options=["Plaza", "Cancha"])
    cast_ballot(poll=poll, voter=ana, choices=choose(poll, "Plaza"))
    assert own_data(ana)["votes"] == []

    end(poll)
    assert close(poll.pk)
    data = own_data(ana)
    assert [row["poll__question"] for row in data["votes"]] == [poll.question]
    assert "Cancha" not in json.dumps(data, default=str)
    assert "pseudonym" not in json.dumps(data, default=str)


def test_every_table_that_names_a_person_is_spoken_for():
    """A new table with a person in it has to say what becomes of it: here, in the file, and at the end."""
    spoken_for = {model for holding in all_holdings() for model in holding.models}
    relations = [field for field in User._meta.get_fields(include_hidden=True) if field.auto_created]
    tables = {relation.related_model._meta.label_lower for relation in relations if relation.related_model}
    tables -= {"accounts.agency"}  # its members, whom "memberships" are about
    tables -= {"guardian.userobjectpermission"}  # nothing is granted to a person, only to groups

    assert tables - spoken_for == set()


# --- Leaving


def test_who_leaves_is_nowhere_any_more_and_their_words_stay_under_a_pseudonym(busy_ana):
    erase_account(user=busy_ana, email="ana@example.org", with_texts=False)

    left = User.objects.get(pk=busy_ana.pk)
    assert "ana" not in left.email.lower()
    assert left.name.startswith("Cuenta borrada")
    assert not EmailAddress.objects.filter(email="ana@example.org").exists()
    assert not Notice.objects.filter(user=left).exists()
    assert Comment.objects.get(pk=busy_ana.comment.pk).body == "Falta sombra."
    assert Proposal.objects.get(pk=busy_ana.proposal.pk).title == "Una plaza"


def test_the_name_goes_from_what_others_were_told(busy_ana):
    beto = UserFactory()
    mine = add_comment(consultation=busy_ana.consultation, actor=beto, body="¿Y el riego?")
    add_comment(consultation=busy_ana.consultation, actor=busy_ana, body="Con la lluvia.", answers=mine)
    invite_co_author(proposal=busy_ana.proposal, actor=busy_ana, email=beto.email)
    assert [notice.facts["name"] for notice in beto.notices.all()] == ["Ana Pérez"] * 2

    erase_account(user=busy_ana, email="ana@example.org", with_texts=False)

    assert [notice.facts["name"] for notice in beto.notices.all()] == ["Alguien"] * 2


def test_their_words_go_too_if_they_want_and_answers_stay(client, busy_ana):
    erase_account(user=busy_ana, email="ANA@example.org ", with_texts=True)

    page = client.get(busy_ana.consultation.get_absolute_url()).content.decode()
    assert "Falta sombra." not in page
    assert "Es cierto." in page
    assert "Una plaza" not in page
    assert "Con sombra." not in client.get(busy_ana.proposal.get_absolute_url()).content.decode()


def test_nobody_gets_in_any_more_and_the_address_is_free_for_a_new_account(client, ana):
    client.force_login(ana)
    erase_account(user=ana, email=ana.email, with_texts=False)

    assert client.get(reverse("accounts:own-data")).status_code == 403  # the session is worth nothing
    assert authenticate(email="ana@example.org", password=PASSWORD) is None
    assert UserFactory(email="ana@example.org").pk != ana.pk


def test_a_ballot_that_was_cast_still_counts_and_turnout_adds_up(ana):
    poll = make_poll(make_consultation(now_in="voting"), method="single_choice", options=["Plaza", "Cancha"])
    cast_ballot(poll=poll, voter=ana, choices=choose(poll, "Plaza"))
    erase_account(user=ana, email=ana.email, with_texts=True)
    end(poll)
    assert close(poll.pk)

    assert Ballot.objects.filter(poll=poll).count() == RollEntry.objects.filter(poll=poll).count() == 1


def test_another_e_mail_erases_nothing(ana):
    with pytest.raises(InvalidInput):
        erase_account(user=ana, email="beto@example.org", with_texts=True)
    assert fresh(ana).is_active


def test_the_only_owner_of_an_agency_makes_another_one_first():
    agency = make_agency("Obras")
    owner = agency.owner
    with pytest.raises(Conflict):
        erase_account(user=owner, email=owner.email, with_texts=False)
    assert fresh(owner).is_active

    member(agency, Role.OWNER)
    erase_account(user=owner, email=owner.email, with_texts=False)
    assert not agency.memberships.filter(user=owner).exists()


def test_it_is_recorded_without_naming_anybody(ana):
    erase_account(user=ana, email=ana.email, with_texts=False)

    entry = AuditEntry.objects.get(event="accounts.account_erased")
    assert entry.actor is None
    assert "ana" not in json.dumps(entry.details)


def test_the_page_says_what_becomes_of_each_thing_and_asks_for_the_e_mail(client, ana):
    client.force_login(ana)
    page = client.get(reverse("accounts:erase-account")).content.decode()
    assert "turnout must add up" in page

    client.post(reverse("accounts:erase-account"), {"email": "ana@example.org", "with_texts": "yes"})
    assert not fresh(ana).is_active


# --- What became of it


def test_my_participation_shows_what_one_did_and_what_became_of_it(client, busy_ana):
    official = member(busy_ana.consultation.agency, Role.EDITOR)
    add_comment(
        consultation=busy_ana.consultation, actor=official, body="Sí.", answers=busy_ana.comment, is_official=True
    )
    poll = make_poll(make_consultation(make_agency("Salud"), now_in="voting"))
    cast_ballot(poll=poll, voter=busy_ana, choices=choose(poll, "for"))
    client.force_login(busy_ana)
    page = client.get(reverse("accounts:participation")).content.decode()

    assert "Falta sombra." in page
    assert "The agency has answered it." in page
    assert "Una plaza" in page
    assert poll.question in page


def test_of_a_proposal_it_says_how_many_support_it_and_what_came_of_it_to_all_who_sign(client, ana):
    consultation = make_consultation(now_in="proposals")
    plaza = ProposalFactory(consultation=consultation, author=UserFactory(), title="Una plaza", feasibility="feasible")
    plaza.co_authors.create(user=ana, email=ana.email, invited_by=plaza.author, accepted_at=plaza.created_at)
    support(place=plaza, actor=UserFactory())
    Pledge.objects.create(consultation=consultation, proposal=plaza, title=plaza.title)
    old = ProposalFactory(consultation=consultation, author=ana, title="Una placita", merged_into=plaza)
    client.force_login(ana)

    page = client.get(reverse("accounts:participation")).content.decode()

    assert "1 person supports it. The review found: feasible. It is being carried out." in page
    assert f"{old.title}</a>" in page and "goes on as “Una plaza”." in page

    hidden = {"hidden_at": plaza.created_at, "hidden_by": plaza.author, "hidden_reason": "Avisa de más"}
    Proposal.objects.filter(pk=plaza.pk).update(**hidden)
    page = client.get(reverse("accounts:participation")).content.decode()
    assert f"goes on as “Proposal {plaza.pk}, hidden by a moderator”." in page


def test_it_says_what_one_supports_and_what_became_of_that(client, ana, django_assert_max_num_queries):
    consultation = make_consultation(now_in="proposals")
    withdrawn = ProposalFactory(consultation=consultation, title="Una fuente", withdrawn_at=consultation.published_at)
    plazas = [ProposalFactory(consultation=consultation, title=f"Plaza {n}") for n in range(6)]
    for place in [withdrawn, *plazas]:
        Support.objects.create(user=ana, consultation=consultation, proposal=place)
    cause = make_consultation(title="Salvemos el molino")
    Support.objects.create(user=ana, consultation=cause)
    Support.objects.create(user=UserFactory(), consultation=consultation, proposal=plazas[5])
    client.force_login(ana)
    address = reverse("accounts:participation")

    with django_assert_max_num_queries(12):
        page = client.get(address).content.decode()
    assert 'What you support <span class="soft">8</span>' in page
    assert page.count("Plaza 5") == 1 and "2 people support it." in page
    assert "Salvemos el molino" in page and "?section=supports" in page and "Una fuente" not in page
    page = client.get(f"{address}?section=supports").content.decode()
    assert "Una fuente" in page and "It is withdrawn." in page and "Show all" not in page


def test_a_long_list_has_pages(client, ana):
    consultation = make_consultation(now_in="discussion")
    Comment.objects.bulk_create(Comment(consultation=consultation, author=ana, body=f"Idea {n}") for n in range(40))
    client.force_login(ana)
    address = reverse("accounts:participation")

    first = client.get(address).content.decode()
    assert "?section=comments" in first and 'Comments <span class="soft">40</span>' in first
    assert "Idea 9<" in client.get(f"{address}?section=comments&page=2").content.decode()
    assert client.get(f"{address}?section=nonsense").status_code == 404
