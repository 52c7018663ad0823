"""``manage.py where ADDRESS``: from an address to the code behind it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command


@pytest.fixture
def where(capsys):
    """What the command prints for an address: its lines as (label, what was found)."""

    def ask(address: str) -> list[tuple[str, str]]:
        call_command("where", address)
        lines = capsys.readouterr().out.splitlines()
        return [(line[:12].strip(), line[12:].strip()) for line in lines]

    return ask


def line_of(path: str, text: str) -> int:
    source = (Path(settings.BASE_DIR) / path).read_text().splitlines()
    return next(number for number, line in enumerate(source, start=1) if text in line)


def test_a_page_is_found_with_its_template_permission_and_tests(where):
    found = where("/consultations/plan-de-arbolado/edit/")

    # The line is that of the first decorator.
    line = line_of("consultations/opening/pages.py", "def change_consultation(") - 1
    assert ("name", "consultations:change-consultation") in found
    assert ("page", f"consultations/opening/pages.py:{line} change_consultation") in found
    assert ("template", "frontend/templates/consultations/opening/review.html") in found
    assert ("permission", "consultations.change_consultation") in found
    assert ("test", "tests/consultations/test_opening.py") in found


def test_a_permission_that_the_use_case_asks_is_found_too(where):
    assert ("permission", "consultations.publish_consultation") in where("/consultations/x/publish/")


def test_what_is_filtered_by_sight_says_so(where):
    assert any("visible_to" in text for label, text in where("/consultations/x/") if label == "permission")


def test_an_api_address_leads_to_its_class_and_to_the_action_of_each_method(where):
    found = dict(where("/api/v1/consultations/"))

    assert found["page"].startswith("consultations/api.py:")
    assert found["page"].endswith("ConsultationViewSet")
    assert found["get"].endswith("ConsultationViewSet.list")


def test_a_page_of_a_package_is_found_with_the_template_that_is_ours(where):
    found = where("/account/login/")

    assert ("template", "frontend/templates/account/login.html") in found
    assert ("test", "tests/accounts/test_login.py") in found


def test_a_query_string_and_a_whole_address_are_fine(where):
    assert where("http://127.0.0.1:8000/consultations/?state=open") == where("/consultations/")


def test_what_nothing_answers_is_said(where):
    with pytest.raises(CommandError, match="Nothing answers /nada/"):
        where("/nada/")


def test_every_template_and_test_that_it_names_is_there(where):
    for address in ["/", "/consultations/x/", "/proposals/1/edit/", "/agencies/x/members/", "/account/me/"]:
        named = [text for label, text in where(address) if label in {"template", "test"}]
        assert named
        assert [text for text in named if not (Path(settings.BASE_DIR) / text).exists()] == []
