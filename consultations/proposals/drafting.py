"""What somebody types into the form of a proposal: kept until they send it, throw it away, or it is sent."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import NEEDS_ACCOUNT, InvalidInput, NotPermitted, Reason
from consultations.clock import database_now
from consultations.models import Consultation, Proposal, ProposalDraft
from consultations.proposals.proposing import make_proposal

Typed = dict[str, str]

LONGEST_FIELD = 20_000  # characters; more than any field takes: what is too long is kept until its author cuts it
MOST_FIELDS = 60
MOST_DRAFTS = 20  # of one person in one consultation
NOT_YOURS = Reason("not_yours", _("This draft is somebody else's."))
TOO_MANY = Reason("too_many_drafts", _("You have 20 drafts here. Send or delete one of them first."))


def typed_in(names: Mapping[str, Any], data: Mapping[str, Any]) -> Typed:
    """What ``data`` (a posted form) has for the fields in ``names``, as text and no longer than a field may be."""
    return {name: str(data[name])[:LONGEST_FIELD] for name in list(names)[:MOST_FIELDS] if name in data}


def save_draft(
    *, consultation: Consultation, actor: Person, typed: Typed, key: uuid.UUID | None = None
) -> ProposalDraft:
    """Keep what is typed, at any time: whether it may be sent is asked when it is.

    key: of the form. A draft of this key and person is written over, unless it is sent already: then it stays as it is.
    Raises NotPermitted without an account, or InvalidInput for one draft too many. Not in the audit trail: it is
    nobody's business.
    """
    if not isinstance(actor, User):
        raise NotPermitted(NEEDS_ACCOUNT)
    require(actor, "consultations.view_consultation", consultation)
    with transaction.atomic():
        of_person = ProposalDraft.objects.filter(author=actor, consultation=consultation)
        if key is not None:
            found = of_person.select_for_update().filter(key=key).first()
            if found is not None:
                if found.sent_as_id is None:
                    found.typed, found.saved_at = typed, database_now()
                    found.save(update_fields=["typed", "saved_at"])
                return found
        if of_person.filter(sent_as__isnull=True).count() >= MOST_DRAFTS:
            raise InvalidInput(TOO_MANY.code, TOO_MANY.sentence)
        # The same form sent twice at once makes one draft. A key of somebody else is made up: then it gets a new one.
        draft, _is_new = ProposalDraft.objects.get_or_create(
            key=key or uuid.uuid4(),
            defaults={"author": actor, "consultation": consultation, "typed": typed, "saved_at": database_now()},
        )
        if draft.author_id != actor.pk or draft.consultation_id != consultation.pk:
            draft = ProposalDraft.objects.create(
                author=actor, consultation=consultation, typed=typed, saved_at=database_now()
            )
    return draft


def send_draft(*, draft: ProposalDraft, actor: Person, **fields: Any) -> Proposal:
    """Put forward what a draft became. ``fields``: what its form gave, as ``make_proposal`` takes them.

    Twice is once: a draft that is sent already gives its proposal. Raises what ``make_proposal`` raises, and then the
    draft stays as it is. Locks the draft.
    """
    _require_own(draft, actor)
    with transaction.atomic():
        # Not joined to its proposal: who waited for the lock gets the draft as it is now, but the join as it was.
        locked = ProposalDraft.objects.select_for_update().get(pk=draft.pk)
        if locked.sent_as is not None:
            return locked.sent_as
        proposal = make_proposal(consultation=draft.consultation, actor=actor, **fields)
        locked.sent_as, locked.typed = proposal, {}
        locked.save(update_fields=["sent_as", "typed"])
    return proposal


def delete_draft(*, draft: ProposalDraft, actor: Person) -> None:
    """Throw it away. Raises NotPermitted for somebody else's."""
    _require_own(draft, actor)
    draft.delete()


def _require_own(draft: ProposalDraft, actor: Person) -> None:
    if not actor.is_authenticated or draft.author_id != actor.pk:
        raise NotPermitted(NOT_YOURS if actor.is_authenticated else NEEDS_ACCOUNT)
