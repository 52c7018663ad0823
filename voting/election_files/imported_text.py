"""The words of a consultation that was imported: written once, in the site's language."""

import re
from datetime import date

from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from frontend.formats import money, number
from voting.formats.pabulib import Election, Project
from voting.models import Outcome

UNKNOWN_CURRENCY = "XXX"  # ISO 4217: no currency


def cut(text: str, length: int) -> str:
    """In one line, and no longer than ``length``."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def currency(election: Election) -> str:
    code = election.meta.get("currency", "").upper()
    return code if re.fullmatch("[A-Z]{3}", code) else UNKNOWN_CURRENCY


def title(election: Election) -> str:
    """What the file calls itself, with its year or edition where that is not part of the name."""
    name, instance = election.meta["description"], election.meta["instance"]
    return cut(name if instance in name else f"{name}, {instance}", 140)


def summary(election: Election) -> str:
    return cut(
        _("%(ballots)s in %(place)s decided on %(money)s for %(projects)s.")
        % {
            "ballots": _ballots(len(election.votes)),
            "place": _place(election),
            "money": _money(election.budget_cents, election),
            "projects": _projects(len(election.projects)),
        },
        300,
    )


def question() -> str:
    return _("Which projects should get the money?")


def proposal_title(project: Project) -> str:
    return cut(project.name, 300) or _("Project %(id)s") % {"id": project.id}


def proposal_body(project: Project) -> str:
    """The full name where the title had to be cut, the description, who it is for, and who proposed it."""
    parts = [
        project.name if proposal_title(project) != " ".join(project.name.split()) else "",
        project.description,
        _("For: %(people)s.") % {"people": ", ".join(project.targets)} if project.targets else "",
        _("Proposed by: %(name)s.") % {"name": project.proposer} if project.proposer else "",
    ]
    return "\n\n".join(part for part in parts if part)[:10_000]


def body(election: Election) -> str:
    """Where this comes from, how people voted, and how it is counted here. Markdown."""
    origin = _(
        "This vote took place in %(place)s from %(first)s to %(last)s. Projects and ballots come from a file in the"
        " [Pabulib](https://pabulib.org/) format; of whoever voted there is nothing here but what that file says."
    ) % {"place": _place(election), "first": _day(election.begins_on), "last": _day(election.ends_on)}
    counting = _(
        "Here the money goes to the project with the most %(unit)s first, then to the next one, and so on. A project"
        " that no longer fits into what is left is skipped. Between equals the cheaper one comes first, then the one"
        " with the lower number."
    ) % {"unit": _("points") if election.vote_type in {"ordinal", "cumulative", "scoring"} else _("votes")}
    return "\n\n".join([origin, _how_people_voted(election), counting])


def comparison(election: Election, outcome: Outcome) -> str:
    """A last paragraph: whether the official outcome was the same. Empty where the file does not say."""
    official = outcome.explanation.get("official")
    if official is None:
        return ""
    if official["agrees"]:
        return "\n\n" + _("The official outcome was the same.")
    return "\n\n" + _(
        "**The official outcome differs.** It was decided by another rule (%(rule)s), and %(projects)s for %(money)s"
        " won; by the rule used here it is %(projects_here)s for %(money_here)s."
    ) % {
        "rule": f"`{official['rule']}`",
        "projects": _projects(len(official["winners"])),
        "money": _money(official["spent"], election),
        "projects_here": _projects(len(outcome.winners)),
        "money_here": _money(outcome.explanation.get("spent", 0), election),
    }


def _how_people_voted(election: Election) -> str:
    if election.vote_type == "ordinal":
        return _(
            "Each voter ranked projects; the first place gives %(points)d points, each further one a point less."
        ) % {"points": election.max_length or len(election.projects)}
    if election.vote_type in {"cumulative", "scoring"}:
        return _("Each voter gave points to projects, and the points are added up.")
    allowed = 1 if election.vote_type == "choose-1" else election.max_length
    if allowed is None:
        return _("Each voter chose as many projects as they wanted.")
    return ngettext(
        "Each voter chose at most %(count)d project.", "Each voter chose at most %(count)d projects.", allowed
    ) % {"count": allowed}


def _place(election: Election) -> str:
    """From the smallest to the largest, each once: Dębniki, Kraków, Poland."""
    names = [election.meta.get(key, "") for key in ("subunit", "district", "unit", "country")]
    return ", ".join(name for name in dict.fromkeys(names) if name)


def _ballots(count: int) -> str:
    return ngettext("%(count)s ballot", "%(count)s ballots", count) % {"count": number(count)}


def _projects(count: int) -> str:
    return ngettext("%(count)s project", "%(count)s projects", count) % {"count": number(count)}


def _money(cents: int, election: Election) -> str:
    code = currency(election)
    return money(cents, "" if code == UNKNOWN_CURRENCY else code)


def _day(day: date) -> str:
    """In words: 26 de septiembre de 2020. Django's format for es-AR cuts the month; that of the language does not."""
    language = (get_language() or "en").partition("-")[0]
    return date_format(day, get_format("DATE_FORMAT", lang=language))
