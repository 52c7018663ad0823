"""Officials merge proposals, and split one: the trail stays, the authors are told, no support counts twice."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry, Notice, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from consultations.clock import database_now
from consultations.models import CarriedSupport, CoAuthor, District, Proposal, Succession, Support
from consultations.proposals.merging import Part, merge_proposals, split_proposal
from consultations.proposals.proposing import change_proposal, withdraw_proposal
from consultations.proposals.restoring import restore_proposal
from consultations.proposals.supporting import support
from tests.consultations.doors import address, logged_in, words
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    fresh,
    make_agency,
    make_consultation,
    make_poll,
    member,
)

pytestmark = pytest.mark.django_db
WHY = "Las dos piden la misma plaza."


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def editor(agency):
    return fresh(member(agency, Role.EDITOR))


@pytest.fixture
def budget(agency):
    return make_consultation(agency, now_in="support", budget_cents=900_00, title="Presupuesto", slug="plata")


@pytest.fixture
def ana():
    return fresh(UserFactory(name="Ana"))


@pytest.fixture
def beto():
    return fresh(UserFactory(name="Beto"))


@pytest.fixture
def plaza(budget, ana):
    return ProposalFactory(consultation=budget, author=ana, title="Plaza con sombra", place="Mitre")


@pytest.fixture
def square(budget, beto):
    return ProposalFactory(consultation=budget, author=beto, title="Sombra en la plaza")


def supporters(proposal):
    return set(Support.objects.filter(proposal=proposal).values_list("user_id", flat=True))


def count(proposal):
    return Proposal.objects.get(pk=proposal.pk).support_count


def merge(budget, editor, *chosen, into, reason=WHY):
    return merge_proposals(consultation=budget, chosen=chosen, into=into, reason=reason, actor=editor)


def test_one_stands_for_all_and_everybody_can_follow_where_each_went(client, budget, editor, plaza, square, ana, beto):
    both, one = fresh(UserFactory()), fresh(UserFactory())
    for person, proposal in [(both, plaza), (both, square), (one, square), (ana, square)]:
        support(place=proposal, actor=person)
    CommentFactory(consultation=budget, proposal=square, body="Falta agua.")

    merge(budget, editor, plaza, square, into=plaza)

    assert supporters(plaza) == {both.pk, one.pk}  # both once; Ana signs it, so she does not support it
    assert (count(plaza), count(square)) == (2, 0)
    stands = Proposal.objects.get(pk=plaza.pk)
    assert stands.signed_by == "Ana y Beto" or stands.signed_by == "Ana and Beto"
    assert stands.is_shown
    assert not Proposal.objects.get(pk=square.pk).is_shown
    old = client.get(square.get_absolute_url(), headers={"accept-language": "en"})
    assert "merged into another" in words(old)
    assert plaza.get_absolute_url() in old.content.decode()
    assert WHY in words(old)
    assert "It had 3 supports" in words(old)
    assert "Falta agua." in words(old)
    new = client.get(plaza.get_absolute_url(), headers={"accept-language": "en"})
    assert "It also stands for: Sombra en la plaza · Beto (3 supports then)" in words(new)
    listed = client.get(address(budget, "proposals/")).context["page"].object_list
    assert [card.pk for card in listed] == [plaza.pk]
    notice = Notice.objects.get(kind="proposal_merged")
    assert (notice.user, notice.url, notice.facts["old"]) == (beto, plaza.get_absolute_url(), "Sombra en la plaza")
    entry = AuditEntry.objects.get(event="consultations.proposals_merged")
    assert (entry.details["proposals"], entry.details["reason"]) == ([square.pk], WHY)


def test_a_new_one_may_stand_for_all_in_the_name_of_their_authors(budget, editor, plaza, square, ana, beto):
    made = merge(budget, editor, plaza, square, into=Part("Plaza y sombra", "Las dos."))

    assert made.author == ana
    assert list(made.co_authors.values_list("user", flat=True)) == [beto.pk]
    assert made.place == "Mitre"
    assert set(made.merged.all()) == {plaza, square}
    assert Notice.objects.filter(kind="proposal_merged").count() == 2


def test_the_agencys_own_is_signed_by_it_alone_and_names_those_whose_idea_it_was(client, budget, editor, square):
    own = ProposalFactory(consultation=budget, is_official=True, title="Plan de sombra")

    merge(budget, editor, own, square, into=own)

    assert not own.co_authors.exists()
    assert "Sombra en la plaza · Beto" in words(client.get(own.get_absolute_url()))


def test_who_declined_to_sign_is_left_in_peace(budget, editor, plaza, square, beto):
    CoAuthor.objects.create(proposal=plaza, email=beto.email, declined_at=database_now())

    merge(budget, editor, plaza, square, into=plaza)

    assert not plaza.co_authors.filter(accepted_at__isnull=False).exists()


def test_one_that_says_several_things_is_split_into_parts_that_its_supporters_support(
    client, budget, editor, plaza, ana
):
    CoAuthor.objects.create(
        proposal=plaza, email="caro@example.org", user=UserFactory(name="Caro"), accepted_at=database_now()
    )
    one = fresh(UserFactory())
    support(place=plaza, actor=one)

    parts = [Part("Plaza", "Una plaza."), Part("Sombra", "Árboles.")]
    made = split_proposal(proposal=plaza, parts=parts, reason=WHY, actor=editor)

    for part in made:
        assert supporters(part) == {one.pk}
        assert part.author == ana
        assert part.co_authors.get().user.name == "Caro"
    assert count(plaza) == 0
    page = client.get(plaza.get_absolute_url(), headers={"accept-language": "en"})
    assert all(part.get_absolute_url() in page.content.decode() for part in made)
    assert "was split" in words(page)
    assert Notice.objects.filter(kind="proposal_split").count() == 2


def test_a_merge_is_taken_back_and_everybody_has_what_was_theirs(client, budget, editor, plaza, square, ana, beto):
    third = ProposalFactory(consultation=budget, title="Bancos a la sombra")
    both, one, late, of_third = (fresh(UserFactory()) for _ in range(4))
    for person, proposal in [(both, plaza), (both, square), (one, square), (beto, plaza), (ana, square)]:
        support(place=proposal, actor=person)
    for person in (one, of_third):
        support(place=third, actor=person)
    merge(budget, editor, plaza, square, third, into=plaza)
    support(place=plaza, actor=late)
    with pytest.raises(NotPermitted):
        restore_proposal(proposal=square, reason="Error.", actor=beto)
    with pytest.raises(InvalidInput):
        restore_proposal(proposal=square, reason=" ", actor=editor)

    restore_proposal(proposal=square, reason="Son dos plazas.", actor=editor)
    assert supporters(square) == {both.pk, one.pk, ana.pk}
    assert supporters(plaza) == {both.pk, one.pk, beto.pk, late.pk, of_third.pk}  # one of them by the third still
    assert (count(plaza), count(square)) == (5, 3)
    assert Proposal.objects.get(pk=square.pk).is_shown
    assert not Proposal.objects.get(pk=plaza.pk).is_signed_by(beto.pk)
    with pytest.raises(Conflict):
        restore_proposal(proposal=square, reason="Otra vez.", actor=editor)
    restore_proposal(proposal=third, reason="También.", actor=editor)
    assert supporters(plaza) == {both.pk, beto.pk, late.pk}
    assert supporters(third) == {one.pk, of_third.pk}
    assert not CarriedSupport.objects.exists()
    assert Succession.objects.filter(undone_at__isnull=False).count() == 2
    page = words(client.get(square.get_absolute_url(), headers={"accept-language": "en"}))
    assert "merged into another" not in page
    told = Notice.objects.get(user=beto, kind="proposal_restored")
    assert told.facts["reason"] == "Son dos plazas."

    merge(budget, editor, plaza, square, into=plaza)  # and once more, of which they are told again
    assert Notice.objects.filter(user=beto, kind="proposal_merged").count() == 2


def test_a_split_is_taken_back_and_its_parts_are_merged_into_it(budget, editor, plaza, ana):
    early, late = fresh(UserFactory()), fresh(UserFactory())
    support(place=plaza, actor=early)
    parts = split_proposal(
        proposal=plaza, parts=[Part("Sombra", "Eso."), Part("Agua", "Eso.")], reason=WHY, actor=editor
    )
    support(place=parts[1], actor=late)
    client = logged_in(editor)
    address_of_it = f"/proposals/{plaza.pk}/restore/"
    assert address_of_it in client.get(plaza.get_absolute_url()).content.decode()
    assert client.post(address_of_it, {"reason": ""}).status_code == 400
    assert client.post(address_of_it, {"reason": "Era una sola cosa."}).status_code == 302
    assert supporters(plaza) == {early.pk, late.pk}
    assert [part.is_shown for part in Proposal.objects.filter(pk__in=[part.pk for part in parts])] == [False, False]
    row = client.get(f"/api/v1/proposals/{plaza.pk}/").json()
    assert {step["proposal"] for step in row["came_from"]} == {part.pk for part in parts}
    assert (row["went_to"], row["came_from"][0]["kind"]) == ([], "merged")


def test_a_merge_of_what_is_in_a_vote_stays(budget, editor, plaza, square):
    merge(budget, editor, plaza, square, into=plaza)
    Proposal.objects.filter(pk=plaza.pk).update(cost_cents=1)
    other = ProposalFactory(consultation=budget, cost_cents=1)
    make_poll(budget, method="greedy", options=[Proposal.objects.get(pk=plaza.pk), other])
    with pytest.raises(Conflict) as refused:
        restore_proposal(proposal=square, reason="Error.", actor=editor)
    assert refused.value.code == "in_a_vote"


def test_what_cannot_be_merged_is_refused_with_its_reason_and_nothing_changes(budget, editor, agency, plaza, square):
    other = ProposalFactory(consultation=make_consultation(agency, title="Otra"))
    withdrawn = ProposalFactory(consultation=budget, withdrawn_at=database_now())
    voted = ProposalFactory(consultation=budget, cost_cents=5_00)
    make_poll(budget, method="greedy", options=[voted, ProposalFactory(consultation=budget, cost_cents=5_00)])

    for chosen, into, reason, code in [
        ([plaza], plaza, WHY, "too_few"),
        ([plaza, square], plaza, " ", "no_reason"),
        ([plaza, square], plaza, "x" * 301, "too_long"),
        ([plaza, other], plaza, WHY, "other_consultation"),
        ([plaza, square], Part(" ", "x"), WHY, "no_words"),
    ]:
        with pytest.raises(InvalidInput, match=code):
            merge(budget, editor, *chosen, into=into, reason=reason)
    for chosen, code in [([plaza, withdrawn], "not_to_merge"), ([plaza, voted], "in_a_vote")]:
        with pytest.raises(Conflict, match=code):
            merge(budget, editor, *chosen, into=plaza)
    with pytest.raises(Conflict, match="in_a_vote"):
        split_proposal(proposal=voted, parts=[Part("a", "b"), Part("c", "d")], reason=WHY, actor=editor)
    with pytest.raises(InvalidInput, match="parts"):
        split_proposal(proposal=plaza, parts=[Part("a", "b")], reason=WHY, actor=editor)
    assert not Succession.objects.exists()
    assert not Proposal.objects.filter(merged_into__isnull=False).exists()
    merge(budget, editor, plaza, square, into=plaza)
    with pytest.raises(Conflict, match="not_to_merge"):  # twice
        merge(budget, editor, plaza, square, into=plaza)


def test_who_may_merge_and_who_may_not(budget, editor, agency, plaza, square, ana):
    others = [UserFactory(), ana, member(agency, Role.MODERATOR), member(agency, Role.ANALYST)]
    for person in [*others, member(make_agency("Salud"), Role.OWNER)]:
        with pytest.raises(NotPermitted):
            merge(budget, fresh(person), plaza, square, into=plaza)
        with pytest.raises(NotPermitted):
            split_proposal(proposal=plaza, parts=[Part("a", "b"), Part("c", "d")], reason=WHY, actor=fresh(person))
    merge(budget, fresh(member(agency, Role.OWNER)), plaza, square, into=plaza)


def test_what_was_merged_is_neither_changed_nor_withdrawn_nor_supported(budget, editor, plaza, square, beto):
    merge(budget, editor, plaza, square, into=plaza)
    square.refresh_from_db()

    with pytest.raises(Conflict, match="merged"):
        withdraw_proposal(proposal=square, actor=beto)
    budget.phases.exclude(kind="proposals").delete()
    budget.phases.filter(kind="proposals").update(ends_at=database_now().replace(year=2090))
    with pytest.raises(Conflict, match="merged"):
        change_proposal(proposal=Proposal.objects.get(pk=square.pk), actor=beto, title="Otra")
    with pytest.raises(Conflict, match="not_shown"):
        support(place=Proposal.objects.get(pk=square.pk), actor=fresh(UserFactory()))
    stale = Proposal.objects.get(pk=square.pk)
    stale.merged_into = None  # as somebody had read it before the merge
    with pytest.raises(Conflict, match="not_shown"):
        support(place=stale, actor=fresh(UserFactory()))
    assert count(square) == 0


def test_an_official_merges_and_splits_by_pages(budget, editor, plaza, square):
    district = District.objects.create(consultation=budget, position=0, name="Norte", amount_cents=900_00)
    door = logged_in(editor)
    merging = address(budget, "proposals/merge/")
    assert merging in door.get(address(budget, "proposals/")).content.decode()

    assert "Choose at least two" in words(door.get(f"{merging}?p={plaza.pk}"))
    assert [one.pk for one in door.get(f"{merging}?p={plaza.pk}&more=1&q=sombra").context["offered"]] == [square.pk]
    both = f"{merging}?p={plaza.pk}&p={square.pk}"
    assert door.post(both, {"into": plaza.pk}).status_code == 400
    lacking = door.post(both, {"into": "new", "new_title": "Una", "reason": WHY})
    assert set(lacking.context["form"].errors) == {"new_body", "new_district"}
    done = door.post(
        both, {"into": "new", "new_title": "Una", "new_body": "Sí", "new_district": district.pk, "reason": WHY}
    )
    made = Proposal.objects.get(title="Una")
    assert (done.url, made.district) == (made.get_absolute_url(), district)

    page = f"/proposals/{made.pk}/split/"
    typed = {f"part_{n}_{name}": f"{name} {n}" for n in (0, 2) for name in ("title", "body")}
    typed |= {f"part_{n}_district": district.pk for n in range(4)}
    assert door.get(page).status_code == 200
    door.post(page, {**typed, "reason": WHY})
    assert set(made.merged.values_list("title", flat=True)) == {"Plaza con sombra", "Sombra en la plaza"}
    assert {step.result.title for step in made.successions.all()} == {"title 0", "title 2"}
    assert door.get(page).status_code == 409


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_merged_each_supporter_counts_once_and_no_signer_does(data, budget, editor):
    people = list(UserFactory.create_batch(6))
    proposals = [
        ProposalFactory(consultation=budget, author=data.draw(st.sampled_from(people)))
        for _ in range(data.draw(st.integers(2, 4)))
    ]
    given_by = {}
    for proposal in proposals:
        given_by[proposal] = set(data.draw(st.lists(st.sampled_from(people), unique=True))) - {proposal.author}
        Support.objects.bulk_create(Support(consultation=budget, proposal=proposal, user=p) for p in given_by[proposal])
    into = data.draw(st.sampled_from([*proposals, Part("Todas", "Juntas")]))

    target = merge(budget, editor, *proposals, into=into)

    signers = {proposal.author_id for proposal in proposals}
    expected = {person.pk for given in given_by.values() for person in given} - signers
    assert supporters(target) == expected
    for proposal in [target, *proposals]:
        assert count(proposal) == len(supporters(proposal))
    assert {step.source_id: step.supports_then for step in target.precessions.all()} == {
        proposal.pk: len(given_by[proposal]) for proposal in proposals if proposal != target
    }
