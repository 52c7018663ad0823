"""Review: who is assigned may, opinions are only added, agreement settles, an editor decides where readers differ."""

import pytest
from django.db import ProgrammingError, transaction

from accounts.models import AuditEntry, Membership, Notice
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from consultations.models import Consultation, District, Proposal, Review
from consultations.review.assigning import assign, unassign
from consultations.review.opining import decide, give_opinion
from consultations.review.running import ask_second_reader, bring_in, set_rules
from tests.consultations.doors import words
from tests.factories import ProposalFactory, UserFactory, fresh, make_agency

YES = {"feasibility": "feasible", "reason": "El terreno es municipal.", "cost_cents": 90_000_00, "office": "Obras"}
NO = {"feasibility": "not_feasible", "reason": "El terreno es de un particular."}


def now(proposal) -> tuple[str, int | None]:
    found = Proposal.objects.get(pk=proposal.pk)
    return found.feasibility, found.cost_cents


def loaded(proposal) -> Proposal:
    return Proposal.objects.get(pk=proposal.pk)


def assign_to(world, reviewer, **chosen):
    return assign(consultation=world.consultation, actor=world.editor, reviewer_id=reviewer.pk, **chosen)


def test_the_opinion_of_the_assigned_reader_settles_it_and_its_author_is_told(assigned):
    give_opinion(proposal=assigned.square, actor=assigned.lawyer, **YES)

    assert now(assigned.square) == ("feasible", 90_000_00)
    told = Notice.objects.get(user=assigned.rosa)
    assert (told.kind, told.facts["reason"]) == ("found_feasible", "El terreno es municipal.")
    assert Notice.objects.get(user=assigned.lawyer).kind == "review_assigned"
    assert list(AuditEntry.objects.order_by("-pk").values_list("event", flat=True)[:2]) == [
        "consultations.review_settled",
        "consultations.review_given",
    ]


def test_nobody_else_gives_an_opinion(assigned):
    stranger = make_agency("Salud").owner
    for person in (assigned.engineer, assigned.editor, assigned.rosa, stranger, fresh(assigned.agency.owner)):
        with pytest.raises(NotPermitted) as refused:
            give_opinion(proposal=assigned.square, actor=person, **YES)
        assert refused.value.code == "not_assigned"
    Membership.objects.get(user=assigned.lawyer).delete()
    with pytest.raises(NotPermitted):  # who leaves the agency reviews no more
        give_opinion(proposal=assigned.square, actor=fresh(assigned.lawyer), **YES)


def test_only_editors_assign_and_only_members_who_did_not_sign(world):
    for person in (world.lawyer, world.engineer, world.rosa):
        with pytest.raises(NotPermitted):
            assign(consultation=world.consultation, actor=person, reviewer_id=world.lawyer.pk, proposals=[world.square])
    for reviewer, code in ((world.rosa, "not_a_member"), (make_agency("Salud").owner, "not_a_member")):
        with pytest.raises(InvalidInput) as refused:
            assign_to(world, reviewer, proposals=[world.square])
        assert refused.value.code == code
    own = ProposalFactory(consultation=world.consultation, author=world.lawyer)
    with pytest.raises(InvalidInput) as refused:
        assign_to(world, world.lawyer, proposals=[own])
    assert refused.value.code == "signed_by_them"


def test_a_district_brings_the_proposals_still_to_come_but_not_those_of_others_nor_ones_own(world):
    assert assign_to(world, world.lawyer, districts=[world.north]) == 1
    assert assign_to(world, world.lawyer, districts=[world.north]) == 0
    later = ProposalFactory(consultation=world.consultation, district=world.north)
    elsewhere = ProposalFactory(consultation=world.consultation, district=world.south)
    own = ProposalFactory(consultation=world.consultation, district=world.north, author=world.lawyer)

    may = [fresh(world.lawyer).has_perm("consultations.review_proposal", p) for p in (later, elsewhere, own)]
    assert may == [True, False, False]
    unassign(consultation=world.consultation, actor=world.editor, reviewer_id=world.lawyer.pk, districts=[world.north])
    assert not fresh(world.lawyer).has_perm("consultations.review_proposal", later)


def test_a_second_reader_who_agrees_settles_it(assigned):
    set_rules(consultation=assigned.consultation, actor=assigned.editor, needs_second_reader=True)
    assign_to(assigned, assigned.engineer, proposals=[assigned.square])
    give_opinion(proposal=loaded(assigned.square), actor=assigned.lawyer, **YES)
    assert now(assigned.square) == ("", None)
    give_opinion(proposal=loaded(assigned.square), actor=assigned.engineer, **YES)

    assert now(assigned.square) == ("feasible", 90_000_00)
    assert list(Review.objects.values_list("kind", flat=True)) == ["first", "second"]


def test_where_readers_differ_an_editor_decides_with_a_reason_and_nobody_else(assigned):
    ask_second_reader(proposal=assigned.square, actor=assigned.editor)
    assign_to(assigned, assigned.engineer, proposals=[assigned.square])
    give_opinion(proposal=loaded(assigned.square), actor=assigned.lawyer, **YES)
    with pytest.raises(Conflict) as refused:
        decide(proposal=loaded(assigned.square), actor=assigned.editor, **YES)
    assert refused.value.code == "nothing_to_decide"
    give_opinion(proposal=loaded(assigned.square), actor=assigned.engineer, **NO)
    assert now(assigned.square) == ("", None)

    with pytest.raises(NotPermitted):
        decide(proposal=loaded(assigned.square), actor=assigned.lawyer, **YES)
    with pytest.raises(InvalidInput) as refused:
        decide(proposal=loaded(assigned.square), actor=assigned.editor, **{**YES, "reason": " "})
    assert refused.value.code == "no_reason"
    decide(proposal=loaded(assigned.square), actor=assigned.editor, **{**YES, "feasibility": "with_changes"})
    assert now(assigned.square) == ("with_changes", 90_000_00)
    assert Notice.objects.filter(user=assigned.rosa).get().kind == "found_with_changes"


def test_a_correction_is_a_new_row_and_the_database_lets_nobody_change_one(assigned):
    give_opinion(proposal=loaded(assigned.square), actor=assigned.lawyer, **YES)
    give_opinion(proposal=loaded(assigned.square), actor=assigned.lawyer, **NO)

    assert now(assigned.square) == ("not_feasible", None)
    assert [row.kind for row in Review.objects.all()] == ["first", "first"]
    for deed in (lambda: Review.objects.update(reason="Otra"), lambda: Review.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            deed()


def test_a_third_reader_is_not_heard_but_takes_over_from_one_who_left(assigned):
    assign_to(assigned, assigned.engineer, proposals=[assigned.square])
    give_opinion(proposal=loaded(assigned.square), actor=assigned.lawyer, **YES)
    with pytest.raises(Conflict) as refused:
        give_opinion(proposal=loaded(assigned.square), actor=assigned.engineer, **NO)
    assert refused.value.code == "enough_opinions"
    unassign(
        consultation=assigned.consultation,
        actor=assigned.editor,
        reviewer_id=assigned.lawyer.pk,
        proposals=[assigned.square],
    )
    give_opinion(proposal=loaded(assigned.square), actor=assigned.engineer, **NO)
    assert now(assigned.square) == ("not_feasible", None)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({**YES, "feasibility": "maybe"}, "no_feasibility"),
        ({**YES, "reason": " "}, "no_reason"),
        ({**YES, "cost_cents": None}, "no_cost"),
    ],
)
def test_an_opinion_says_what_why_and_how_much(assigned, given, code):
    with pytest.raises(InvalidInput) as refused:
        give_opinion(proposal=assigned.square, actor=assigned.lawyer, **given)
    assert refused.value.code == code
    assert not Review.objects.exists()


def test_below_its_districts_threshold_it_waits_until_an_editor_brings_it_in_with_a_reason(assigned):
    District.objects.filter(pk=assigned.north.pk).update(support_threshold=3)
    Proposal.objects.filter(pk=assigned.square.pk).update(support_count=1)
    with pytest.raises(Conflict) as refused:
        give_opinion(proposal=loaded(assigned.square), actor=assigned.lawyer, **YES)
    assert refused.value.code == "not_gone_on"
    with pytest.raises(NotPermitted):
        bring_in(proposal=loaded(assigned.square), actor=assigned.lawyer, reason="Es urgente.")
    with pytest.raises(InvalidInput):
        bring_in(proposal=loaded(assigned.square), actor=assigned.editor, reason="")

    bring_in(proposal=loaded(assigned.square), actor=assigned.editor, reason="Es la única de su barrio.")
    give_opinion(proposal=loaded(assigned.square), actor=assigned.lawyer, **YES)
    assert now(assigned.square) == ("feasible", 90_000_00)
    with pytest.raises(Conflict):
        bring_in(proposal=loaded(assigned.square), actor=assigned.editor, reason="Otra vez.")


def test_where_supports_are_not_received_none_are_asked_for(assigned):
    District.objects.update(support_threshold=3)
    Consultation.objects.update(receives_supports=False)
    give_opinion(proposal=loaded(assigned.square), actor=assigned.lawyer, **YES)
    assert now(assigned.square) == ("feasible", 90_000_00)


# --- Pages


def test_a_reader_finds_what_to_review_gives_the_opinion_and_everybody_reads_it(client, assigned):
    page = f"/proposals/{assigned.square.pk}/"
    client.force_login(assigned.lawyer)
    assert "Plaza del Sauce" in words(client.get("/reviews/"))
    wrong = client.post(f"{page}review/", {"feasibility": "feasible", "reason": "Se puede."})
    assert wrong.status_code == 400
    assert "Say what it would cost." in words(wrong)
    sent = {"feasibility": "with_changes", "reason": "Más chica.\nSí.", "cost_cents": "1,234.50", "office": "Plazas"}
    assert client.post(f"{page}review/", sent).status_code == 302
    assert "Nothing waits for your opinion." in words(client.get("/reviews/"))

    client.logout()
    public = words(client.get(page))
    for said in ("Feasible with changes", "Más chica.Sí.", "ARS 1,234.50", "Plazas"):
        assert said in public
    assert "Lía, abogada" not in public


def test_what_costs_more_than_its_district_has_is_said_to_its_reader_and_to_everybody(client, assigned):
    page = f"/proposals/{assigned.square.pk}/"
    client.force_login(assigned.lawyer)
    assert "Money there isARS 500,000" in words(client.get(f"{page}review/"))
    fits = client.post(f"{page}review/", {**YES, "cost_cents": "500,000"}, follow=True)
    assert "it cannot win" not in words(fits)
    over = client.post(f"{page}review/", {**YES, "cost_cents": "500,001"}, follow=True)

    for answer in (over, client.get(page), client.get(f"{page}review/")):
        assert "It costs more than the ARS 500,000 that “Norte” has: like this it cannot win." in words(answer)


def test_what_is_not_settled_yet_is_read_by_nobody_outside(client, assigned):
    Consultation.objects.update(needs_second_reader=True)
    give_opinion(proposal=loaded(assigned.square), actor=assigned.lawyer, **NO)
    assert "El terreno es de un particular." not in words(client.get(f"/proposals/{assigned.square.pk}/"))
    client.force_login(assigned.editor)
    assert "El terreno es de un particular." in words(client.get(f"/proposals/{assigned.square.pk}/review/"))


def test_the_board_says_what_is_missing_and_assigns_many_at_once(client, world):
    District.objects.filter(pk=world.south.pk).update(support_threshold=12)
    below = ProposalFactory(consultation=world.consultation, district=world.south, title="Cancha")
    client.force_login(world.editor)
    board = words(client.get("/consultations/pp/review/"))
    assert "Waits for a reviewer" in board
    assert "12 supports are missing" in board

    sent = {"act": "assign", "reviewer": world.lawyer.pk, "proposals": [world.square.pk, below.pk]}
    client.post("/consultations/pp/review/assign/", sent)
    assert fresh(world.lawyer).has_perm("consultations.review_proposal", below)
    found = words(client.get(f"/consultations/pp/review/?reviewer={world.lawyer.pk}&standing=first"))
    assert "Plaza del Sauce" in found
    assert "Cancha" not in found


def test_the_board_of_a_thousand_proposals_asks_as_little_as_that_of_one(client, world, django_assert_max_num_queries):
    ProposalFactory.create_batch(120, consultation=world.consultation, district=world.north)
    assign_to(world, world.lawyer, districts=[world.north])
    client.force_login(world.editor)
    with django_assert_max_num_queries(12):
        assert client.get("/consultations/pp/review/").content.decode().count("data-row") == 100


def test_whoever_is_not_of_the_agency_sees_no_board(client, assigned):
    for person, status in ((UserFactory(), 403), (assigned.lawyer, 200), (assigned.engineer, 200)):
        client.force_login(person)
        assert client.get("/consultations/pp/review/").status_code == status


def test_cards_say_how_many_supports_are_missing_and_the_list_is_filtered_by_the_finding(client, assigned):
    District.objects.update(support_threshold=12)
    Proposal.objects.filter(pk=assigned.square.pk).update(feasibility="not_feasible")
    ProposalFactory(consultation=assigned.consultation, district=assigned.south, title="Cancha")
    ProposalFactory(consultation=assigned.consultation, title="Sin distrito")  # for which no supports are asked

    page = words(client.get("/consultations/pp/proposals/"))
    assert page.count("12 supports are missing") == 1
    assert "Not feasible" in page
    found = words(client.get("/consultations/pp/proposals/?feasibility=not_feasible"))
    assert "Plaza del Sauce" in found
    assert "Cancha" not in found
    assert "Cancha" in words(client.get("/consultations/pp/proposals/?feasibility=unknown"))


def test_the_desk_says_what_waits_for_a_reviewer_and_for_an_editor(client, assigned):
    phase = assigned.consultation.phases.get(kind="discussion")
    phase.kind = "review"
    phase.save()
    ProposalFactory(consultation=assigned.consultation, title="Cancha")
    assign_to(assigned, assigned.engineer, proposals=[assigned.square])
    client.force_login(fresh(assigned.engineer))
    assert "1 proposal waits for your opinion. The review ends in 11 hours." in words(client.get("/desk/"))
    give_opinion(proposal=loaded(assigned.square), actor=assigned.engineer, **YES)
    assert "waits for your opinion" not in words(client.get("/desk/"))
    client.force_login(fresh(assigned.editor))
    assert "1 proposal has no reviewer yet." in words(client.get("/desk/"))
