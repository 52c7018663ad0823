"""Beginning to follow up: pledges from the proposals that won, or written by hand."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.milestones.winners import winners_of
from consultations.models import Consultation, District, Pledge, Proposal
from consultations.running.dates import NOT_PUBLISHED

NO_WINNERS = Reason(
    "no_winners", _("Nothing has won yet, or the results are not public. You can write pledges by hand meanwhile.")
)
NO_TITLE = _("Say what is promised.")


def start_follow_up(*, consultation: Consultation, actor: Person) -> list[Pledge]:
    """A pledge for each proposal that won and has none yet, with the money that it was given; authors are told.

    Again adds what has won since, and nothing twice. Returns the new ones.
    Raises NotPermitted, or Conflict while nothing has won. Locks the consultation.
    """
    require(actor, "consultations.change_consultation", consultation)
    winners = winners_of(consultation)
    if not winners:
        raise Conflict(NO_WINNERS, page=consultation.get_absolute_url())
    with transaction.atomic():
        Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
        has_one = set(Pledge.objects.filter(proposal__in=winners).values_list("proposal_id", flat=True))
        found = Proposal.objects.filter(consultation=consultation, pk__in=winners.keys() - has_one).with_signers()
        proposals = {proposal.pk: proposal for proposal in found}
        new = [
            Pledge(
                consultation=consultation,
                proposal=proposals[pk],
                district_id=proposals[pk].district_id,
                title=proposals[pk].title,
                promised_cents=cents if cents is not None else proposals[pk].cost_cents,
                created_by=actor if isinstance(actor, User) else None,
            )
            for pk, cents in winners.items()
            if pk in proposals
        ]
        Pledge.objects.bulk_create(new)
        if new:
            audit.record(
                "consultations.follow_up_started",
                actor=actor,
                on=consultation,
                consultation_id=consultation.pk,
                count=len(new),
            )
        for pledge in new:
            _tell_signers(pledge, consultation)
    return new


def create_pledge(
    *,
    consultation: Consultation,
    actor: Person,
    title: str,
    body: str = "",
    promised_cents: int | None = None,
    district: District | None = None,
) -> Pledge:
    """Something promised that no proposal stands for: a goal of a plan, an article of a law.

    Raises NotPermitted; InvalidInput without a title; Conflict for a draft.
    """
    require(actor, "consultations.change_consultation", consultation)
    if not consultation.is_published:
        raise Conflict(NOT_PUBLISHED, page=consultation.get_absolute_url())
    if not title.strip():
        raise InvalidInput("no_title", NO_TITLE, field="title")
    with transaction.atomic():
        pledge = Pledge.objects.create(
            consultation=consultation,
            district=district,
            title=title.strip(),
            body=body.strip(),
            promised_cents=promised_cents,
            created_by=actor if isinstance(actor, User) else None,
        )
        audit.record(
            "consultations.pledge_made",
            actor=actor,
            on=pledge,
            consultation_id=consultation.pk,
            title=pledge.title,
        )
    return pledge


def _tell_signers(pledge: Pledge, consultation: Consultation) -> None:
    proposal = pledge.proposal
    assert proposal is not None
    tell(
        "pledge_made",
        to=[proposal.author_id, *(signer["id"] for signer in proposal.co_signers)],
        key=f"pledge {pledge.pk}",
        url=pledge.get_absolute_url(),
        consultation_id=consultation.pk,
        pledge=pledge.title,
        title=consultation.title,
    )
