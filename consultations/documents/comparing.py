"""Reads what ``changes.py`` compares: two versions of one document, and the origins over those between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.refusals import Text
from consultations.documents.changes import Change, Origins, Standing, State, changes_between, counts_of, over_all
from consultations.models import Article, Version

STATE_NAMES: dict[State, Text] = {
    "same": _("Unchanged"),
    "changed": _("Changed"),
    "moved": _("Moved"),
    "split": _("Split"),
    "merged": _("Merged"),
    "added": _("New"),
    "removed": _("Taken out"),
}
_COUNTS: dict[State, Text] = {
    "same": ngettext_lazy("%(count)s part unchanged", "%(count)s parts unchanged", "count"),
    "changed": ngettext_lazy("%(count)s part changed", "%(count)s parts changed", "count"),
    "moved": ngettext_lazy("%(count)s part moved", "%(count)s parts moved", "count"),
    "split": ngettext_lazy("%(count)s part split", "%(count)s parts split", "count"),
    "merged": ngettext_lazy("%(count)s merger of parts", "%(count)s mergers of parts", "count"),
    "added": ngettext_lazy("%(count)s new part", "%(count)s new parts", "count"),
    "removed": ngettext_lazy("%(count)s part removed", "%(count)s parts removed", "count"),
}


@dataclass(frozen=True)
class Run:
    """What a page shows at once: one change, or a stretch of parts that stayed as they were."""

    change: Change | None
    unchanged: Sequence[Change] = ()

    @property
    def state_name(self) -> Text:
        return STATE_NAMES[self.change.state] if self.change else STATE_NAMES["same"]


def changes_of(old: Version, new: Version) -> list[Change]:
    """What changed from ``old`` to ``new``, a later version of the same document. Two queries, three over several
    versions."""
    standings, origins = _standings(new)
    steps: dict[int, Origins] = {new.number: origins}
    if new.number > old.number + 1:
        between = Article.objects.filter(
            version__document=old.document_id, version__number__gt=old.number, version__number__lt=new.number
        )
        step: dict[int, dict[UUID, list[UUID]]] = {}
        for number, identity, made_of in between.values_list("version__number", "identity", "origins"):
            step.setdefault(number, {})[identity] = made_of
        steps |= step
    return changes_between(_standings(old)[0], standings, over_all(steps[number] for number in sorted(steps)))


def in_runs(changes: Sequence[Change]) -> list[Run]:
    """The changes in reading order, those that are none gathered."""
    found: list[Run] = []
    same: list[Change] = []
    for change in changes:
        if change.state == "same":
            same.append(change)
            continue
        if same:
            found.append(Run(None, tuple(same)))
            same = []
        found.append(Run(change))
    return [*found, Run(None, tuple(same))] if same else found


def summary_of(changes: Sequence[Change]) -> list[str]:
    """How many parts changed in which way, in words."""
    return [str(_COUNTS[state] % {"count": count}) for state, count in counts_of(changes).items()]


def _standings(version: Version) -> tuple[list[Standing], dict[UUID, list[UUID]]]:
    """The articles of a version, and of what each was made."""
    rows = list(version.articles.values_list("identity", "kind", "label", "heading", "text", "origins"))
    found = [Standing(identity, place, *words) for place, (identity, *words, _origins) in enumerate(rows)]
    return found, {row[0]: row[-1] for row in rows}
