from datetime import date
from fractions import Fraction

import pytest

from tests.voting.elections import OWN_FILE, shared_files
from voting.formats import pabulib
from voting.formats.pabulib import PabulibError

SMALL = """META
key;value
description;A budget of nowhere
country;Argentina
unit;Nowhere
instance;2025
num_projects;2
num_votes;2
budget;1000
vote_type;approval
rule;greedy
date_begin;01.02.2025
date_end;28.02.2025
PROJECTS
project_id;cost;name
p1;600;Park
p2;500.25;Pool
VOTES
voter_id;vote
ana;p1,p2
beto;p2
"""


def read(text):
    return pabulib.read(text.encode().splitlines(keepends=True))


def refused(text):
    with pytest.raises(PabulibError) as error:
        pabulib.read((text if isinstance(text, bytes) else text.encode()).splitlines(keepends=True))
    assert str(error.value).startswith(f"line {error.value.line_number}: ")
    return error.value.line_number, error.value.code


def changed(*changes):
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def small(vote_type, votes, columns="voter_id;vote;points", meta=""):
    return changed(
        ("vote_type;approval\n", f"vote_type;{vote_type}\n{meta}"),
        ("voter_id;vote\n", f"{columns}\n"),
        ("ana;p1,p2\nbeto;p2\n", votes),
    )


class TestWhatIsRead:
    def test_our_own_election_is_read_to_the_last_field(self):
        with OWN_FILE.open("rb") as lines:
            election = pabulib.read(lines)

        assert election.meta["description"] == (
            "Presupuesto participativo de Villa Serena; una localidad inventada para estas pruebas"
        )
        assert (election.vote_type, election.budget_cents, election.max_length) == ("approval", 10_000_000, 4)
        assert (election.begins_on, election.ends_on) == (date(2025, 3, 3), date(2025, 3, 21))
        plaza, bikes, sport = election.projects[:3]
        assert (plaza.id, plaza.cost_cents, plaza.categories) == ("1", 4_500_000, ("parks", "children"))
        assert (plaza.latitude, plaza.longitude, plaza.vote_count, plaza.score) == (-34.6012, -58.3816, 8, None)
        assert (bikes.name, bikes.cost_cents) == ('Bicisenda "La Vía"; primer tramo', 3_000_050)
        assert (bikes.latitude, bikes.selected, bikes.district) == (None, 1, "Centro")
        assert sport.description == "Techo,\npiso y luces"
        assert election.votes[0] == ("v01", ("1", "2", "3"), None, 1, ("34", "F"))
        assert election.votes[-1] == ("v14", (), None, 1, ("70", "O"))
        assert election.vote_columns == ("age", "sex")
        assert election.scores() == {project.id: project.vote_count for project in election.projects}

    @pytest.mark.parametrize("path", [OWN_FILE, *shared_files()], ids=lambda path: path.stem)
    def test_what_the_ballots_give_is_what_the_file_says(self, path):
        with path.open("rb") as lines:
            election = pabulib.read(lines)

        stated = {
            project.id: project.vote_count if project.score is None else project.score for project in election.projects
        }
        assert election.scores() == stated
        assert len(election.votes) == int(election.meta["num_votes"])

    def test_a_file_opened_as_text_reads_the_same(self):
        with OWN_FILE.open("rb") as of_bytes, OWN_FILE.open(encoding="utf-8", newline="") as of_text:
            assert pabulib.read(of_bytes) == pabulib.read(of_text)

    @pytest.mark.parametrize(
        "disguise",
        [
            lambda text: "\ufeff" + text,
            lambda text: text.replace("\n", "\r\n"),
            lambda text: text.replace("PROJECTS\n", "\n  \nPROJECTS\n") + "\n\n",
            lambda text: text.rstrip("\n"),
            lambda text: text.replace("p1,p2", "p1, p2"),
            lambda text: text.replace("META", "meta").replace("VOTES", "Votes;;"),
            lambda text: text.replace("key;value", "key;value;;").replace("instance;2025", "instance;2025;;"),
            lambda text: text.replace("Park\n", "Park;;\n").replace("beto;p2", "beto;p2; "),
        ],
        ids=[
            "byte order mark", "CRLF", "blank lines", "no last line end", "spaces in a list", "titles", "META", "rows",
        ],
    )  # fmt: skip
    def test_small_differences_in_writing_change_nothing(self, disguise):
        assert read(disguise(SMALL)) == read(SMALL)

    def test_a_file_whose_lines_end_as_on_old_macs_arrives_as_a_single_line_and_is_read(self):
        assert pabulib.read([SMALL.replace("\n", "\r").encode()]) == read(SMALL)
        with pytest.raises(PabulibError) as wrong:
            pabulib.read([changed(("beto;p2", "beto;p9")).replace("\n", "\r").encode()])
        assert wrong.value.line_number == changed(("beto;p2", "beto;p9")).split("beto")[0].count("\n") + 1

    def test_numbers_may_be_written_otherwise(self):
        other = read(changed(("600", "6e2"), ("500.25", "0500.250")))

        assert [project.cost for project in other.projects] == [project.cost for project in read(SMALL).projects]

    def test_cells_that_are_missing_at_the_end_of_a_row_are_empty(self):
        assert [project.name for project in read(changed(("p1;600;Park", "p1;600"))).projects] == ["", "Pool"]
        of_age = changed(("voter_id;vote", "voter_id;vote;age"), ("ana;p1,p2", "ana;p1,p2;40"))
        assert [vote.about for vote in read(of_age).votes] == [("40",), ("",)]

    def test_quotes_in_the_middle_of_a_cell_are_read_where_all_else_is_right(self):
        assert read(changed(("Park", '"Park" of the city'))).projects[0].name == "Park of the city"

    def test_degrees_may_have_a_comma(self):
        places = changed(("cost;name", "cost;latitude;longitude"), ("600;Park", "600;-34,5;58,25"))

        assert read(places.replace("500.25;Pool", "500;;")).projects[0].latitude == -34.5

    def test_a_vote_for_nothing_is_a_blank_ballot(self):
        assert read(changed(("beto;p2", "beto;"))).votes[1] == ("beto", (), None, 1, ())

    def test_points_stand_beside_the_projects_of_a_cumulative_vote(self):
        election = read(small("cumulative", "ana;p1,p2;3,4.5\nbeto;;\n"))

        assert election.votes == [("ana", ("p1", "p2"), (3, Fraction(9, 2)), 1, ()), ("beto", (), (), 1, ())]
        assert election.scores() == {"p1": 3, "p2": Fraction(9, 2)}

    def test_points_of_a_scoring_vote_may_be_negative(self):
        election = read(small("scoring", "ana;p1,p2;-2,5\nbeto;p1;-1\n"))

        assert election.scores() == {"p1": -3, "p2": 5}

    def test_a_ranking_gives_most_to_its_first(self):
        votes = "ana;p2,p1\nbeto;p2\n"

        assert read(small("ordinal", votes, "voter_id;vote")).scores() == {"p1": 1, "p2": 4}
        assert read(small("ordinal", votes, "voter_id;vote", "max_length;3\n")).scores() == {"p1": 2, "p2": 6}

    def test_a_choose_1_vote_is_one_project(self):
        election = read(small("choose-1", "ana;p1\nbeto;p2\n", "voter_id;vote"))

        assert election.scores() == {"p1": 1, "p2": 1}

    @pytest.mark.parametrize("column", ["beneficiaries", "target"])
    def test_whom_a_project_is_for_has_two_names(self, column):
        text = changed(("cost;name", f"cost;name;{column}"), ("Park", "Park;children,elderly"), ("Pool", "Pool;"))

        assert [project.targets for project in read(text).projects] == [("children", "elderly"), ()]

    def test_a_year_alone_lasts_from_its_first_day_to_its_last(self):
        election = read(changed(("date_begin;01.02.2025", "date_begin;2025"), ("date_end;28.02.2025", "date_end;2025")))

        assert (election.begins_on, election.ends_on) == (date(2025, 1, 1), date(2025, 12, 31))


class TestWhatIsRefused:
    """Each with the line on which somebody would look for it."""

    @pytest.mark.parametrize("text", ["", "\ufeff", "\n\n", "\ufeff\r\n"])
    def test_a_file_of_nothing(self, text):
        assert refused(text)[1] == "empty_file"

    @pytest.mark.parametrize(("change", "line", "code"), [
        (("META\n", "Hello\nMETA\n"), 1, "unexpected_text"),
        (("META\nkey;value\n", "META\n"), 2, "missing_column"),
        (("key;value\n", "key;value;more\n"), 2, "wrong_column_count"),
        (("instance;2025", "instance"), 14, "missing_key"),
        (("instance;2025", "instance;2025;6"), 6, "wrong_column_count"),
        (("instance;2025", "unit;2025"), 6, "duplicate_key"),
        (("unit;Nowhere\n", ""), 13, "missing_key"),
        (("unit;Nowhere\n", "unit;\n"), 14, "missing_key"),
        (("budget;1000", "budget;0"), 9, "budget_not_positive"),
        (("budget;1000", "budget;-5"), 9, "budget_not_positive"),
        (("budget;1000", "budget;a lot"), 9, "not_a_number"),
        (("budget;1000", "budget;1,000"), 9, "not_a_number"),
        (("budget;1000", "budget;nan"), 9, "not_a_number"),
        (("budget;1000", "budget;1e99"), 9, "not_a_number"),
        (("budget;1000", "budget;1e999999999"), 9, "not_a_number"),
        (("budget;1000", "budget;0.005"), 9, "finer_than_a_cent"),
        (("budget;1000", "budget;١٠٠"), 9, "not_a_number"),
        (("vote_type;approval", "vote_type;Approval"), 10, "unknown_vote_type"),
        (("date_begin;01.02.2025", "date_begin;2025-02-01"), 12, "not_a_date"),
        (("date_end;28.02.2025", "date_end;30.02.2025"), 13, "not_a_date"),
        (("date_end;28.02.2025", "date_end;0000"), 13, "not_a_date"),
        (("date_end;28.02.2025", "date_end;31.01.2025"), 13, "dates_reversed"),
        (("num_projects;2", "num_projects;3"), 7, "wrong_num_projects"),
        (("num_projects;2", "num_projects;-2"), 7, "not_a_number"),
        (("num_votes;2", "num_votes;1"), 8, "wrong_num_votes"),
        (("num_votes;2", "num_votes;two"), 8, "not_a_number"),
        (("rule;greedy", "max_length;some\nrule;greedy"), 11, "not_a_number"),
        (("rule;greedy", "max_length;1\nrule;greedy"), 21, "too_many_projects"),
        (("project_id;cost;name", "project_id;name;price"), 15, "missing_column"),
        (("project_id;cost;name", "project_id;cost;cost"), 15, "duplicate_column"),
        (("p1;600;Park", "p1"), 16, "wrong_column_count"),
        (("p1;600;Park", "p1;600;Park; and more"), 16, "wrong_column_count"),
        (("p1;600;Park", "p1;-1;Park"), 16, "negative_cost"),
        (("p1;600;Park", "p1;;Park"), 16, "not_a_number"),
        (("p1;600;Park", "p1;600.001;Park"), 16, "finer_than_a_cent"),
        (("p1;600;Park", ";600;Park"), 16, "missing_id"),
        (("p2;500.25;Pool", "p1;500.25;Pool"), 17, "duplicate_project"),
        (("p1;600;Park", 'p1;600;"Park" of; the city'), 16, "bad_csv"),
        (("p1;600;Park", 'p1;600;"Park'), 16, "bad_csv"),
        (("p1;600;Park", "p1;600;Pa\0rk"), 16, "bad_character"),
        (("voter_id;vote", "voter;vote"), 19, "missing_column"),
        (("voter_id;vote\nana;p1,p2\nbeto;p2\n", ""), 18, "missing_header"),
        (("ana;p1,p2", "ana;p1;p2"), 20, "wrong_column_count"),
        (("ana;p1,p2", "ana;p1,p3"), 20, "unknown_project"),
        (("ana;p1,p2", "ana;p1,"), 20, "unknown_project"),
        (("ana;p1,p2", "ana;p1,p1"), 20, "repeated_project"),
        (("ana;p1,p2", ";p1,p2"), 20, "missing_id"),
        (("beto;p2", "ana;p2"), 21, "duplicate_voter"),
    ])  # fmt: skip
    def test_one_wrong_thing(self, change, line, code):
        assert refused(changed(change)) == (line, code)

    @pytest.mark.parametrize(("section", "line"), [("META", 14), ("PROJECTS", 18), ("VOTES", 22)])
    def test_a_section_that_comes_twice(self, section, line):
        start = SMALL.index(f"{section}\n")
        end = {"META": SMALL.index("PROJECTS"), "PROJECTS": SMALL.index("VOTES"), "VOTES": len(SMALL)}[section]
        twice = SMALL[:end] + SMALL[start:end] + SMALL[end:]

        assert refused(twice) == (line, "duplicate_section")

    @pytest.mark.parametrize(("section", "line"), [("META", 1), ("PROJECTS", 14), ("VOTES", 17)])
    def test_a_section_that_is_missing(self, section, line):
        start = SMALL.index(f"{section}\n")
        end = {"META": SMALL.index("PROJECTS"), "PROJECTS": SMALL.index("VOTES"), "VOTES": len(SMALL)}[section]

        assert refused(SMALL[:start] + SMALL[end:]) == (line, "missing_section")

    def test_sections_in_another_order(self):
        projects, votes = SMALL.index("PROJECTS"), SMALL.index("VOTES")
        swapped = SMALL[:projects] + SMALL[votes:] + SMALL[projects:votes]

        assert refused(swapped) == (14, "missing_section")

    @pytest.mark.parametrize(("points", "code"), [
        ("3", "wrong_points_count"), ("3,4,5", "wrong_points_count"), ("", "wrong_points_count"),
        ("3,four", "not_a_number"), ("3,", "not_a_number"),
    ])  # fmt: skip
    def test_points_that_do_not_go_with_the_projects(self, points, code):
        assert refused(small("cumulative", f"ana;p1,p2;{points}\nbeto;p2;1\n")) == (20, code)

    def test_a_cumulative_file_without_points(self):
        assert refused(small("cumulative", "ana;p1,p2\nbeto;p2\n", "voter_id;vote")) == (19, "missing_column")

    def test_two_projects_where_one_was_asked_for(self):
        assert refused(small("choose-1", "ana;p1,p2\nbeto;p2\n", "voter_id;vote")) == (20, "too_many_projects")

    @pytest.mark.parametrize("place", ["91;0", "0;181", "north;0", "nan;0", "0;inf"])
    def test_a_place_that_is_not_on_the_earth(self, place):
        text = changed(("cost;name", "cost;latitude;longitude"), ("600;Park", f"600;{place}"), ("500.25;Pool", "500;;"))

        assert refused(text) == (16, "not_a_coordinate")

    def test_a_file_in_another_encoding_is_told_with_its_line(self):
        assert refused(changed(("Pool", "Pileta pública")).encode("latin-1")) == (17, "bad_encoding")

    def test_line_numbers_stay_right_after_a_field_of_several_lines(self):
        text = changed(("Park", '"Park\nwith a second line\r\nand a third"'), ("beto;p2", "beto;p9"))

        assert refused(text) == (23, "unknown_project")

    def test_a_quote_that_is_never_closed_is_told_where_it_opens_however_long_the_file(self):
        votes = "".join(f"v{number};p1\n" for number in range(40_000))

        assert refused(changed(("Park", '"Park')) + votes) == (16, "bad_csv")
