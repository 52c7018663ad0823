"""Merging proposals that say the same, and splitting one that says several things. Done by officials, with a reason.

What was merged or split stays readable at its address, with its thread, and says where it went; it is in no list any
more. Who supported it supports what came of it, each person once, and nobody supports what they sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.clock import database_now
from consultations.models import CarriedSupport, CoAuthor, Consultation, District, Proposal, Succession, Support
from consultations.proposals.proposing import IN_A_VOTE

FEWEST, MOST_MERGED, MOST_PARTS = 2, 30, 6
LONGEST_REASON = 300
NOT_IN_SIGHT = Reason(
    "not_to_merge", _("One of these proposals is hidden, withdrawn, waits for a moderator or was merged already.")
)


@dataclass(frozen=True)
class Part:
    """A proposal that comes of a merge or a split, as the official writes it."""

    title: str
    body: str
    district: District | None = None
    category: str = ""


def merge_proposals(
    *, consultation: Consultation, chosen: Sequence[Proposal], into: Proposal | Part, reason: str, actor: Person
) -> Proposal:
    """Let one proposal, of those chosen or a new one, stand for all that were chosen. Returns it.

    The authors of the others sign it from then on, unless it is the agency's: then its page names them.
    Raises NotPermitted; InvalidInput for fewer than two, too many, another consultation's, or no reason; Conflict for
    what is in a vote or not in sight. Locks the proposals, by their numbers.
    """
    require(actor, "consultations.merge_consultation", consultation)
    check_reason(reason)
    target_pk = into.pk if isinstance(into, Proposal) else None
    pks = {proposal.pk for proposal in chosen} | ({target_pk} if target_pk else set())
    if len(pks) < FEWEST:
        raise InvalidInput("too_few", _("Choose at least two proposals."), field="chosen")
    if len(pks) > MOST_MERGED:
        raise InvalidInput("too_many", _("Choose 30 proposals at most."), field="chosen")
    with transaction.atomic():
        locked = _locked(consultation, sorted(pks))
        if isinstance(into, Part):
            target = _made(consultation, into, locked)
            sources = locked
        else:
            target = next(proposal for proposal in locked if proposal.pk == target_pk)
            sources = [proposal for proposal in locked if proposal.pk != target_pk]
        _sign_too(target, sources, actor)
        carry_on(sources, [target], Succession.Kind.MERGED, reason, actor)
        audit.record(
            "consultations.proposals_merged",
            actor=actor,
            on=target,
            consultation_id=consultation.pk,
            proposals=[proposal.pk for proposal in sources],
            count=len(sources),
            reason=reason.strip(),
        )
        for source in sources:
            tell_signers("proposal_merged", source, target, reason, actor)
    return target


def split_proposal(*, proposal: Proposal, parts: Sequence[Part], reason: str, actor: Person) -> list[Proposal]:
    """Let several proposals stand for one. Its authors sign each of them, and who supported it supports each.

    Raises NotPermitted; InvalidInput for fewer than two parts, too many, one without words, or no reason; Conflict for
    what is in a vote or not in sight. Locks the proposal.
    """
    consultation = proposal.consultation
    require(actor, "consultations.merge_consultation", consultation)
    check_reason(reason)
    if not FEWEST <= len(parts) <= MOST_PARTS:
        raise InvalidInput("parts", _("Write two parts at least, and six at most."))
    with transaction.atomic():
        [source] = _locked(consultation, [proposal.pk])
        results = [_made(consultation, part, [source]) for part in parts]
        for result in results:
            _sign_too(result, [source], actor)
        carry_on([source], results, Succession.Kind.SPLIT, reason, actor)
        audit.record(
            "consultations.proposal_split",
            actor=actor,
            on=source,
            consultation_id=consultation.pk,
            proposals=[result.pk for result in results],
            count=len(results),
            reason=reason.strip(),
        )
        tell_signers("proposal_split", source, source, reason, actor)
    return results


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("no_reason", _("Say why: its authors are told, and everybody can read it."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput("too_long", _("Say it in 300 characters at most."), field="reason")


def _locked(consultation: Consultation, pks: Sequence[int]) -> list[Proposal]:
    """The proposals as they are now, by their numbers. Raises for what cannot be merged or split."""
    found = list(
        Proposal.objects.filter(pk__in=pks, consultation=consultation).order_by("pk").select_for_update(of=("self",))
    )
    if len(found) < len(pks):
        raise InvalidInput("other_consultation", _("All of them must be of this consultation."), field="chosen")
    for proposal in found:
        if not proposal.is_shown:
            raise Conflict(NOT_IN_SIGHT)
        if proposal.options.exists():
            raise Conflict(IN_A_VOTE)
    return found


def _made(consultation: Consultation, part: Part, sources: Sequence[Proposal]) -> Proposal:
    """A new proposal, in the name of the first citizen among those who wrote its sources; of the agency without one.

    Its place is theirs, where it lies in the same district.
    """
    if not part.title.strip() or not part.body.strip():
        raise InvalidInput("no_words", _("Write a title and what it is about."), field="title")
    citizens = [proposal for proposal in sources if proposal.author_id and not proposal.is_official]
    likely: dict[str, Any] = {}
    for proposal in sources[:1]:
        if proposal.district_id == (part.district.pk if part.district else None):
            likely = {name: getattr(proposal, name) for name in ("place", "latitude", "longitude")}
    return Proposal.objects.create(
        consultation=consultation,
        author_id=citizens[0].author_id if citizens else None,
        is_official=not citizens,
        title=part.title.strip(),
        body=part.body.strip(),
        district=part.district,
        category=part.category,
        **likely,
    )


def _sign_too(target: Proposal, sources: Sequence[Proposal], actor: Person) -> None:
    """Who wrote the sources signs the target. Who had declined to sign it is left in peace."""
    if target.is_official:
        return
    now = database_now()
    signers = User.objects.filter(pk__in=signers_of(sources) - {target.author_id})
    known = target.co_authors.values("email")
    CoAuthor.objects.bulk_create(
        [
            CoAuthor(proposal=target, email=user.email.lower(), user=user, invited_at=now, accepted_at=now)
            for user in signers.exclude(co_authorships__proposal=target).exclude(email__in=known).order_by("pk")
        ]
    )


def signers_of(proposals: Sequence[Proposal]) -> set[int]:
    co_authors = CoAuthor.objects.filter(proposal__in=proposals, accepted_at__isnull=False)
    citizens = {proposal.author_id for proposal in proposals if not proposal.is_official}
    return {pk for pk in citizens | set(co_authors.values_list("user_id", flat=True)) if pk is not None}


def carry_on(
    sources: Sequence[Proposal], results: Sequence[Proposal], kind: Succession.Kind, reason: str, actor: Person
) -> None:
    """Write the trail, carry the supports over, and close the sources."""
    # Read anew: the trigger counts, and a row that was fetched does not follow it.
    counts = dict(Proposal.objects.filter(pk__in=[s.pk for s in sources]).values_list("pk", "support_count"))
    Succession.objects.bulk_create(
        Succession(
            source=source,
            result=result,
            kind=kind,
            reason=reason.strip(),
            supports_then=counts[source.pk],
            done_by=actor if isinstance(actor, User) else None,
            done_at=database_now(),
        )
        for source in sources
        for result in results
    )
    given = list(Support.objects.filter(proposal__in=sources).order_by("created_at", "pk"))
    for result in results:
        signers = signers_of([result])
        add_supports(result, [(row.user_id, row.created_at) for row in given if row.user_id not in signers])
        _set_aside(Support.objects.filter(proposal=result, user__in=signers))
    _set_aside(Support.objects.filter(proposal__in=sources))
    Proposal.objects.filter(pk__in=[source.pk for source in sources]).update(merged_into=results[0])


def add_supports(proposal: Proposal, given: Sequence[tuple[int, datetime]]) -> None:
    """Of one person's supports the one there, or the first, stands: the database refuses a second one."""
    consultation_id = proposal.consultation_id
    Support.objects.bulk_create(
        [
            Support(consultation_id=consultation_id, proposal=proposal, user_id=user_id, created_at=created_at)
            for user_id, created_at in given
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )


def _set_aside(supports: "QuerySet[Support]") -> None:
    """They no longer count there. Whose they were stays known to the system alone, to take a mistake back."""
    rows = [
        CarriedSupport(proposal=row.proposal, user_id=row.user_id, created_at=row.created_at)
        for row in supports.select_related("proposal")
        if row.proposal is not None
    ]
    CarriedSupport.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)
    supports.delete()


def tell_signers(kind: str, source: Proposal, page: Proposal, reason: str, actor: Person) -> None:
    tell(
        kind,
        to=signers_of([source]) - {actor.pk or 0},
        key=f"{kind} {source.pk}, {Succession.objects.filter(source=source).count()}",
        url=page.get_absolute_url(),
        consultation_id=source.consultation_id,
        old=source.title,
        title=page.title,
        reason=reason.strip(),
    )
