"""The words of the audit trail. Each room says what its own events mean (``register``, when the app is ready).

Of what people contributed nothing is told here but the number of it: a text that comes to be hidden would stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from consultations.models import Consultation, Feasibility, Status
from consultations.open_data.tables import table_named


class Group(StrEnum):
    """What the page can be filtered by."""

    TEXT = "text"
    DATES = "dates"
    FILES = "files"
    VOTES = "votes"
    CONTRIBUTIONS = "contributions"
    MODERATION = "moderation"
    DATA = "data"


GROUP_NAMES: dict[Group, Text] = {
    Group.TEXT: _("Text and settings"),
    Group.DATES: _("Dates and closing"),
    Group.FILES: _("Files"),
    Group.VOTES: _("Votes"),
    Group.CONTRIBUTIONS: _("Contributions"),
    Group.MODERATION: _("Moderation"),
    Group.DATA: _("Data"),
}


@dataclass(frozen=True)
class Deed:
    """What an event means. ``shown``: the names of the details that may be told, of all that the entry holds."""

    event: str
    group: Group
    sentence: Text
    shown: Sequence[str] = ()


_deeds: dict[str, Deed] = {}

# The names of what is told of a deed: details, and a consultation's fields.
LABELS: dict[str, Text] = {
    "reason": _("Reason"),
    "title": _("Title"),
    "summary": _("Summary"),
    "body": _("Text"),
    "visibility": _("Who sees it"),
    "eligibility": _("Who takes part"),
    "categories": _("Categories"),
    "receives_supports": _("Receives supports"),
    "is_cause": _("Is a cause"),
    "pre_moderates": _("Looks before others do"),
    "closing_words": _("Closing words"),
    "report_url": _("Address of the report"),
    "alt": _("What the picture shows"),
    "file_name": _("Name of the file"),
    "table": _("Table"),
    "question": _("Question"),
    "method": _("Method"),
    "results_policy": _("When the count is shown"),
    "questions": _("Questions"),
    "custom_fields": _("Questions to each proposal"),
    "document": _("Document"),
    "number": _("Version"),
    "version": _("Version"),
    "count": _("How many"),
    "answer": _("What was answered"),
    "old": _("Mark before"),
    "new": _("Mark now"),
    "districts": _("Districts"),
    "feasibility": _("Finding"),
    "planned_for": _("Planned for"),
    "status": _("Where it stands"),
    "needs_second_reader": _("Two readers"),
    "support_threshold": _("Supports that it takes"),
    "rule": _("Rule"),
    "place": _("Place"),
    "kind": _("Which way"),
}


# Of those whose values are codes: what each code is called.
CHOICES: dict[str, Mapping[str, Text]] = {
    "visibility": dict(Consultation.Visibility.choices),
    "eligibility": dict(Consultation.Eligibility.choices),
    "feasibility": dict(Feasibility.choices),
    "status": dict(Status.choices),
}


def register(*deeds: Deed, choices: Mapping[str, Mapping[str, Text]] | None = None) -> None:
    """Add events with their words, and names for ``CHOICES``. Called by ``AppConfig.ready``; again is harmless."""
    for deed in deeds:
        _deeds[deed.event] = deed
    CHOICES.update(choices or {})


def deed_of(event: str) -> Deed | None:
    return _deeds.get(event)


def events_of(group: Group) -> list[str]:
    return [deed.event for deed in _deeds.values() if deed.group == group]


def in_words(name: str, value: Any) -> str:
    """A value of a detail as people say it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if name == "table" and (table := table_named(str(value))):
        return str(table.title)
    return str(CHOICES.get(name, {}).get(value, value) if isinstance(value, str) else value)


_CHANGED = (
    "title", "summary", "body", "visibility", "eligibility", "categories", "receives_supports", "is_cause",
    "pre_moderates", "questions", "custom_fields",
)  # fmt: skip
_REVIEW_RULES = ("needs_second_reader", "support_threshold")

DEEDS = (
    Deed("consultations.consultation_created", Group.TEXT, _("Made the draft"), ("title",)),
    Deed("consultations.consultation_changed", Group.TEXT, _("Changed the consultation"), _CHANGED),
    Deed("consultations.districts_changed", Group.TEXT, _("Changed the districts and their money"), ("districts",)),
    Deed("consultations.draft_deleted", Group.TEXT, _("Deleted the draft"), ("title",)),
    Deed("consultations.consultation_published", Group.TEXT, _("Published the consultation")),
    Deed("consultations.consultation_unlisted", Group.TEXT, _("Took it out of the lists")),
    Deed("consultations.consultation_listed", Group.TEXT, _("Put it back into the lists")),
    Deed("consultations.phase_extended", Group.DATES, _("Extended a date"), ("reason",)),
    Deed("consultations.consultation_closed", Group.DATES, _("Closed the consultation early"), ("reason",)),
    Deed(
        "consultations.closing_words_written",
        Group.DATES,
        _("Wrote the closing words"),
        ("closing_words", "report_url"),
    ),
    Deed("consultations.consultation_answered", Group.DATES, _("Called the consultation answered")),
    Deed("consultations.answer_taken_back", Group.DATES, _("Took back that the consultation is answered")),
    Deed("consultations.cover_set", Group.FILES, _("Set the cover"), ("alt",)),
    Deed("consultations.cover_removed", Group.FILES, _("Removed the cover"), ("alt",)),
    Deed("consultations.attachment_added", Group.FILES, _("Attached a file"), ("title", "file_name")),
    Deed("consultations.attachment_removed", Group.FILES, _("Removed a file"), ("title", "file_name")),
    Deed("consultations.document_created", Group.TEXT, _("Added a draft text"), ("document",)),
    Deed("consultations.document_renamed", Group.TEXT, _("Gave a draft text another title"), ("document",)),
    Deed("consultations.version_begun", Group.TEXT, _("Began a version of a draft text"), ("document", "number")),
    Deed("consultations.version_changed", Group.TEXT, _("Changed a draft version"), ("document", "number")),
    Deed("consultations.version_discarded", Group.TEXT, _("Threw a draft version away"), ("document", "number")),
    Deed("consultations.version_published", Group.TEXT, _("Published a version"), ("document", "number")),
    Deed("consultations.proposal_made", Group.CONTRIBUTIONS, _("Made a proposal")),
    Deed("consultations.proposal_changed", Group.CONTRIBUTIONS, _("Changed a proposal")),
    Deed("consultations.proposals_merged", Group.CONTRIBUTIONS, _("Merged proposals"), ("count", "reason")),
    Deed("consultations.proposal_restored", Group.CONTRIBUTIONS, _("Took a merge or a split back"), ("reason",)),
    Deed("consultations.proposal_split", Group.CONTRIBUTIONS, _("Split a proposal"), ("count", "reason")),
    Deed("consultations.proposal_withdrawn", Group.CONTRIBUTIONS, _("Withdrew a proposal")),
    Deed("consultations.review_assigned", Group.CONTRIBUTIONS, _("Assigned reviews"), ("count", "districts")),
    Deed("consultations.review_unassigned", Group.CONTRIBUTIONS, _("Took reviews back"), ("count", "districts")),
    Deed("consultations.review_rules_changed", Group.TEXT, _("Changed how the review goes"), _REVIEW_RULES),
    Deed("consultations.review_given", Group.CONTRIBUTIONS, _("Gave an opinion on a proposal"), ("feasibility",)),
    Deed("consultations.review_decided", Group.CONTRIBUTIONS, _("Decided where readers differ"), ("feasibility",)),
    Deed("consultations.review_settled", Group.CONTRIBUTIONS, _("The review of a proposal was settled")),
    Deed("consultations.second_reader_asked", Group.CONTRIBUTIONS, _("Asked for a second reader")),
    Deed("consultations.proposal_brought_in", Group.CONTRIBUTIONS, _("Let a proposal go on to review"), ("reason",)),
    Deed("consultations.follow_up_started", Group.TEXT, _("Started the follow-up from what won"), ("count",)),
    Deed("consultations.pledge_made", Group.TEXT, _("Added a pledge"), ("title",)),
    Deed("consultations.milestone_added", Group.TEXT, _("Added a milestone"), ("title", "planned_for")),
    Deed("consultations.milestone_reported", Group.TEXT, _("Reported on a milestone"), ("title", "status")),
    Deed("consultations.personal_data_exported", Group.DATA, _("Took a copy of data with names"), ("table",)),
)
