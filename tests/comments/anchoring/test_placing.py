"""Where a quote stands in the next version of a text. Whatever it says, it says so aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.anchoring import Alignment, Article, Certainty, Placement, Range, State, Version, place
from tests.benchmarks.anchoring import judged, quotes_of
from tests.benchmarks.edited_texts import Maker, written

RAIN = "El riego se hará con agua de lluvia que se junta en los techos de las escuelas de la cuadra."
PLAZA = f"La plaza San Martín tendrá árboles nativos y bancos de madera. {RAIN}"
OBRA = "La obra empieza en marzo y dura ocho meses. La controla una comisión de vecinos elegida por sorteo."
CLAUSE = "La autoridad de aplicación dictará las normas reglamentarias."


def version(*texts: str) -> Version:
    return Version([Article(f"Artículo {n}", text) for n, text in enumerate(texts, start=1)])


def placed(old: Version, new: Version, quote: str, article: int = 0) -> tuple[State, str | None]:
    """The state of a quote, and the words at its new place."""
    start = old.articles[article].text.index(quote)
    found = put(old, new, Range(article, start, start + len(quote)))
    return found.state, words_at(new, found)


def put(old: Version, new: Version, quoted: Range) -> Placement:
    alignment = Alignment(old, new)
    return place(alignment, Certainty(alignment), quoted)


def words_at(new: Version, found: Placement) -> str | None:
    at = found.range
    return new.articles[at.article].text[at.start : at.end] if at else None


class TestEachState:
    def test_the_same_words_in_the_same_place_are_kept(self):
        old, new = version(PLAZA, OBRA), version(PLAZA, OBRA.replace("ocho", "nueve"))
        assert placed(old, new, "bancos de madera") == (State.KEPT, "bancos de madera")

    def test_the_same_words_after_an_insertion_are_shifted(self):
        old, new = version(PLAZA, OBRA), version(f"Esta ley rige desde hoy. {PLAZA}", OBRA)
        assert placed(old, new, "bancos de madera") == (State.SHIFTED, "bancos de madera")

    def test_a_passage_is_found_in_the_article_to_which_it_moved(self):
        old, new = version(PLAZA, OBRA), version(PLAZA.removesuffix(f" {RAIN}"), f"{OBRA} {RAIN}")
        assert placed(old, new, "agua de lluvia") == (State.SHIFTED, "agua de lluvia")

    def test_a_short_clause_that_left_one_place_and_stands_in_another_may_be_new_there(self):
        old, new = version(f"{PLAZA} Rige desde mayo.", OBRA), version(PLAZA, f"{OBRA} Rige desde mayo.")
        assert placed(old, new, "Rige desde mayo") == (State.AMBIGUOUS, None)

    def test_edited_words_are_said_to_have_changed_and_both_texts_can_be_shown(self):
        old, new = version(PLAZA, OBRA), version(PLAZA.replace("bancos de madera", "bancos de hierro"), OBRA)
        assert placed(old, new, "bancos de madera") == (State.TEXT_CHANGED, "bancos de hierro")

    def test_what_is_gone_is_orphaned(self):
        old, new = version(PLAZA, OBRA), version(OBRA)
        assert placed(old, new, "árboles nativos") == (State.ORPHANED, None)

    def test_equal_words_elsewhere_are_no_evidence(self):
        old = version(f"{PLAZA} {CLAUSE}", OBRA)
        new = version(PLAZA, f"{OBRA} {CLAUSE}", f"Otro tema del todo distinto. {CLAUSE} Y sigue de otro modo.")
        state, _ = placed(old, new, CLAUSE)
        assert state == State.AMBIGUOUS

    def test_a_sentence_that_was_put_in_front_is_no_part_of_what_changed(self):
        old = version(PLAZA, f"IV. Pagar la tasa. {OBRA}")
        new = version(PLAZA, f"Se podrá opinar por escrito durante treinta días. Pagar la tasa. {OBRA}")
        assert placed(old, new, "IV. Pagar la tasa.", 1) == (State.TEXT_CHANGED, "Pagar la tasa.")

    def test_a_sentence_that_gave_way_to_another_one_is_gone(self):
        rule = "El Concejo aprobará cada año, antes de junio, el plano de las obras."
        other = "Las personas menores de edad entran gratis los días de semana."
        old, new = version(f"{PLAZA} {rule} {OBRA}"), version(f"{PLAZA} {other} {OBRA}")
        assert placed(old, new, rule) == (State.ORPHANED, None)

    def test_a_few_words_of_a_sentence_that_gave_way_to_others_have_changed(self):
        fresh = "las cisternas que paga la cooperadora"
        old, new = version(PLAZA), version(PLAZA.replace("los techos de las escuelas", fresh))
        assert placed(old, new, "techos") == (State.TEXT_CHANGED, fresh)

    def test_the_same_words_in_capitals_are_shown_as_a_change_of_the_same_passage(self):
        old, new = version(PLAZA, OBRA), version(PLAZA.upper(), OBRA)
        assert placed(old, new, "árboles nativos") == (State.TEXT_CHANGED, "ÁRBOLES NATIVOS")

    def test_a_paragraph_that_ends_as_its_neighbour_does_is_followed_to_where_it_moved(self):
        moved = f"{OBRA} La controla el Concejo."
        stays = f"{PLAZA} Lo demás, el Concejo."
        old = version(f"{stays}\n\n{moved}\n\n{RAIN.upper()}", "Otro artículo.")
        new = version(f"{stays}\n\n{RAIN.upper()}", f"Otro artículo.\n\n{moved}")
        assert placed(old, new, "dura ocho meses") == (State.SHIFTED, "dura ocho meses")

    def test_what_was_put_into_a_short_quote_is_not_marked_where_it_is_much_longer(self):
        clause = "Los demás casos los resuelve el Concejo por ordenanza, con dictamen de la comisión de vecinos. " * 3
        old = version(f"{PLAZA}\n\n{OBRA}")
        new = version(f"{PLAZA}\n\n{clause}\n\n{OBRA}")
        assert placed(old, new, "de la cuadra.\n\nLa obra") == (State.TEXT_CHANGED, "de la cuadra.")

    def test_a_clause_that_many_articles_have_stays_with_its_own_article(self):
        old = version(f"{PLAZA} {CLAUSE}", f"{OBRA} {CLAUSE}")
        new = version("Un artículo nuevo, antes de los demás.", f"{PLAZA} {CLAUSE}", f"{OBRA} {CLAUSE}")
        alignment = Alignment(old, new)
        start = old.articles[1].text.index(CLAUSE)
        found = place(alignment, Certainty(alignment), Range(1, start, start + len(CLAUSE)))
        assert (found.state, found.range.article) == (State.SHIFTED, 2)


class TestWhatCannotBe:
    @pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (-1, 3), (0, 10_000)])
    def test_a_range_that_is_empty_or_outside_its_article_is_refused(self, start, end):
        old = version(PLAZA)
        with pytest.raises(ValueError, match="range"):
            put(old, old, Range(0, start, end))

    def test_a_text_that_is_empty_leaves_every_quote_an_orphan(self):
        assert placed(version(PLAZA), version(), "plaza") == (State.ORPHANED, None)


ranges = st.tuples(st.integers(0, 2), st.integers(0, 400), st.integers(1, 60))
seeds = st.integers(0, 10_000)


class TestForEveryText:
    @given(seeds, ranges)
    def test_what_did_not_change_is_kept_to_the_letter(self, seed, where):
        text = written(Maker(seed).text(3)).version
        article, start, length = where
        end = min(start + length, len(text.articles[article].text))
        if start >= end or not text.articles[article].text[start:end].strip():
            return
        quoted = Range(article, start, end)
        assert put(text, text, quoted) == Placement(State.KEPT, quoted)

    @given(seeds)
    def test_kept_and_shifted_say_the_same_words_and_every_place_is_inside_its_article(self, seed):
        maker = Maker(seed)
        parts = maker.text(4)
        old, new = written(parts).version, written(maker.edit(parts, 6)).version
        alignment = Alignment(old, new)
        certainty = Certainty(alignment)
        for quoted in quotes_of(old, maker.chance, 20):
            found = place(alignment, certainty, quoted)
            if found.state in (State.AMBIGUOUS, State.ORPHANED):
                assert found.range is None
                continue
            text = new.articles[found.range.article].text
            assert 0 <= found.range.start < found.range.end <= len(text)
            if found.state != State.TEXT_CHANGED:
                assert words_at(new, found) == old.articles[quoted.article].text[quoted.start : quoted.end]

    def test_no_quote_of_a_thousand_is_fastened_to_other_words_without_a_label(self):
        verdicts = [verdict for seed in range(20) for verdict, _ in judged(seed)]
        assert len(verdicts) >= 1_000
        assert "wrong" not in verdicts
        assert verdicts.count("right") > 0.95 * len(verdicts)
