"""Every method from its form to its result: what is typed is what is counted, and what the log keeps."""

import io
import json
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations.clock import database_now
from tests.factories import ProposalFactory, UserFactory, make_consultation, make_poll
from tests.voting.reading import ballot_url, page_of
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due, standing_ballots
from voting.ballots.folding import fold
from voting.ledger.verify import verify
from voting.log.export import write_log
from voting.methods import METHODS
from voting.methods.rules import PLACES, POINTS, Rules
from voting.models import Opening, Poll, Tally
from voting.polls.ballot_forms import PREFIX
from voting.results.other_methods import count_those_waiting

pytestmark = pytest.mark.django_db

TREES = ["Ceibo", "Tipa", "Lapacho", "Jacarandá"]
FORMS = {
    **{code: {} for code in METHODS},
    "cumulative": {"rules": Rules(max_sum=10), "max_points": 6},
    "stv": {"rules": Rules(seats=2)},
    "dhondt": {"rules": Rules(seats=5)},
    "sainte_lague": {"rules": Rules(seats=5)},
    "hare": {"rules": Rules(seats=5)},
    "greedy_threshold": {"rules": Rules(threshold=2)},
    "equal_shares in points": {"rules": Rules(ballot=POINTS, max_sum=5)},
    "equal_shares in places": {"rules": Rules(ballot=PLACES)},
    "greedy in places": {"rules": Rules(ballot=PLACES), "max_choices": 3},
    "greedy_per_cost in points": {"rules": Rules(ballot=POINTS, max_sum=5)},
}


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def poll_of(form):
    code = form.split()[0]
    if not METHODS[code].money:
        options = [] if code == "for_against_abstain" else TREES
        return make_poll(method=code, options=options, **FORMS[form])
    consultation = make_consultation(now_in="voting", budget_cents=1_000_00)
    costs = (500_00, 400_00, 300_00, 200_00)
    trees = [
        ProposalFactory(consultation=consultation, title=tree, cost_cents=cost)
        for tree, cost in zip(TREES, costs, strict=True)
    ]
    return make_poll(consultation, method=code, options=trees, **FORMS[form])


def ids_of(poll):
    return [str(option.pk) for option in poll.options.all()]


def as_typed(poll, choices):
    """The fields of the form that say these choices."""
    prefix = PREFIX.get(poll.ballot_kind)
    if not choices:
        return {"blank": "1"}
    if prefix is None:
        return {"option": list(choices)}
    return {f"{prefix}{option}": str(value) for option, value in choices.items()}


def some_ballots(poll):
    """Four that are valid, one of them blank."""
    first, second, third, *_ = ids_of(poll)
    kind = poll.ballot_kind
    if kind == "places":
        return [{first: 1, second: 2}, {second: 1, third: 2, first: 3}, {third: 1}, {}]
    if kind == "points":
        return [{first: 3, second: 1}, {second: 5}, {third: 2}, {}]
    if kind == "marks":
        return [{first: 0, second: 0}, {second: 0}, {third: 0}, {}]
    if kind == "several":
        return [{first: 1, second: 1}, {second: 1}, {third: 1}, {}]
    return [{first: 1}, {second: 1}, {second: 1}, {}]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_typed_is_what_the_log_keeps_and_what_is_counted(client, form):
    poll = poll_of(form)
    for choices in some_ballots(poll):
        client.force_login(UserFactory())
        page = page_of(client, poll)
        for name in as_typed(poll, choices):
            assert f'name="{name}"' in page
        assert client.post(ballot_url(poll), as_typed(poll, choices)).status_code == 302
        assert Opening.objects.order_by("ballot__pk").filter(choices=choices).exists()
    fold(poll.pk)
    assert "ballots" not in Tally.objects.get().counted
    assert Tally.objects.get().counted["voters"] == 4
    poll = close_if_due(end(poll))

    lots = sorted(ids_of(poll))
    groups = standing_ballots(poll.pk)
    assert sum(count for _, count in groups) == 4
    again = poll.counting.count(groups, poll.counted_options(), poll.limits, lots).as_json()
    if not again["ties"] and not poll.outcome.ties:
        assert poll.outcome.winners == again["winners"]
    page = page_of(client, poll)
    assert "Closed" in page


def test_a_voter_sees_their_own_ranking_in_its_order_and_may_change_it(client):
    poll = poll_of("irv")
    ceibo, tipa, lapacho, _ = ids_of(poll)
    client.force_login(UserFactory())
    client.post(ballot_url(poll), {f"place-{tipa}": "1", f"place-{ceibo}": "2", f"place-{lapacho}": ""})
    page = page_of(client, poll)
    own = page.partition('aria-label="Your vote"')[2].partition("</ul>")[0]
    assert own.index("Tipa") < own.index("Ceibo")
    assert "place 2" in own
    assert "Lapacho" not in own

    client.post(ballot_url(poll), {f"place-{lapacho}": "1"})
    fold(poll.pk)
    assert Tally.objects.get().counted["counts"][lapacho] == 1
    assert Tally.objects.get().counted["voters"] == 1


REFUSED = [
    ("irv", {0: "1", 1: "1"}, "You gave place 1 to two options: “Ceibo” and “Tipa”."),
    ("irv", {0: "1", 1: "3"}, "You gave no option place 2."),
    ("irv", {0: "uno"}, "Write whole numbers only."),
    ("irv", {}, "Choose an option first."),
    ("schulze", {0: "1", 1: "1", 2: "3"}, "You gave no option place 2."),
    ("greedy in places", {0: "1", 1: "2", 2: "3", 3: "4"}, "You ranked 4 options, and may rank 3."),
    ("cumulative", {0: "6", 1: "5"}, "You gave 11 points, and there are 10."),
    ("cumulative", {0: "7"}, "“Ceibo” cannot be given 7 here."),
    ("cumulative", {0: "0", 1: "0"}, "Choose an option first."),
    ("equal_shares in points", {0: "3", 1: "3"}, "You gave 6 points, and there are 5."),
    ("score", {0: "11"}, "“Ceibo” cannot be given 11 here."),
    ("slider", {0: "10"}, "“Ceibo” cannot be given 10 here."),
]


@pytest.mark.parametrize(("form", "typed", "sentence"), REFUSED)
def test_what_is_wrong_is_said_in_words_and_nothing_typed_is_lost(client, form, typed, sentence):
    poll = poll_of(form)
    ids = ids_of(poll)
    client.force_login(UserFactory())
    data = {f"{PREFIX[poll.ballot_kind]}{ids[at]}": text for at, text in typed.items()}
    answer = client.post(ballot_url(poll), data)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert not poll.ballots.exists()
    for text in typed.values():
        if text.isdigit() and poll.ballot_kind == "points" and text != "0":
            assert f'value="{text}"' in page
        if poll.ballot_kind == "places" and text in ("1", "2", "3"):
            assert f'<option value="{text}" selected>' in page


def ballot_of(poll, data):
    """Any ballot that the poll takes, drawn by hypothesis."""
    ids, kind = ids_of(poll), poll.ballot_kind
    if kind == "places":
        most = poll.max_choices or len(ids)
        order = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=most))
        return {option: place for place, option in enumerate(order, start=1)}
    if kind == "points":
        given = st.dictionaries(st.sampled_from(ids), st.integers(1, poll.max_points))
        return data.draw(given.filter(lambda choices: sum(choices.values()) <= poll.form.max_sum))
    if kind == "marks":
        counting = poll.counting
        marks = st.sampled_from(range(counting.lowest, counting.highest + 1, counting.step))
        return data.draw(st.dictionaries(st.sampled_from(ids), marks))
    most = 1 if kind == "one" else len(ids)
    return dict.fromkeys(data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=most)), 1)


@pytest.mark.parametrize("form", ["irv", "cumulative", "slider", "equal_shares", "equal_shares in places"])
def test_any_ballot_comes_out_of_the_log_as_it_went_into_the_form(client, form):
    poll = poll_of(form)
    voter = UserFactory()
    client.force_login(voter)

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def keeps(data):
        choices = ballot_of(poll, data)
        assert client.post(ballot_url(poll), as_typed(poll, choices)).status_code == 302
        fold(poll.pk)
        assert standing_ballots(poll.pk) == [(choices, 1)]
        tally = poll.counting.running_tally(poll.counted_options())
        poll.counting.add(tally, choices)
        assert Tally.objects.get().counted == tally

    keeps()


def test_the_page_of_an_instant_runoff_shows_its_rounds(client):
    poll = poll_of("irv")
    ceibo, tipa, lapacho, jacaranda = ids_of(poll)
    for order, count in (((ceibo, tipa), 4), ((tipa, ceibo), 3), ((lapacho, tipa), 2), ((jacaranda,), 1)):
        for _ in range(count):
            choices = {option: place for place, option in enumerate(order, start=1)}
            cast_ballot(poll=poll, voter=UserFactory(), choices=choices)
    poll = close_if_due(end(poll))
    assert poll.outcome.winners == [tipa]
    page = page_of(client, poll)
    assert "“Tipa” won after 3 rounds, with 5 votes: 55.6% of those that still counted." in page
    assert "Round 1: “Jacarandá” has the fewest votes and leaves. Exhausted: 1." in page
    assert "Round 2: “Lapacho” has the fewest votes and leaves. Its votes go to “Tipa” (2)." in page
    assert "Exhausted" in page and "Needed to win" in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("score", "To an option without a mark you add nothing."),
        ("cumulative", "At most 6 for one option. You need not give them all."),
        ("schulze", "You may leave options out, and give several the same place."),
    ],
)
def test_a_ballot_says_what_may_be_left_out(client, form, said):
    client.force_login(UserFactory())
    assert said in page_of(client, poll_of(form))


def test_without_scripts_a_ballot_of_points_says_how_many_are_left(client):
    poll = poll_of("cumulative")
    first, second, *_ = ids_of(poll)
    client.force_login(UserFactory())
    assert "As filled in when this page came, 10 of 10 points are left." in page_of(client, poll)
    client.post(ballot_url(poll), {f"points-{first}": "6", f"points-{second}": "3"})
    assert "As filled in when this page came, 1 of 10 points is left." in page_of(client, poll)
    refused = client.post(ballot_url(poll), {f"points-{first}": "6", f"points-{second}": "5"}).text
    assert "points are left" not in refused
    assert "Without scripts we add up when you send it" in refused


def test_means_are_drawn_from_zero_and_those_below_it_in_a_pattern_of_their_own(client):
    poll = poll_of("slider")
    ceibo, tipa, *_ = ids_of(poll)
    cast_ballot(poll=poll, voter=UserFactory(), choices={ceibo: 75, tipa: -25})
    cast_ballot(poll=poll, voter=UserFactory(), choices={ceibo: 25})
    page = page_of(client, close_if_due(end(poll)))
    assert "Of the options that got a mark, the one with the highest sum wins." in page
    assert "Whoever gave an option no mark changes neither its sum nor its mean." in page
    means = page.partition("Mean of the marks, from −100 to 100")[2].partition("</figure>")[0]
    assert 'class="bar" width="50.0%"' in means
    assert 'class="bar below" width="25.0%"' in means


def test_while_people_rank_only_favourites_are_shown(client):
    poll = poll_of("irv")
    ceibo, tipa, *_ = ids_of(poll)
    cast_ballot(poll=poll, voter=UserFactory(), choices={ceibo: 2, tipa: 1})
    fold(poll.pk)
    page = page_of(client, poll)
    assert "First preferences" in page
    assert Tally.objects.get().shown["counts"] == {**dict.fromkeys(ids_of(poll), 0), tipa: 1}
    assert not Poll.objects.filter(outcome__isnull=False).exists()


BY_COMMAND = [
    "irv", "schulze", "stv", "borda", "hierarchy", "equal_shares", "equal_shares in points", "equal_shares in places",
    "phragmen",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_export_is_verified_and_its_command_counts_to_the_same_winners(tmp_path, form, capsys):
    """With many ties: two ballots of each kind, so that the lot has to decide."""
    poll = poll_of(form)
    for choices in [*some_ballots(poll), *some_ballots(poll)[:1]]:
        cast_ballot(poll=poll, voter=UserFactory(), choices=choices)
    poll = close_if_due(end(poll))
    with io.BytesIO() as file:
        write_log(poll, file, user=None, address="")
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tmp_path)

    said = verify(tmp_path)

    if form not in BY_COMMAND:
        assert "Counted again from the ballots: tally and outcome are right." in said
        return
    assert "Counted again from the ballots: the tally is right." in said
    [command] = [line for line in said if line.startswith("python manage.py count ")]
    _, _, _, name, *arguments = command.split()
    call_command("count", str(tmp_path / name), *arguments, "--json")
    line = json.loads(capsys.readouterr().out)
    winners = line["winners"]
    if name.endswith(".blt"):
        winners = [ids_of(poll)[int(place) - 1] for place in winners]
    assert winners == poll.outcome.winners
    assert line["voters"] == 5


@pytest.mark.parametrize("form", ["irv", "cumulative", "equal_shares in places"])
def test_a_ballot_costs_no_more_statements_than_a_tick(client, form, django_assert_max_num_queries):
    poll = poll_of(form)
    client.force_login(UserFactory())
    first, *_ = some_ballots(poll)
    with django_assert_max_num_queries(12):
        assert client.post(ballot_url(poll), as_typed(poll, first)).status_code == 302


@pytest.mark.parametrize("form", ["irv", "stv", "equal_shares", "score", "dhondt"])
def test_a_ballot_and_a_result_are_read_in_twelve_queries(client, form, django_assert_max_num_queries):
    poll = poll_of(form)
    client.force_login(UserFactory())
    for choices in some_ballots(poll):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choices)
    fold(poll.pk)
    page_of(client, poll)
    with django_assert_max_num_queries(12):
        page_of(client, poll)
    close_if_due(end(poll))
    count_those_waiting(database_now())  # the worker, by the other methods
    with django_assert_max_num_queries(12):
        page_of(client, poll)


def test_names_in_a_table_of_the_result_are_set_as_words_and_votes_as_numbers(client):
    poll = poll_of("dhondt")
    for choices in some_ballots(poll):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choices)
    close_if_due(end(poll))
    page = page_of(client, poll)
    assert '<td class="words" data-label="List">Ceibo</td>' in page
    assert '<td class="number" data-label="Votes">' in page


def test_the_api_takes_a_ranking_and_tells_the_rounds(client):
    poll = poll_of("irv")
    first, second, *_ = ids_of(poll)
    client.force_login(UserFactory())
    address = reverse("api:poll-ballot", args=[poll.pk])
    body = {"choices": {first: 2, second: 1}}
    assert client.post(address, body, content_type="application/json").status_code == 201
    wrong = client.post(address, {"choices": {first: 1, second: 1}}, content_type="application/json")
    assert wrong.status_code == 400
    assert wrong.json()["code"] == "equal_ranks"
    close_if_due(end(poll))
    told = client.get(reverse("api:poll-detail", args=[poll.pk])).json()
    assert told["outcome"]["winners"] == [second]
    assert told["outcome"]["explanation"]["rounds"][0]["votes"][second] == 1
    assert told["rules"] == {}


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (Rules(quorum=4), "3 people voted and 4 were needed, so nothing is decided."),
        (Rules(majority="3/4"), "It is not carried: 2 people were for, and 3 were needed."),
        (Rules(majority="2/3"), "It is carried: 2 people were for, and 2 were needed."),
    ],
)
def test_what_the_agency_asks_of_a_majority_is_told_with_the_result(client, rules, sentence):
    poll = make_poll(rules=rules)
    side = {option.kind: str(option.pk) for option in poll.options.all()}
    for kind in ("for", "for", "against"):
        cast_ballot(poll=poll, voter=UserFactory(), choices={side[kind]: 1})
    poll = close_if_due(end(poll))
    assert sentence in page_of(client, poll)
