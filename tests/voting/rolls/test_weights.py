"""Which weights a roll takes: whole numbers that ten people share, fixed by the first ballot."""

import pytest
from django.urls import reverse

from accounts.refusals import Conflict, InvalidInput
from tests.factories import UserFactory, choose, fresh
from tests.voting.rolls.conftest import again, put_on
from voting.ballots.casting import cast_ballot
from voting.models import Ballot, EligibleVoter
from voting.rolls.changing import remove_voters
from voting.rolls.loading import Report, load, stage
from voting.rolls.words import fault_of_line

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def people(*groups):
    """A list: of each (name, how many, weight) so many people, called name0@example.org, …"""
    lines = [f"{name}{place}@example.org;{weight}" for name, count, weight in groups for place in range(count)]
    return "\n".join(["email;peso", *lines])


def staged(poll, content):
    return stage(consultation=poll.consultation, content=content, actor=None)


def faults(upload):
    return Report(**upload.faults).counts


def weights():
    found = EligibleVoter.objects.filter(removed_at__isnull=True).values_list("weight", flat=True)
    return {weight: list(found).count(weight) for weight in found}


def vote(poll, name, side="for"):
    from accounts.models import User

    voter = User.objects.filter(email=f"{name}@example.org").first() or UserFactory(email=f"{name}@example.org")
    return cast_ballot(poll=again(poll), voter=fresh(voter), choices=choose(poll, side))


def test_a_weight_that_ten_people_share_is_taken(poll):
    poll = put_on(poll, people(("a", 10, 1), ("b", 10, 7), ("c", 10, "1000000")))
    assert weights() == {1: 10, 7: 10, 1_000_000: 10}
    assert poll.is_weighted


def test_a_weight_that_fewer_share_is_refused_with_the_reason(poll):
    upload = staged(poll, people(("a", 12, 1), ("b", 10, 2), ("c", 3, 7)))
    assert (upload.count, faults(upload)) == (22, {"rare_weight 7 3": 3})
    assert [line for line, _ in Report(**upload.faults).faults] == [24, 25, 26]
    words = "Only 3 people would have a weight of 7: it would name them in the log."
    assert fault_of_line("rare_weight 7 3") == words


def test_a_few_with_a_weight_of_1_among_others_would_be_named_too(poll):
    upload = staged(poll, people(("a", 3, 1), ("b", 10, 2)))
    assert (upload.count, faults(upload)) == (10, {"rare_weight 1 3": 3})
    put_on(poll, people(("a", 3, 1)))
    upload = staged(poll, people(("b", 10, 2)))
    assert (upload.count, faults(upload)) == (0, {"rare_weight 1 3": 10})


def test_a_list_without_weights_is_never_refused_for_them(poll):
    assert not put_on(poll, people(("a", 3, 1))).is_weighted


@pytest.mark.parametrize(
    ("weight", "code"),
    [("1,5", "fraction_weight"), ("0.25", "fraction_weight"), ("0", "bad_weight"), ("-2", "formula"),
     ("1000001", "bad_weight"), ("1.000", "bad_weight"), ("dos", "bad_weight")],
)  # fmt: skip
def test_what_is_no_whole_number_is_refused(poll, weight, code):
    assert faults(staged(poll, people(("a", 10, weight)))) == {code: 10}


def test_a_fraction_is_told_its_cure():
    assert fault_of_line("fraction_weight") == "The weight is no whole number: write 3 and 2 for 1.5 and 1."


def test_the_ten_are_counted_with_those_on_the_roll(poll):
    put_on(poll, people(("a", 10, 1), ("b", 10, 7)))
    put_on(poll, people(("b", 10, 7), ("c", 1, 7)), reason="Faltaba")
    assert weights() == {1: 10, 7: 11}
    upload = staged(poll, people(("d", 9, 5), ("e", 1, 7)))
    assert (upload.count, faults(upload)) == (1, {"rare_weight 5 9": 9})


def test_who_is_on_the_roll_keeps_their_weight(poll):
    poll = put_on(poll, people(("a", 10, 1), ("b", 10, 7)))
    upload = staged(poll, people(("a", 1, 7)))
    assert faults(upload) == {"weight_differs": 1}


def test_before_the_first_ballot_a_weight_changes_by_removing_and_adding(poll, editor):
    poll = put_on(poll, people(("a", 11, 1), ("b", 10, 7)))
    remove_voters(roll=poll.electoral_roll, fingerprints=[], emails=["a0@example.org"], reason="Peso", actor=editor)
    put_on(poll, people(("a", 1, 7)), reason="Peso")
    assert weights() == {1: 10, 7: 11}
    assert vote(poll, "a0").weight == 7


def test_after_the_first_ballot_nobodys_weight_changes(poll, editor):
    poll = put_on(poll, people(("a", 11, 1), ("b", 10, 7)))
    assert vote(poll, "a0").weight == 1
    remove_voters(roll=poll.electoral_roll, fingerprints=[], emails=["a0@example.org"], reason="Peso", actor=editor)
    upload = staged(poll, people(("a", 1, 7)))
    assert (upload.count, faults(upload)) == (0, {"weight_fixed": 1})
    put_on(poll, people(("a", 1, 1)), reason="Estaba bien")
    assert vote(poll, "a0", "against").weight == 1
    assert set(Ballot.objects.values_list("pseudonym", "weight").distinct()) == {(vote(poll, "a0").pseudonym, 1)}


def test_after_the_first_ballot_people_are_added_with_weights_that_ten_share_or_not_at_all(poll):
    poll = put_on(poll, people(("a", 10, 1), ("b", 10, 7)))
    vote(poll, "a0")
    put_on(poll, people(("c", 10, 5), ("d", 1, 7)), reason="Faltaban")
    assert weights() == {1: 10, 7: 11, 5: 10}
    assert faults(staged(poll, people(("e", 9, 4)))) == {"rare_weight 4 9": 9}


def test_a_poll_whose_first_ballot_was_cast_without_weights_stays_without(poll):
    poll = put_on(poll, people(("a", 10, 1)))
    vote(poll, "a0")
    upload = staged(poll, people(("b", 10, 7), ("c", 1, 1)))
    assert (upload.count, faults(upload)) == (1, {"weights_too_late": 10})
    load(upload=upload, actor=None, reason="Faltaba")
    assert not again(poll).is_weighted


def test_a_first_ballot_between_the_reading_and_the_loading_is_noticed(poll):
    poll = put_on(poll, people(("a", 10, 1)))
    upload = staged(poll, people(("b", 10, 7)))
    assert not faults(upload)
    vote(poll, "a0")
    with pytest.raises(Conflict, match="roll_changed"):
        load(upload=upload, actor=None, reason="Faltaban")
    assert weights() == {1: 10}


def test_nobody_is_removed_where_too_few_with_their_weight_would_be_left(poll, editor):
    roll = put_on(poll, people(("a", 10, 1), ("b", 10, 7))).electoral_roll

    def remove(emails):
        return remove_voters(roll=roll, fingerprints=[], emails=emails, reason="Se mudó", actor=editor)

    with pytest.raises(InvalidInput) as refused:
        remove(["b0@example.org"])
    assert str(refused.value.sentence).startswith("Only 9 people would have a weight of 7")
    assert weights() == {1: 10, 7: 10}
    assert remove([f"b{place}@example.org" for place in range(10)]) == 10
    assert weights() == {1: 10}


def test_the_pages_say_what_weights_mean(client, poll, editor):
    client.force_login(editor)
    slug = poll.consultation.slug
    assert "at least 10 people" in client.get(reverse("voting:load-roll", args=[slug])).content.decode()
    put_on(poll, people(("a", 12, 1), ("b", 10, 7)))
    page = client.get(reverse("voting:roll", args=[slug])).content.decode()
    assert "Ballots count by weight" in page
    staged(poll, people(("c", 3, 9)))
    page = client.get(reverse("voting:confirm-upload", args=[slug])).content.decode()
    assert "Only 3 people would have a weight of 9" in page
