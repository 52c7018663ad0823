"""Giving dispositions: what the agency did with contributions, and why. One at a time, or many with one reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from comments.dispositions.contributions import by_column, column_of, needs_disposition
from comments.dispositions.telling import tell_authors
from comments.models import Comment, Disposition
from comments.moderation.kinds import Contribution
from consultations.clock import database_now
from consultations.models import Article, Consultation, Proposal
from frontend.typed import tidied

LONGEST_REASON = 2_000

NEEDS_NONE = Reason(
    "needs_no_disposition",
    _(
        "Only what citizens wrote to the agency, and everybody may read, gets a disposition. This was hidden, deleted "
        "or withdrawn, waits for a moderator, or is somebody's answer."
    ),
)
# Contribution -> how often it had been given a disposition when the editor looked; 0: it had none.
Known = Mapping[Contribution, int]


@dataclass(frozen=True)
class Given:
    """What was done. same: those that had exactly this disposition already; nothing happened to them."""

    new: int
    changed: int
    same: int


def give_disposition(
    *,
    contributions: Sequence[Contribution],
    actor: Person,
    kind: str,
    reason: str,
    article: Article | None = None,
    known: Known | None = None,
) -> Given:
    """Say what was done with these contributions of one consultation, and why; everybody reads it.

    article: of a published version, the one whose change answers them. known: what the editor saw; where another editor
    was faster, nothing is written. Given again, it replaces the one before, which stays in the audit trail; the same
    again changes nothing. Authors are told, each once for all of theirs.

    Raises NotPermitted; InvalidInput for a reason that is missing or too long, no kind, contributions of several
    consultations, an article of another one; Conflict where one needs none, or another editor was faster. Locks the
    consultation's row, so that two editors come one after the other.
    """
    if not contributions:
        raise InvalidInput("nothing_chosen", _("Choose at least one contribution."), field="chosen")
    consultation = _consultation_of(contributions)
    require(actor, "consultations.reply_consultation", consultation)
    assert isinstance(actor, User)
    words = _checked(kind, reason)
    with transaction.atomic():
        Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
        found = _as_they_are(contributions)
        if not all(needs_disposition(each) for each in found):
            raise Conflict(NEEDS_NONE)
        _check_article(article, consultation, found)
        standing = _standing(found)
        _check_known(known, standing)
        wanted = {"kind": kind, "reason": words, "article_id": article.pk if article else None}
        changing = [each for each in found if not _is(standing.get(each), wanted)]
        old = _write(changing, standing, wanted, actor)
        given = Given(len(changing) - len(old), len(old), len(found) - len(changing))
        if changing:
            entry = audit.record(
                "comments.disposition_given",
                actor=actor,
                on=consultation,
                consultation_id=consultation.pk,
                **wanted,
                count=len(changing),
                contributions=by_column(changing),
                old=old,
            )
            tell_authors(consultation, changing, kind=kind, reason=words, actor=actor, act=entry.pk)
    return given


def _consultation_of(contributions: Sequence[Contribution]) -> Consultation:
    first = contributions[0]
    if any(each.consultation_id != first.consultation_id for each in contributions):
        raise InvalidInput("several_consultations", _("Choose contributions of one consultation."), field="chosen")
    return first.consultation


def _checked(kind: str, reason: str) -> str:
    """The reason as it is kept."""
    if kind not in Disposition.Kind.values:
        raise InvalidInput("no_kind", _("Say what was done with it."), field="kind")
    words = tidied(reason)
    if not words:
        raise InvalidInput("no_reason", _("Write the reason. Everybody will read it."), field="reason")
    if len(words) > LONGEST_REASON:
        sentence = gettext("Write at most %(most)s characters: these are %(number)s.")
        numbers = {"most": LONGEST_REASON, "number": len(words)}
        raise InvalidInput("reason_too_long", sentence % numbers, field="reason")
    return words


def _as_they_are(contributions: Sequence[Contribution]) -> list[Contribution]:
    """The contributions as they stand now, each once, comments first."""
    ids = by_column(contributions)
    found: list[Contribution] = []
    for column, model in (("comment", Comment), ("proposal", Proposal)):
        if ids[column]:
            found += model.objects.filter(pk__in=ids[column]).order_by("pk")
    return found


def _check_article(article: Article | None, consultation: Consultation, found: Sequence[Contribution]) -> None:
    """It is of a published version of a text of this consultation, and later than what the annotations are about."""
    if article is None:
        return
    version = article.version
    if version.document.consultation_id != consultation.pk or not version.is_published:
        raise InvalidInput(
            "no_such_article", _("Choose an article of a published version of its text."), field="article"
        )
    later = Comment.objects.filter(
        pk__in=by_column(found)["comment"],
        annotation__article__version__document=version.document_id,
        annotation__article__version__number__gte=version.number,
    )
    if later.exists():
        raise InvalidInput(
            "article_not_later",
            _("An annotation is answered by a change in a later version than the one it was made on."),
            field="article",
        )


def _standing(found: Sequence[Contribution]) -> dict[Contribution, Disposition]:
    """The dispositions that they have, fetched anew."""
    ids = by_column(found)
    rows = [
        *Disposition.objects.filter(comment__in=ids["comment"]),
        *Disposition.objects.filter(proposal__in=ids["proposal"]),
    ]
    of = {("comment", row.comment_id): row for row in rows if row.comment_id}
    of |= {("proposal", row.proposal_id): row for row in rows if row.proposal_id}
    named = {each: of.get((column_of(each), each.pk)) for each in found}
    return {each: row for each, row in named.items() if row is not None}


def _check_known(known: Known | None, standing: Mapping[Contribution, Disposition]) -> None:
    if known is None:
        return
    newer = [row for each, row in standing.items() if row.revision != known.get(each, 0)]
    if newer:
        raise Conflict(Reason("answered_meanwhile", _who_was_faster(newer)))


def _who_was_faster(newer: Sequence[Disposition]) -> str:
    """With the state of the first one: what the editor who came second has to know."""
    first = newer[0]
    sentence = ngettext(
        "One of them was answered meanwhile: “%(kind)s”, because: “%(reason)s”. Nothing of yours was written; look at "
        "it again.",
        "%(number)s of them were answered meanwhile, the first: “%(kind)s”, because: “%(reason)s”. Nothing of yours "
        "was written; look at them again.",
        len(newer),
    )
    reason = first.reason if len(first.reason) <= 200 else f"{first.reason[:200]}…"
    return sentence % {"number": len(newer), "kind": first.get_kind_display(), "reason": reason}


def _is(row: Disposition | None, wanted: Mapping[str, Any]) -> bool:
    return row is not None and all(getattr(row, name) == value for name, value in wanted.items())


def _write(
    changing: Sequence[Contribution],
    standing: Mapping[Contribution, Disposition],
    wanted: Mapping[str, Any],
    actor: User,
) -> list[dict[str, Any]]:
    """Returns what stood there before, as JSON."""
    now = database_now()
    new: list[Disposition] = []
    replaced: list[int] = []
    old: list[dict[str, Any]] = []
    for each in changing:
        row = standing.get(each)
        if row is None:
            new.append(Disposition(**{column_of(each): each}, **wanted, given_by=actor, given_at=now))
            continue
        old.append(_as_json(row))
        replaced.append(row.pk)
    Disposition.objects.bulk_create(new, batch_size=1_000)
    given = {**wanted, "given_by": actor, "given_at": now, "revision": F("revision") + 1}
    Disposition.objects.filter(pk__in=replaced).update(**given)
    return old


def _as_json(row: Disposition) -> dict[str, Any]:
    return {
        "comment": row.comment_id,
        "proposal": row.proposal_id,
        "kind": row.kind,
        "reason": row.reason,
        "article": row.article_id,
        "given_by": row.given_by_id,
        "given_at": row.given_at.isoformat(),
    }
