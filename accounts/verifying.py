"""Recording that an official has verified who somebody is, and taking a mistake back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.logging_in import person_with
from accounts.models import Agency, IdentityCheck, User
from accounts.notices.telling import tell
from accounts.refusals import Conflict, InvalidInput, NotPermitted, Reason

OWN_IDENTITY = Reason("own_identity", _("Nobody verifies themselves. Ask another owner, or another agency."))
TAKEN_BACK_ALREADY = Reason("check_taken_back", _("Somebody has taken this back already."))
DONE_ALREADY = _("Your agency has recorded this already.")


def record_check(*, agency: Agency, email: str, kind: str, actor: Person) -> IdentityCheck:
    """Record that ``agency`` has seen the papers of the person with this e-mail. They are told.

    Who has no account yet gets one, as a new member does, so that the answer tells nobody which addresses have one.
    Raises NotPermitted, also for oneself; InvalidInput where it is recorded already. Locks the person's row.
    """
    require(actor, "accounts.verify_people_agency", agency)
    assert isinstance(actor, User)
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=person_with(email).pk)
        if user.pk == actor.pk:
            raise NotPermitted(OWN_IDENTITY)
        if user.identity_checks.filter(kind=kind, agency=agency, taken_back_at__isnull=True).exists():
            raise InvalidInput("verified_already", DONE_ALREADY, field="email")
        check = IdentityCheck.objects.create(user=user, kind=kind, agency=agency, checked_by=actor)
        _set_level(user)
        audit.record("accounts.identity_checked", actor=actor, on=agency, user_id=user.pk, kind=kind)
        tell(
            "identity_verified" if kind == IdentityCheck.Kind.IDENTITY else "residence_verified",
            to=[user.pk],
            key=f"identity check {check.pk}",
            url="/account/verification/",
            agency=agency.name,
        )
    return check


def take_back_check(*, check: IdentityCheck, actor: Person) -> None:
    """Undo a check that was a mistake. What the person did meanwhile stays.

    Raises NotPermitted; Conflict where it is taken back already.
    """
    require(actor, "accounts.verify_people_agency", check.agency)
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=check.user_id)
        found = user.identity_checks.filter(pk=check.pk, taken_back_at__isnull=True)
        if not found.update(taken_back_at=timezone.now()):
            raise Conflict(TAKEN_BACK_ALREADY)
        _set_level(user)
        audit.record(
            "accounts.identity_check_taken_back", actor=actor, on=check.agency, user_id=user.pk, kind=check.kind
        )


def is_resident(user: User, agency_id: int) -> bool:
    """Whether this agency itself has verified that the person lives in its territory.

    One query for all agencies, kept for the life of the user instance as grants are.
    """
    if not hasattr(user, "_residences"):
        found = user.identity_checks.filter(kind=IdentityCheck.Kind.RESIDENCE, taken_back_at__isnull=True)
        user._residences = set(found.values_list("agency", flat=True))  # type: ignore[attr-defined]
    return agency_id in user._residences  # type: ignore[attr-defined]


def _set_level(user: User) -> None:
    """The level follows from the standing checks: this is the only place that writes it."""
    standing = user.identity_checks.filter(kind=IdentityCheck.Kind.IDENTITY, taken_back_at__isnull=True)
    user.verification_level = User.Verification.IDENTITY if standing.exists() else User.Verification.EMAIL
    user.save(update_fields=["verification_level"])
