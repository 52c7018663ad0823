"""The page of all components, in both languages, and what its components promise."""

import re
from datetime import UTC, datetime

import pytest
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from frontend.figures import money_figures, share
from frontend.templatetags.asamblea import tally_html
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    def get(language):
        return client.get(reverse("frontend:components"), headers={"accept-language": language}).content.decode()

    return get


def test_spanish_comes_first_and_english_is_whole(page):
    spanish, english = page("es-AR"), page("en")

    assert '<html lang="es-AR">' in spanish
    assert "Tu voto cuenta" in spanish
    assert '<html lang="en">' in english
    assert "Your vote counts" in english
    assert "Tu voto" not in english


def test_somebody_whose_language_we_do_not_speak_reads_spanish(page):
    assert '<html lang="es-AR">' in page("fi")


def test_no_page_carries_script_or_style_inline(page):
    html = page("es-AR")

    assert " style=" not in html
    assert "<style" not in html
    assert not re.search(r"\son\w+=", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_what_is_for_machines_is_not_written_as_for_people(page):
    """With thousands separators on, an id 1031 or a width 57.4 would become 1.031 and 57,4."""
    html = page("es-AR")

    assert 'value="1031"' in html
    assert 'data-option="1031"' in html
    assert 'width="57.4%"' in html


def test_the_language_can_be_changed_without_javascript_and_one_stays_on_the_page(client):
    address = reverse("frontend:components")
    response = client.post(reverse("set_language"), {"language": "en", "next": address}, follow=True)

    assert response.request["PATH_INFO"] == address
    assert '<html lang="en">' in response.content.decode()


def test_somebody_logged_in_finds_the_way_out(client):
    client.force_login(UserFactory(name="Ana Pérez"))
    html = client.get(reverse("frontend:components")).content.decode()

    assert "Ana Pérez" in html
    assert f'action="{reverse("account_logout")}"' in html


@pytest.mark.parametrize("address", ["account_login", "account_signup", "account_request_login_code"])
def test_the_doors_of_the_house_are_in_our_words(client, address):
    html = client.get(reverse(address), headers={"accept-language": "es-AR"}).content.decode()

    assert "participation.css" in html
    assert "placeholder" not in html


def test_what_a_password_needs_is_a_list_above_its_field(client):
    html = client.get(reverse("account_signup"), headers={"accept-language": "es-AR"}).content.decode()

    assert re.search(r'id="id_password1_helptext"><ul><li>Al menos 10 caracteres\.</li>', html)


def test_the_accessibility_page_answers(client):
    response = client.get(reverse("frontend:accessibility"), headers={"accept-language": "es-AR"})
    assert "Construimos según las WCAG 2.2" in response.content.decode()


# --- Fields


class Proposal(forms.Form):
    title = forms.CharField(label="Title", help_text="One line.")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def draw(form, source):
    return Template("{% load asamblea %}" + source).render(Context({"form": form}))


def test_a_field_is_described_by_its_hint():
    html = draw(Proposal(), "{% field form.title %}")

    assert 'aria-describedby="id_title_helptext"' in html
    assert 'id="id_title_helptext"' in html
    assert 'for="id_title"' in html
    assert "aria-invalid" not in html


def test_a_wrong_field_is_described_by_its_error_too():
    html = draw(Proposal({"kind": "a"}), "{% field form.title %}")

    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_set_of_choices_is_described_as_a_whole():
    html = draw(Proposal({"title": "x"}), "{% field form.kind %}")

    assert re.search(r'<fieldset[^>]*aria-describedby="id_kind_error"', html)


def test_the_summary_of_errors_leads_to_each_field_and_names_it():
    with translation.override("es-ar"):
        html = draw(Proposal({}), "{% error_summary form %}")

    assert 'href="#id_title">Title: Completá este campo.' in html
    assert 'href="#id_kind_0">Kind: Completá este campo.' in html


def test_where_nothing_is_wrong_there_is_no_summary():
    assert draw(Proposal({"title": "x", "kind": "a"}), "{% error_summary form %}").strip() == ""


# --- The tally


def tally(**changes):
    return {
        "options": [
            {"id": 1, "label": "Yes", "count": 2, "share_percent": 66.7, "bar_percent": 66.7, "kind": "for"},
            {"id": 2, "label": "No", "count": 1, "share_percent": 33.3, "bar_percent": 33.3, "kind": "against"},
        ],
        "number": 1234,
        "voter_count": 3,
        "blank_count": 0,
        "sealed_at": datetime(2026, 11, 21, 18, 0, tzinfo=UTC),
        "eligible_count": None,
        "is_final": False,
    } | changes


def draw_tally(**context):
    with translation.override("es-ar"):
        return tally_html(**context)


def test_a_tally_with_a_poll_moves_live():
    html = draw_tally(tally=tally(), poll_id=1031)

    assert '<live-tally poll="1031" src="/ws/polls/1031/" number="1234"' in html
    assert "live-tally.js" in html


def test_a_final_tally_opens_no_socket():
    html = draw_tally(tally=tally(is_final=True), poll_id=1031)

    assert "<live-tally" not in html
    assert "<script" not in html
    assert "Escrutinio definitivo" in html


def test_a_tally_says_as_of_which_ballot_and_gives_every_number_in_a_table():
    html = draw_tally(tally=tally())

    assert "<span data-number>1.234</span>" in html
    assert html.count("66,7\N{NO-BREAK SPACE}%") == 2


def test_where_the_table_is_of_points_blank_ballots_are_not_among_them():
    assert draw_tally(tally=tally(blank_count=7, most_each=5)).count("En blanco") == 1
    assert draw_tally(tally=tally(blank_count=7)).count("En blanco") == 2


def test_a_count_below_zero_has_a_bar_of_its_own_pattern():
    options = [
        {"id": 1, "label": "Tipa", "count": -75, "share_percent": -75.0, "bar_percent": 75.0, "kind": ""},
        {"id": 2, "label": "Ceibo", "count": 75, "share_percent": 75.0, "bar_percent": 75.0, "kind": ""},
    ]
    html = draw_tally(tally=tally(options=options, most_each=100))

    assert 'class="bar  below" data-bar width="75.0%"' in html
    assert 'class="bar " data-bar width="75.0%"' in html


def test_turnout_is_said_only_where_there_is_a_roll():
    assert "Participación" not in draw_tally(tally=tally())
    assert "30,0\N{NO-BREAK SPACE}%" in draw_tally(tally=tally(eligible_count=10))


def test_a_tally_of_nobody_divides_by_nobody():
    options = [{"id": 1, "label": "Yes", "count": 0, "share_percent": None, "bar_percent": 0, "kind": "for"}]
    html = draw_tally(tally=tally(options=options, number=0, voter_count=0, eligible_count=0))

    assert "–" in html


def test_shares_round_halves_up_as_the_script_does():
    assert share(1, 3) == 33.3
    assert share(1, 2000) == 0.1  # 0.05 %
    assert share(0, 0) is None


def test_money_that_is_missing_is_said_to_be_missing():
    assert money_figures(100, 40).cents == 60
    assert money_figures(100, 130).is_over
    assert money_figures(100, 130).bar_percent == 100.0


def test_one_name_of_a_class_is_one_component():
    """Two components of one name dress each other: a choice of marks once drew its border around every page's logo."""
    begun = [
        (name, path.name)
        for path in (settings.BASE_DIR / "frontend/static/frontend").glob("*.css")
        for name in set(re.findall(r"^\.([\w-]+) \{", path.read_text(), flags=re.MULTILINE))
    ]
    names = [name for name, _ in begun]
    assert sorted(found for found in begun if names.count(found[0]) > 1) == []


@pytest.mark.parametrize("name", ["400", "500"])
def test_the_pages_of_failure_are_drawn_even_where_no_style_can_be_found(name, monkeypatch):
    def missing(path):
        raise ValueError(path)

    assert "frontend/base" in render_to_string(f"{name}.html")
    monkeypatch.setattr("frontend.templatetags.asamblea.static", missing)
    assert 'href=""' in render_to_string(f"{name}.html")


def test_what_is_pasted_is_never_cut_by_the_browser_without_a_word():
    class Idea(forms.Form):
        title = forms.CharField(max_length=5)

    form = Idea({"title": "Plaza seca"})
    html = Template("{% load asamblea %}{% error_summary form %}{% field form.title %}").render(Context({"form": form}))

    assert "maxlength" not in html
    assert 'value="Plaza seca"' in html
    assert "has 10" in html or "tiene 10" in html


def test_a_file_that_went_with_a_form_that_was_refused_is_asked_for_again():
    class Report(forms.Form):
        body = forms.CharField()
        photo = forms.FileField(label="Photo", required=False)

    def shown(body):
        form = Report({"body": body}, {"photo": SimpleUploadedFile("a.webp", b"x")})
        template = Template("{% load asamblea %}{% error_summary form %}{% field form.photo %}")
        with translation.override("en"):
            return template.render(Context({"form": form}))

    assert shown("").count("Choose the file again: a browser does not keep it.") == 2
    assert "Choose the file again" not in shown("Done.")
