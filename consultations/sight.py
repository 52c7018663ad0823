"""What of this room a notice may lead to, and whom: asked whenever people are told (``accounts/notices/sight.py``)."""

from collections.abc import Sequence

from django.db.models import Q

from accounts.models import Notice, User
from accounts.notices.sight import Place, ids_in_addresses
from consultations.models import Consultation, Proposal


def unseen(user: User, notices: Sequence[Notice]) -> set[int]:
    """Notices about consultations that the person may not see, and about proposals out of sight, but their own."""
    wanted = {notice.consultation_id for notice in notices if notice.consultation_id is not None}
    seen = set(Consultation.objects.visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True))
    gone = {
        notice.pk for notice in notices if notice.consultation_id is not None and notice.consultation_id not in seen
    }
    proposals = {
        **ids_in_addresses(notices, "consultations:proposal"),
        **ids_in_addresses(notices, "consultations:answer-invitation"),
    }
    if proposals:
        found = Proposal.objects.visible_to(user).filter(pk__in=proposals.values())
        in_sight = Q(hidden_at__isnull=True, withdrawn_at__isnull=True)
        shown = set(found.filter(in_sight | Q(author=user)).values_list("pk", flat=True))
        gone |= {notice_id for notice_id, pk in proposals.items() if pk not in shown}
    return gone


def place_of(user: User, consultation_id: int) -> Place | None:
    found = Consultation.objects.visible_to(user).filter(pk=consultation_id).first()
    return Place(found.title, found.get_absolute_url()) if found else None
