"""What tests of this room's pages share: addresses, the words of a page, and its forms, filled in and sent back."""

from datetime import datetime, timedelta
from html.parser import HTMLParser

from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from consultations.clock import database_now
from consultations.models import Consultation


def logged_in(user) -> Client:
    """A browser in which the person is logged in, and that reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def words(response) -> str:
    """The text of a page as one reads it, on one line."""
    return " ".join(strip_tags(response.content.decode()).split())


def address(consultation: Consultation, rest: str = "") -> str:
    return f"/consultations/{consultation.slug}/{rest}"


def typed(moment: datetime | None) -> str:
    """A moment as a browser's date picker sends it."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") if moment else ""


def in_days(days: float) -> str:
    return typed(database_now() + timedelta(days=days))


def first_step(**changes: object) -> dict[str, object]:
    """The first step of a consultation, filled in."""
    return {
        "title": "¿Qué árboles plantamos?",
        "summary": "Mil árboles para la avenida.",
        "body": "Queremos **sombra**.",
        **changes,
    }


def step_of(client, consultation: Consultation, step: str, **changes: object) -> dict[str, object]:
    """What a browser sends for a step of this consultation, with these changes."""
    return as_shown(client.get(address(consultation, f"edit/{step}/")), **changes)


def faults(response) -> dict[str, list[str]]:
    """Which fields of the page's form are wrong."""
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


class _Inputs(HTMLParser):
    """Collects what a browser would send for the form with a textarea: the page's main one."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.text_of = ""
        self.select = ""

    def handle_starttag(self, tag, attrs) -> None:
        attrs = dict(attrs)
        name, value = attrs.get("name", ""), attrs.get("value") or ""
        if tag == "form":
            self.forms.append({})
        elif tag == "textarea":
            self.text_of = name
            self.forms[-1][name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in attrs:
            self.forms[-1][self.select] = [value]
        elif tag == "input" and name and (attrs.get("type") not in {"radio", "checkbox"} or "checked" in attrs):
            value = attrs.get("value", "on" if attrs.get("type") == "checkbox" else "")
            self.forms[-1].setdefault(name, []).append(value or "")

    def handle_data(self, data) -> None:
        if self.text_of:
            self.forms[-1][self.text_of][0] += data

    def handle_endtag(self, tag) -> None:
        if tag == "textarea":
            # A browser drops the first line break, which Django writes.
            self.forms[-1][self.text_of] = [self.forms[-1][self.text_of][0].removeprefix("\n")]
            self.text_of = ""


def as_shown(response, **changes: object) -> dict[str, object]:
    """What a browser sends back from the page's main form, with these changes."""
    parser = _Inputs()
    parser.feed(response.content.decode())
    shown = next(form for form in parser.forms if "title" in form or "version" in form)
    del shown["csrfmiddlewaretoken"]
    return shown | changes
