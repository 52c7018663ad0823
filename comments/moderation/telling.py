"""Telling the author when and why something was decided about what they wrote, without its words."""

from accounts.notices.telling import tell
from comments.models import Appeal, ModerationDecision
from comments.moderation.kinds import Contribution

Act = ModerationDecision.Act

# What an author is told of: act -> kind of notice. That a report was answered by keeping is not their affair.
TOLD: dict[str, str] = {
    Act.HIDDEN: "hidden",
    Act.RESTORED: "restored",
    Act.RELEASED: "released",
    Act.REFUSED: "refused",
    Act.LOCKED: "locked",
}


def tell_author(decision: ModerationDecision, target: Contribution) -> None:
    if decision.act in TOLD:
        _tell(TOLD[decision.act], decision, target.author_id)


def tell_of_undoing(decision: ModerationDecision) -> None:
    if decision.act in TOLD:
        _tell("decision_undone", decision, decision.subject_id)


def tell_of_answer(appeal: Appeal) -> None:
    decision = appeal.decision
    kind = "appeal_granted" if appeal.outcome == Appeal.Outcome.GRANTED else "appeal_denied"
    _tell(kind, decision, decision.subject_id, reason=appeal.answer)


def tell_moderators_of_appeal(appeal: Appeal, moderators: list[int]) -> None:
    decision = appeal.decision
    tell(
        "appeal_made",
        to=moderators,
        key=f"appeal {appeal.pk}",
        url=decision.get_absolute_url(),
        consultation_id=decision.consultation_id,
        title=decision.consultation.title,
    )


def _tell(kind: str, decision: ModerationDecision, user_id: int | None, reason: str = "") -> None:
    if user_id == decision.moderator_id:
        return
    tell(
        kind,
        to=[user_id],
        key=f"{kind} {decision.pk}",
        url=decision.get_absolute_url(),
        consultation_id=decision.consultation_id,
        title=decision.consultation.title,
        reason=reason or decision.reason,
    )
