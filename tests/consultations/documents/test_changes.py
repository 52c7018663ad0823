"""What changed between two versions: each article is followed by its identity, never by likeness."""

from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.documents.changes import Standing, changes_between, counts_of, over_all

A, B, C, D, E, F = (UUID(int=n) for n in range(1, 7))


def version(*articles):
    """Each an identity, or (identity, text), or (identity, text, label)."""
    rows = [article if isinstance(article, tuple) else (article,) for article in articles]
    return [
        Standing(row[0], place, "article", row[2] if len(row) > 2 else f"Artículo {row[0].int}", "",
                 row[1] if len(row) > 1 else f"Texto {row[0].int}.")
        for place, row in enumerate(rows)
    ]  # fmt: skip


def states(old, new, origins=None):
    origins = origins if origins is not None else {one.identity: [one.identity] for one in new}
    return [(change.state, *(one.identity.int for one in change.new or change.old))
            for change in changes_between(old, new, origins)]  # fmt: skip


def test_what_stays_what_changes_what_comes_and_what_goes():
    old, new = version(A, B, C), version(A, (B, "Otro."), D)
    assert states(old, new) == [("same", 1), ("changed", 2), ("removed", 3), ("added", 4)]


def test_an_article_that_only_changes_its_number_is_changed_and_not_reworded():
    change = changes_between(version(A), version((A, "Texto 1.", "Artículo 9")), {A: [A]})[0]
    assert (change.state, change.is_reworded, change.is_retitled) == ("changed", False, True)


def test_the_one_article_that_left_the_order_is_moved_and_the_others_are_not():
    assert states(version(A, B, C, D), version(B, C, A, D)) == [("same", 2), ("same", 3), ("moved", 1), ("same", 4)]


def test_a_moved_article_says_where_it_stood_and_where_it_stands_and_whether_its_words_changed():
    old, new = version(A, B, C, D), version(B, C, D, (A, "Otro."))
    moved = changes_between(old, new, {x: [x] for x in (A, B, C, D)})[-1]

    assert (moved.state, moved.is_reworded) == ("moved", True)
    assert moved.after_old is None
    assert moved.after_new.identity == D


def test_a_split_shows_the_old_words_beside_those_of_both_new_parts():
    old, new = version((A, "Uno. Dos.")), version((A, "Uno."), (B, "Dos."))
    change = changes_between(old, new, {A: [A], B: [A]})[0]

    assert (change.state, [one.identity for one in change.new]) == ("split", [A, B])
    assert "".join(p.text for p in change.pieces if p.kind != "added") == "Uno. Dos."


def test_a_merger_names_all_that_it_was_made_of():
    assert states(version(A, B, C), version(A, C), {A: [A, B], C: [C]}) == [("merged", 1), ("same", 3)]


def test_origins_are_followed_over_the_versions_between():
    first, second, third = {A: [A], B: [A]}, {A: [A], C: [B]}, {A: [A, C], D: []}
    assert over_all([first, second, third]) == {A: [A], D: []}
    assert over_all([first, second]) == {A: [A], C: [A]}


def test_an_article_that_is_new_with_likeness_alone_is_new():
    assert states(version(A), version((B, "Texto 1.")), {B: []}) == [("removed", 1), ("added", 2)]


def test_counts_come_in_the_order_of_a_summary_and_without_zeros():
    changes = changes_between(version(A, B), version((A, "x"), C), {A: [A], C: []})
    assert list(counts_of(changes).items()) == [("changed", 1), ("added", 1), ("removed", 1)]


@given(st.lists(st.sampled_from([A, B, C, D, E, F]), unique=True), st.permutations([A, B, C, D, E, F]), st.data())
@settings(max_examples=120)
def test_each_article_of_both_versions_stands_in_exactly_one_change(before, after, data):
    after = after[: data.draw(st.integers(0, 6))]
    origins = {one: data.draw(st.lists(st.sampled_from([A, B, C, D, E, F]), max_size=3)) for one in after}
    changes = changes_between(version(*before), version(*after), origins)

    assert sorted(one.identity.int for c in changes for one in c.new) == sorted(one.int for one in after)
    assert sorted(one.identity.int for c in changes for one in c.old) == sorted(one.int for one in before)
    places = [change.new[0].place for change in changes if change.new]
    assert places == sorted(places)


@given(st.permutations(range(9)))
def test_as_few_articles_as_possible_are_called_moved(order):
    identities = [uuid4() for _ in order]
    new = version(*(identities[n] for n in order))
    moved = [c for c in changes_between(version(*identities), new, {x: [x] for x in identities}) if c.state == "moved"]

    longest = [1] * len(order)
    for i in range(len(order)):
        longest[i] += max((longest[j] for j in range(i) if order[j] < order[i]), default=0)
    assert len(moved) == len(order) - max(longest)
