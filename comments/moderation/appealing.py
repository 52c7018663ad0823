"""Asking another moderator to look again, once for each decision, and answering."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import Role, User
from accounts.refusals import NEEDS_ACCOUNT, Conflict, InvalidInput, NotPermitted, Reason
from comments.models import Appeal, ModerationDecision
from comments.moderation import blocking, moderating
from comments.moderation.reasons import checked_reason
from comments.moderation.roles import others_who_moderate, role_of
from comments.moderation.telling import tell_moderators_of_appeal, tell_of_answer
from consultations.clock import database_now
from consultations.models import Block
from frontend.typed import tidied

MOST_WORDS = 1_000

NOT_CONCERNED = Reason("not_concerned", _("Only who wrote it, or whose account it is, may appeal."))
NOT_APPEALABLE = Reason("not_appealable", _("There is nothing to appeal against in this decision."))
APPEALED_ALREADY = Reason("appealed_already", _("You have appealed against this decision already."))
UNDONE = Reason("undone", _("This decision does not stand any more."))
ANSWERED_ALREADY = Reason("answered_already", _("This appeal is answered already."))
OWN_DECISION = Reason(
    "own_decision",
    _("You made this decision, so somebody else has to answer the appeal: another moderator or an owner."),
)
ONLY_MODERATOR = Reason(
    "only_moderator",
    _(
        "You made this decision, and nobody else moderates here. An owner of the agency may answer, or name another "
        "moderator."
    ),
)


def appeal(*, decision: ModerationDecision, actor: Person, words: str) -> Appeal:
    """Ask another moderator to look at a decision again.

    Raises NotPermitted for anybody but who is concerned, InvalidInput, or Conflict: no such act, undone, appealed.
    """
    _require_concerned(decision, actor)
    assert isinstance(actor, User)
    words = tidied(words)
    if not words:
        raise InvalidInput("empty", _("Write why it should be decided otherwise."), field="words")
    if len(words) > MOST_WORDS:
        raise InvalidInput("too_long", _("It has more than 1,000 characters. Shorten it a little."), field="words")
    with transaction.atomic():
        locked = ModerationDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        _check_appealable(locked)
        made = Appeal.objects.create(decision=decision, words=words, made_at=database_now())
        audit.record("comments.decision_appealed", actor=actor, on=decision, consultation_id=decision.consultation_id)
        others = others_who_moderate(decision.moderator, decision.consultation)
        tell_moderators_of_appeal(made, [person.pk for person in others] or [decision.moderator_id])
    return made


def may_appeal(decision: ModerationDecision, person: Person) -> bool:
    """Whether the page of a decision offers it."""
    try:
        _require_concerned(decision, person)
        _check_appealable(decision)
    except (NotPermitted, Conflict):
        return False
    return True


def _require_concerned(decision: ModerationDecision, actor: Person) -> None:
    if not isinstance(actor, User):
        raise NotPermitted(NEEDS_ACCOUNT)
    if decision.subject_id != actor.pk:
        raise NotPermitted(NOT_CONCERNED)


def _check_appealable(decision: ModerationDecision) -> None:
    if decision.act not in ModerationDecision.APPEALABLE:
        raise Conflict(NOT_APPEALABLE)
    if decision.undone_at:
        raise Conflict(UNDONE)
    if Appeal.objects.filter(decision=decision).exists():
        raise Conflict(APPEALED_ALREADY)


def why_not_answer(found: Appeal, actor: Person) -> Reason | None:
    """None if ``actor`` may answer: who moderates here and did not decide.

    Where nobody else moderates, an owner may although they decided; the open book says so.
    """
    decision = found.decision
    if not isinstance(actor, User):
        return NEEDS_ACCOUNT
    if decision.moderator_id != actor.pk:
        return None
    if others_who_moderate(actor, decision.consultation):
        return OWN_DECISION
    return None if _is_owner(actor, decision) else ONLY_MODERATOR


def _is_owner(actor: User, decision: ModerationDecision) -> bool:
    return actor.memberships.filter(agency=decision.consultation.agency_id, roles__contains=[Role.OWNER]).exists()


def answer_appeal(*, appeal: Appeal, actor: Person, outcome: str, answer: str) -> Appeal:
    """Grant an appeal, which takes back what was decided, or deny it; with public words.

    Raises NotPermitted (for who decided, too), InvalidInput, or Conflict once it is answered. Locks its row.
    """
    decision = appeal.decision
    require(actor, "consultations.moderate_consultation", decision.consultation)
    assert isinstance(actor, User)
    reason = why_not_answer(appeal, actor)
    if reason:
        raise NotPermitted(reason)
    if outcome not in Appeal.Outcome.values:
        raise InvalidInput("no_outcome", _("Grant the appeal, or deny it."), field="outcome")
    answer = checked_reason(answer)
    with transaction.atomic():
        locked = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
        if locked.answered_at:
            raise Conflict(ANSWERED_ALREADY)
        appeal.outcome, appeal.answer = outcome, answer
        appeal.answered_at, appeal.answered_by = database_now(), actor
        appeal.role = role_of(actor, decision.consultation)
        appeal.is_by_same_person = actor.pk == decision.moderator_id
        appeal.save(update_fields=["outcome", "answer", "answered_at", "answered_by", "role", "is_by_same_person"])
        audit.record(
            f"comments.appeal_{outcome}",
            actor=actor,
            on=decision,
            consultation_id=decision.consultation_id,
            answer=answer,
        )
        if outcome == Appeal.Outcome.GRANTED:
            _take_back(decision, actor, answer)
        tell_of_answer(appeal)
    return appeal


def _take_back(decision: ModerationDecision, actor: User, answer: str) -> None:
    """What was hidden is shown, who was blocked may write. Where somebody did so meanwhile, nothing is left to do."""
    if decision.act == ModerationDecision.Act.BLOCKED:
        assert decision.account is not None
        if Block.objects.standing().filter(consultation=decision.consultation, user=decision.account).exists():
            blocking.unblock(
                consultation=decision.consultation, user=decision.account, actor=actor, reason=answer, tells=False
            )
        return
    target = decision.target
    if target is not None and moderating.state_of(target) == "hidden":
        moderating.restore(target=target, actor=actor, reason=answer, tells=False)
