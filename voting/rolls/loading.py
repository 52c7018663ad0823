"""Loading a roll from a list: read and staged first, so that a person sees what was understood; then confirmed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.models import Consultation
from voting.models import ElectoralRoll, RollChange, RollUpload, StagedVoter
from voting.rolls import keys, reading
from voting.rolls.changing import checked_reason, locked_roll, record, retried, weights_of
from voting.rolls.weights import refused
from voting.rolls.words import unreadable

FAULTS_SHOWN = 200
LOADED_ALREADY = Reason("loaded_already", _("This list was loaded already, or another one was uploaded meanwhile."))

CHANGED_SINCE = Reason(
    "roll_changed", _("The roll, or who has voted, has changed since this list was read. Upload the list again.")
)


@dataclass
class Report:
    """What was made of a list. ``faults``: the first of them as (line, code); ``counts``: all, by code."""

    encoding: str = "utf-8"
    ignored: list[str] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def stage(*, consultation: Consultation, content: bytes | str, actor: Person | None) -> RollUpload:
    """Read a list and keep what was understood, to be confirmed. The upload before it is gone.

    Lines whose weight would name somebody are refused too (``weights.py``), counted with those who are on the roll.

    actor: None is the operator at the command line.
    Raises NotPermitted, or InvalidInput for what is no list of people.
    """
    if actor is not None:
        require(actor, "consultations.change_consultation", consultation)
    try:
        listing = reading.read(content)
    except reading.Unreadable as fault:
        raise InvalidInput(fault.code, unreadable(fault.code), field="file") from fault
    with transaction.atomic():
        RollUpload.objects.filter(consultation=consultation).delete()
        upload = RollUpload.objects.create(consultation=consultation, actor=actor if isinstance(actor, User) else None)
        report = Report(listing.encoding, listing.ignored[:20])
        counts: Counter[str] = Counter()
        upload.count = _copy(upload, _understood(consultation, listing.lines, report, counts))
        if not upload.count and not counts:  # headings, and nobody below them
            raise InvalidInput("empty", unreadable("empty"), field="file")
        upload.count -= _refuse_by_weight(upload, report, counts)
        report.counts = dict(counts)
        upload.faults = asdict(report)
        upload.save(update_fields=["count", "faults"])
    return upload


def _understood(
    consultation: Consultation, lines: Iterable[reading.Entry | reading.Fault], report: Report, counts: Counter[str]
) -> Iterator[tuple[Any, ...]]:
    """Rows for the stage; what is none goes into the report. Holds 32 bytes for each line, to know who comes twice."""
    seen: set[bytes] = set()
    for entry in lines:
        if isinstance(entry, reading.Fault):
            _refuse(report, counts, entry.line, entry.code)
            continue
        by_email = keys.email_key(consultation.pk, entry.email) if entry.email else None
        by_document = keys.document_key(consultation.pk, entry.document) if entry.document else None
        own = {key for key in (by_email, by_document) if key}
        if own & seen:
            _refuse(report, counts, entry.line, "twice")
            continue
        seen |= own
        yield (
            entry.line, by_document or by_email, by_document is not None, entry.email, entry.district, entry.reference,
            entry.weight,
        )  # fmt: skip


def _refuse(report: Report, counts: Counter[str], line: int, code: str) -> None:
    counts[code] += 1
    if len(report.faults) < FAULTS_SHOWN:
        report.faults.append((line, code))


def _copy(upload: RollUpload, rows: Iterator[tuple[Any, ...]]) -> int:
    count = 0
    columns = "upload_id, line, fingerprint, is_by_document, email, district, reference, weight"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY voting_stagedvoter ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row((upload.pk, *row))
            count += 1
    return count


# Of an upload: on the roll already, by fingerprint or e-mail. Joined and never looked up row by row: a table that has
# just grown from nothing is read whole each time.
_KNOWN = """
    SELECT staged.id FROM voting_stagedvoter staged
    JOIN voting_eligiblevoter entry ON entry.fingerprint = staged.fingerprint
    WHERE staged.upload_id = %(upload)s AND entry.roll_id = %(roll)s AND entry.removed_at IS NULL
    UNION
    SELECT staged.id FROM voting_stagedvoter staged
    JOIN voting_eligiblevoter entry ON entry.email = staged.email
    WHERE staged.upload_id = %(upload)s AND entry.roll_id = %(roll)s AND entry.removed_at IS NULL
"""


def count_known(upload: RollUpload) -> int:
    """How many of an upload are on the roll already."""
    roll = ElectoralRoll.objects.filter(consultation=upload.consultation_id).first()
    if roll is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_KNOWN}) known", {"upload": upload.pk, "roll": roll.pk})  # noqa: S608
        return cursor.fetchone()[0]


# Of an upload: those whom the roll knows with another weight, and whether they were removed from it.
_WEIGH_OTHERWISE = """
    SELECT id, line, bool_and(was_removed) FROM (
        SELECT staged.id, staged.line, entry.removed_at IS NOT NULL AS was_removed FROM voting_stagedvoter staged
        JOIN voting_eligiblevoter entry ON entry.fingerprint = staged.fingerprint
        WHERE staged.upload_id = %(upload)s AND entry.roll_id = %(roll)s AND entry.weight <> staged.weight
        UNION ALL
        SELECT staged.id, staged.line, false FROM voting_stagedvoter staged
        JOIN voting_eligiblevoter entry ON entry.email = staged.email AND entry.removed_at IS NULL
        WHERE staged.upload_id = %(upload)s AND entry.roll_id = %(roll)s AND entry.weight <> staged.weight
    ) known GROUP BY id, line
"""
_NEW_BY_WEIGHT = f"""
    SELECT weight, count(*) FROM voting_stagedvoter
    WHERE upload_id = %(upload)s AND id NOT IN ({_KNOWN}) AND id <> ALL(%(gone)s) GROUP BY weight
"""  # noqa: S608


def _refuse_by_weight(upload: RollUpload, report: Report, counts: Counter[str]) -> int:
    """Take the lines off the stage whose weight is refused; return how many."""
    roll = ElectoralRoll.objects.filter(consultation=upload.consultation_id).first()
    has_ballots = upload.consultation.polls.filter(closed_at__isnull=True, ballots__isnull=False).exists()
    lines = _lines_refused(upload, roll, has_ballots=has_ballots)
    for _pk, line, code in sorted(lines, key=lambda row: row[1]):
        _refuse(report, counts, line, code)
    report.faults.sort()
    StagedVoter.objects.filter(pk__in=[pk for pk, _line, _code in lines])._raw_delete("default")
    return len(lines)


def _lines_refused(upload: RollUpload, roll: ElectoralRoll | None, *, has_ballots: bool) -> list[tuple[int, int, str]]:
    """Of what is on the stage: id, line and why."""
    staged = StagedVoter.objects.filter(upload=upload)
    if roll is None and not staged.exclude(weight=1).exists():
        return []  # as nearly always
    names = {"upload": upload.pk, "roll": roll.pk if roll else 0}
    lines = []
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE voting_stagedvoter")
        cursor.execute(_WEIGH_OTHERWISE, names)
        for pk, line, was_removed in cursor.fetchall():
            if has_ballots or not was_removed:
                lines.append((pk, line, "weight_fixed" if was_removed else "weight_differs"))
        gone = [pk for pk, _line, _code in lines]
        if has_ballots and not (roll and roll.is_weighted):
            late = staged.exclude(weight=1).exclude(pk__in=gone)
            return lines + [(pk, line, "weights_too_late") for pk, line in late.values_list("pk", "line")]
        cursor.execute(_NEW_BY_WEIGHT, {**names, "gone": gone})
        added = dict(cursor.fetchall())
    for weight, rare in refused(weights_of(roll) if roll else {}, added).items():
        code = f"rare_weight {rare.weight} {rare.people}"
        of_weight = staged.filter(weight=weight).exclude(pk__in=gone)
        lines += [(pk, line, code) for pk, line in of_weight.values_list("pk", "line")]
    return lines


# Who was removed comes back as the same entry, so with the same pseudonym; what it was tied to is not trusted again.
_ADD = """
    INSERT INTO voting_eligiblevoter (roll_id, fingerprint, is_by_document, email, district, reference, weight)
    SELECT %(roll)s, fingerprint, is_by_document, email, district, reference, weight
    FROM voting_stagedvoter WHERE upload_id = %(upload)s
    ON CONFLICT (roll_id, fingerprint) DO UPDATE SET removed_at = NULL, user_id = NULL, code = NULL,
        email = excluded.email, district = excluded.district, reference = excluded.reference, weight = excluded.weight
"""


def load(*, upload: RollUpload, actor: Person | None, reason: str = "") -> RollChange:
    """Put everybody of an upload on the roll who is not on it. The first load makes the roll, and needs no reason.

    From then on only who is on it votes. Raises NotPermitted; InvalidInput without a reason, or where nobody is new;
    Conflict once voting is over, where people voted without a roll, and for an upload that is gone.
    """
    consultation = upload.consultation
    if actor is not None:
        require(actor, "consultations.change_consultation", consultation)
    if ElectoralRoll.objects.filter(consultation=consultation).exists():
        reason = checked_reason(reason)

    def change() -> RollChange:
        with locked_roll(consultation) as locked, connection.cursor() as cursor:
            if not RollUpload.objects.select_for_update().filter(pk=upload.pk).exists():
                raise Conflict(LOADED_ALREADY)
            names = {"upload": upload.pk, "roll": locked.roll.pk}
            cursor.execute("ANALYZE voting_stagedvoter, voting_eligiblevoter")
            cursor.execute(f"DELETE FROM voting_stagedvoter WHERE id IN ({_KNOWN})", names)  # noqa: S608
            if _lines_refused(upload, locked.roll, has_ballots=locked.has_ballots):
                raise Conflict(CHANGED_SINCE)
            cursor.execute(_ADD, names)
            count = cursor.rowcount
            if not count:
                raise InvalidInput("nobody_new", _("Everybody in this list is on the roll already."), field="file")
            StagedVoter.objects.filter(upload=upload)._raw_delete("default")
            RollUpload.objects.filter(pk=upload.pk).delete()
            kind = RollChange.Kind.LOADED if locked.is_new else RollChange.Kind.ADDED
            return record(locked, kind, count, " ".join(reason.split()), actor)

    return retried(change)


def shown_of(upload: RollUpload) -> list[StagedVoter]:
    """The first lines, to compare with the list."""
    return list(upload.voters.order_by("line")[:10])
