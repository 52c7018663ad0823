"""What the agency has laid down is told where people vote, not only when the result surprises them."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from tests.factories import ProposalFactory, UserFactory, make_consultation, make_poll
from tests.voting.reading import ballot_url, page_of
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.methods.rules import PLACES, POINTS, Rules
from voting.models import Poll
from voting.polls.rule_fields import RuleFields
from voting.polls.rule_words import rule_words
from voting.results.explaining import counts_words

TOLD = [
    ("for_against_abstain", Rules(), ""),
    ("for_against_abstain", Rules(majority="1/2"), "More than half must be for. Of those who are for or against"),
    ("for_against_abstain", Rules(majority="2/3", abstentions_count=True), "two thirds must be for. Of all who vote"),
    ("for_against_abstain", Rules(majority="2/3", abstentions_count=True), "abstaining and a blank ballot count like"),
    ("for_against_abstain", Rules(quorum=20), "At least 20 people must vote; otherwise nothing is decided."),
    ("approval", Rules(), ""),
    ("borda", Rules(), "without a place get no points from it"),
    ("borda", Rules(unranked="average"), "without a place share the points that are left"),
    ("borda", Rules(), "The first place is worth as many points as there are options, each one after it one less."),
    ("hierarchy", Rules(), "Options in the same place share the points of the places that they fill."),
    ("hierarchy", Rules(), "without a place get no points from it"),
    ("stv", Rules(seats=3), "3 seats are to be filled."),
    ("dhondt", Rules(seats=7, threshold=9), "7 seats are to be filled. A list with fewer than 9 votes gets no seat."),
    ("cause", Rules(threshold=1_000), "1,000 supporters are needed."),
    ("greedy", Rules(), ""),
    ("greedy_threshold", Rules(threshold=9), "A proposal with fewer than 9 votes gets no money."),
    ("equal_shares", Rules(utility="cardinality"), "a dear proposal is worth no more than a cheap one"),
    (
        "equal_shares",
        Rules(utility="cardinality"),
        "goes to the proposals that fit with the most votes for what they cost",
    ),
    ("equal_shares", Rules(), "until no other proposal fits. What is still left then goes to the most voted proposals"),
    ("equal_shares", Rules(completion="add1_run_on"), "as long as the budget is not exceeded."),
    ("equal_shares", Rules(completion="none", then="nothing"), "What is still left then is not spent."),
    ("equal_shares", Rules(comparison=True), "with “most votes first”, that outcome stands."),
]


@pytest.mark.parametrize(("method", "rules", "told"), TOLD)
def test_each_rule_is_told_in_a_sentence_and_none_that_the_method_does_not_read(method, rules, told):
    with override("en"):
        said = " ".join(rule_words(Poll(method=method, rules=rules.as_json())))
    assert told in said
    assert told or not said


@pytest.mark.parametrize(
    ("method", "rules", "told"),
    [
        ("greedy_threshold", Rules(ballot=POINTS, max_sum=5, threshold=9), "with fewer than 9 points gets no money"),
        ("equal_shares", Rules(ballot=POINTS, max_sum=5), "Points count as votes"),
        ("equal_shares", Rules(ballot=PLACES), "the first is worth"),
    ],
)
def test_where_a_ballot_gives_points_the_rules_and_the_running_count_speak_of_points(method, rules, told):
    poll = Poll(method=method, rules=rules.as_json(), max_points=5, max_choices=5)
    with override("en"):
        assert told in " ".join(rule_words(poll))
        assert "oints" in counts_words(poll)
        assert "How many chose" not in counts_words(poll)


def test_a_count_that_moves_in_steps_says_so_until_the_close():
    poll = Poll(method="for_against_abstain", disclosure=Poll.Disclosure.AUDITORS)
    with override("en"):
        assert counts_words(poll).startswith("The figures move in steps of 10 voters")
        poll.method = "irv"
        assert counts_words(poll).startswith("First preferences.") and "steps of 10" in counts_words(poll)
        poll.closed_at = timezone.now()
        assert "steps of" not in counts_words(poll)
        assert "the close" not in counts_words(poll)  # which is over
        assert counts_words(Poll(method="for_against_abstain")) == ""


@pytest.mark.django_db
def test_a_cause_is_supported_with_one_press_and_can_be_taken_back(client, settings):
    settings.LANGUAGE_CODE = "en"
    poll = make_poll(method="cause", options=["Una plaza"], rules=Rules(threshold=2))
    [plaza] = [str(option.pk) for option in poll.options.all()]
    voter = UserFactory()
    client.force_login(voter)
    page = page_of(client, poll)
    assert "2 supporters are needed." in page
    assert f'<input type="hidden" name="option" value="{plaza}">' in page
    assert 'type="radio"' not in page
    assert "I support this</button>" in page

    assert client.post(ballot_url(poll), {"option": plaza}).status_code == 302
    supported = page_of(client, poll)
    assert "I support this</button>" not in supported
    assert 'name="blank"' in supported

    cast_ballot(poll=poll, voter=voter, choices={})
    fold(poll.pk)
    assert "I support this</button>" in page_of(client, poll)


@pytest.mark.django_db
def test_a_result_by_equal_shares_in_points_heads_them_as_points(client, settings):
    settings.LANGUAGE_CODE = "en"
    consultation = make_consultation(now_in="voting", budget_cents=100_00)
    wells = [ProposalFactory(consultation=consultation, title=name, cost_cents=60_00) for name in ("Pozo", "Fuente")]
    rules = Rules(ballot=POINTS, max_sum=5)
    poll = make_poll(consultation, method="equal_shares", options=wells, rules=rules, max_points=5)
    first, *_ = [str(option.pk) for option in poll.options.all()]
    cast_ballot(poll=poll, voter=UserFactory(), choices={first: 5})
    page = page_of(client, close_if_due(end(poll)))
    assert "Points of the proposals that the shares paid for" in page
    assert 'data-label="Points">5<' in page
    assert 'data-label="Votes"' not in page.partition("What would change")[0]


def test_who_sets_up_a_vote_reads_the_same_rules():
    with override("en"):
        said = str(RuleFields()["abstentions_count"].label) + str(RuleFields()["then"].help_text)
    assert "abstaining and a blank ballot count like a vote against" in said
    assert "those with the most votes for what they cost first" in said
