"""Made-up content for the page of all components. In the database there is none of it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from frontend import examples_of_work
from frontend.formats import ago
from frontend.markup import render


class ExampleForm(forms.Form):
    """One field of every shape."""

    title = forms.CharField(label=_("Title"), help_text=_("Say it in one line, as you would to a neighbour."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    text = forms.CharField(
        label=_("Your proposal"),
        help_text=_("An empty line begins a paragraph. ## heading, - list, **bold**, [words](https://address)."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    opens_at = forms.DateTimeField(
        label=_("Opens"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), required=False
    )
    district = forms.ChoiceField(
        label=_("District"), choices=[("", "—"), ("north", _("North")), ("south", _("South"))], required=False
    )
    audience = forms.ChoiceField(
        label=_("Who may take part"),
        widget=forms.RadioSelect,
        choices=[("all", _("Everyone with an account")), ("roll", _("Only who is on the electoral roll"))],
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("streets", _("Streets")), ("parks", _("Parks")), ("schools", _("Schools"))],
        required=False,
    )
    agree = forms.BooleanField(label=_("I have read the rules of this consultation"))


def context() -> dict[str, Any]:
    now = timezone.now()
    return {
        "form": ExampleForm(prefix="clean"),
        "wrong_form": ExampleForm({"wrong-email": "ana", "wrong-agree": ""}, prefix="wrong"),
        "crumbs": [{"title": gettext("Consultations"), "url": "/consultations/"}],
        "steps": _steps(now),
        "options": _options(),
        "yes_no_options": _yes_no_options(),
        "tally": _tally(now),
        "final_tally": _final_tally(now),
        "sealed_number": 4211,
        "recently": now - timedelta(minutes=12),
        "closes_at": now + timedelta(days=3),
        "closes_sentence": gettext("Closes in 3 days"),
        "facts": [gettext("312 people took part")],
        "stats": [
            {"number": "4.198", "label": gettext("voters")},
            {"number": "312", "label": gettext("comments")},
            {"number": "64", "label": gettext("proposals")},
        ],
        "markdown": _markdown(),
        "budget_cents": 100_000_000,
        "allocated_cents": 64_150_050,
        "too_much_cents": 112_500_000,
        "comments": _comments(now),
        "states": ["open", "soon", "closed", "draft", "private"],
    } | examples_of_work.context(now)


def _comments(now: datetime) -> list[dict[str, Any]]:
    """As ``Card`` in comments/cards.py makes them."""
    moment = now - timedelta(minutes=12)
    said: dict[str, Any] = {"url": "#main", "moment": moment.isoformat(), "ago": ago(moment)}
    question = render(gettext("I walk there with my mother. **Where would the benches be?**"))
    answer = render(gettext("One each forty metres, in the shade. They are on page 4 of the draft."))
    reason = gettext("It names a neighbour in an insulting way.")
    hidden = gettext("Hidden by moderation. Reason: %(reason)s") % {"reason": reason}
    may = {"may_react": True, "may_reply": True, "may_report": True, "has_more": True}
    counts = {"agree": "12", "disagree": "3", "own_reaction": 1}
    return [
        said | {"id": "1", "author": "Ana Pérez", "body": question, "edited": gettext("edited"), **counts, **may},
        said | {"id": "2", "author": "Luis Gómez", "agency": gettext("City of Example"), "body": answer, "agree": "4"},
        said | {"id": "3", "author": "Mario R.", "note": hidden, "is_hidden": True},
    ]


def _steps(now: datetime) -> list[dict[str, str]]:
    return [
        {"title": gettext("Information"), "when": gettext("ended 20 October"), "state": "done"},
        {"title": gettext("Proposals"), "when": gettext("ended 10 November"), "state": "done"},
        {"title": gettext("Voting"), "when": gettext("until Friday 27 November, 18:00"), "state": "current"},
        {"title": gettext("Results"), "when": gettext("from 28 November"), "state": "next"},
        {"title": gettext("Follow-up"), "when": "", "state": "next"},
    ]


def _options() -> list[dict[str, Any]]:
    return [
        {"id": 41, "label": gettext("The square, with trees and shade"), "description": "", "is_chosen": True},
        {
            "id": 42,
            "label": gettext("A bike lane along the avenue, from the station to the river"),
            "description": gettext("Takes away 40 parking places."),
            "is_chosen": False,
        },
    ]


def _yes_no_options() -> list[dict[str, Any]]:
    return [
        {"id": 1031, "label": gettext("For"), "description": "", "is_chosen": False},
        {"id": 1032, "label": gettext("Against"), "description": "", "is_chosen": False},
        {"id": 1033, "label": gettext("Abstain"), "description": "", "is_chosen": False},
    ]


def _tally(now: datetime) -> dict[str, Any]:
    return {
        "options": [
            _option(1031, gettext("For"), 2411, 57.4, "for"),
            _option(1032, gettext("Against"), 1342, 32.0, "against"),
            _option(1033, gettext("Abstain"), 433, 10.3, "abstain"),
        ],
        "number": 4210,
        "voter_count": 4198,
        "blank_count": 12,
        "sealed_at": now - timedelta(seconds=2),
        "eligible_count": 12_000,
        "is_final": False,
    }


def _final_tally(now: datetime) -> dict[str, Any]:
    return {
        "options": [
            _option(41, gettext("A bike lane along the avenue, from the station to the river"), 620, 62.0, ""),
            _option(42, gettext("The square, with trees and shade"), 380, 38.0, ""),
        ],
        "number": 1004,
        "voter_count": 1000,
        "blank_count": 0,
        "sealed_at": now - timedelta(days=4),
        "eligible_count": None,
        "is_final": True,
    }


def _option(pk: int, label: str, count: int, share: float, kind: str) -> dict[str, Any]:
    return {"id": pk, "label": label, "count": count, "share_percent": share, "bar_percent": share, "kind": kind}


def _markdown() -> str:
    return gettext(
        "## What we ask\n\n"
        "The avenue has **four lanes and no shade**. We propose to take one lane and give it to trees.\n\n"
        "1. Read the [draft](https://example.org/draft).\n"
        "2. Tell us what is missing.\n\n"
        "> I have walked there every day for twenty years."
    )
