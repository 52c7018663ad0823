"""The kinds of facts that people are told: one sentence each. A new kind is one line here."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from frontend.formats import when

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """``sentence`` is filled from the notice's ``facts``; one whose name ends in ``_at`` is a moment in ISO form.

    ``is_urgent``: mailed by itself, not with the digest.
    """

    sentence: Text
    is_urgent: bool = False


KINDS: dict[str, Kind] = {
    "reply": Kind(_("%(name)s answered your comment in “%(title)s”.")),
    "official_reply": Kind(_("%(agency)s answered you in “%(title)s”."), is_urgent=True),
    "blocked": Kind(
        _("The moderators of “%(title)s” blocked your account from writing there. Reason: %(reason)s"), is_urgent=True
    ),
    "blocked_for_a_time": Kind(
        _(
            "The moderators of “%(title)s” blocked your account from writing there. The block ends %(until_at)s. "
            "Reason: %(reason)s"
        ),
        is_urgent=True,
    ),
    "unblocked": Kind(_("You may write in “%(title)s” again: the moderators have lifted the block."), is_urgent=True),
    # Their e-mail is a letter of its own, whether they have an account or not: consultations/proposals/letters.py.
    "co_author_invited": Kind(_("%(name)s asks you to sign “%(title)s” together.")),
    "co_author_accepted": Kind(_("%(name)s signs “%(title)s” with you now.")),
    "hidden": Kind(_("A moderator has hidden what you wrote in “%(title)s”. Reason: %(reason)s"), is_urgent=True),
    "restored": Kind(_("What you wrote in “%(title)s” is shown again. Reason: %(reason)s")),
    "released": Kind(_("What you wrote in “%(title)s” is published: a moderator has read it.")),
    "refused": Kind(
        _("A moderator has not published what you wrote in “%(title)s”. Reason: %(reason)s"), is_urgent=True
    ),
    "locked": Kind(_("A moderator has locked the conversation that you began in “%(title)s”. Reason: %(reason)s")),
    "decision_undone": Kind(_("A moderator has taken back a decision about what you wrote in “%(title)s”.")),
    "appeal_made": Kind(_("Somebody asks you to look again at a moderator's decision in “%(title)s”."), is_urgent=True),
    "appeal_granted": Kind(_("Your appeal in “%(title)s” was granted: %(reason)s"), is_urgent=True),
    "appeal_denied": Kind(_("Your appeal in “%(title)s” was denied: %(reason)s"), is_urgent=True),
    "mention": Kind(_("%(name)s mentioned you in “%(title)s”.")),
    "identity_verified": Kind(_("%(agency)s has verified your identity.")),
    "residence_verified": Kind(_("%(agency)s has verified where you live.")),
    "observer_accredited": Kind(_("You are an observer of the vote “%(question)s” in “%(title)s”."), is_urgent=True),
    # To the authors: consultations/proposals/merging.py.
    "proposal_merged": Kind(
        _("Your proposal “%(old)s” was merged with others and goes on as “%(title)s”. Reason: %(reason)s"),
        is_urgent=True,
    ),
    "proposal_split": Kind(_("Your proposal “%(old)s” was split into several. Reason: %(reason)s"), is_urgent=True),
    "proposal_restored": Kind(
        _("Your proposal “%(old)s” stands by itself again: merging or splitting it was a mistake. Reason: %(reason)s"),
        is_urgent=True,
    ),
    # Phases, told to those who follow: consultations/announcing.py.
    "information_began": Kind(_("“%(title)s” is presented now: read what it is about.")),
    "proposals_began": Kind(_("“%(title)s” receives proposals now.")),
    "support_began": Kind(_("The proposals of “%(title)s” can be supported now.")),
    "discussion_began": Kind(_("The discussion of “%(title)s” is open.")),
    "review_began": Kind(_("The proposals of “%(title)s” are being reviewed now.")),
    "costing_began": Kind(_("What the proposals of “%(title)s” cost is published.")),
    "voting_began": Kind(_("Voting in “%(title)s” is open.")),
    "results_began": Kind(_("The results of “%(title)s” are here.")),
    "follow_up_began": Kind(_("“%(title)s” is being followed up: what became of it.")),
    "proposals_close_soon": Kind(_("The time for proposals in “%(title)s” ends %(closes_at)s.")),
    "support_closes_soon": Kind(_("The time to support proposals in “%(title)s” ends %(closes_at)s.")),
    "discussion_closes_soon": Kind(_("The discussion of “%(title)s” closes %(closes_at)s.")),
    "ballot_draft_waits": Kind(
        _("Your vote in “%(question)s” does not count yet: you have not cast it. Voting closes %(closes_at)s."),
        is_urgent=True,
    ),
    # To whom it happens: voting/rolls/changing.py.
    "taken_off_roll": Kind(
        _(
            "You are no longer on the roll of “%(title)s”. If you have voted, your ballot stays, unless the agency "
            "gives your place on the roll to another account and that one votes. Reason: %(reason)s"
        ),
        is_urgent=True,
    ),
    "voting_closes_soon": Kind(_("Voting in “%(title)s” closes %(closes_at)s.")),
    "consultation_closed": Kind(_("“%(title)s” is closed: the time to take part is over.")),
    # Told to those who follow: consultations/running/telling.py.
    "proposals_extended": Kind(
        _("There is more time for proposals in “%(title)s”: it ends %(ends_at)s. Reason: %(reason)s")
    ),
    "support_extended": Kind(
        _("There is more time to support proposals in “%(title)s”: it ends %(ends_at)s. Reason: %(reason)s")
    ),
    "review_extended": Kind(_("The review of “%(title)s” takes longer: it ends %(ends_at)s. Reason: %(reason)s")),
    "costing_extended": Kind(
        _("There is more time to look at the costs in “%(title)s”: it ends %(ends_at)s. Reason: %(reason)s")
    ),
    "discussion_extended": Kind(
        _("There is more time to discuss “%(title)s”: it ends %(ends_at)s. Reason: %(reason)s")
    ),
    "voting_extended": Kind(_("There is more time to vote in “%(title)s”: it ends %(ends_at)s. Reason: %(reason)s")),
    "dates_changed": Kind(_("The dates of “%(title)s” have changed. Reason: %(reason)s")),
    "closed_early": Kind(_("“%(title)s” was closed before its time. Reason: %(reason)s")),
    "closing_words": Kind(_("The agency says what came of “%(title)s”.")),
    "answered": Kind(_("“%(title)s” is answered: the agency says what became of each contribution.")),
    # What became of what somebody wrote: comments/dispositions/telling.py.
    "disposition_taken": Kind(_("What you wrote in “%(title)s” was taken. Reason: %(reason)s")),
    "disposition_taken_in_part": Kind(_("What you wrote in “%(title)s” was taken in part. Reason: %(reason)s")),
    "disposition_not_taken": Kind(_("What you wrote in “%(title)s” was not taken. Reason: %(reason)s")),
    "disposition_out_of_scope": Kind(
        _("What you wrote in “%(title)s” is outside what this consultation can decide. Reason: %(reason)s")
    ),
    "disposition_already_covered": Kind(_("What you wrote in “%(title)s” was covered already. Reason: %(reason)s")),
    "dispositions_taken": Kind(_("%(count)s of your contributions to “%(title)s” were taken. Reason: %(reason)s")),
    "dispositions_taken_in_part": Kind(
        _("%(count)s of your contributions to “%(title)s” were taken in part. Reason: %(reason)s")
    ),
    "dispositions_not_taken": Kind(
        _("%(count)s of your contributions to “%(title)s” were not taken. Reason: %(reason)s")
    ),
    "dispositions_out_of_scope": Kind(
        _("%(count)s of your contributions to “%(title)s” are outside what it can decide. Reason: %(reason)s")
    ),
    "dispositions_already_covered": Kind(
        _("%(count)s of your contributions to “%(title)s” were covered already. Reason: %(reason)s")
    ),
    # The review of proposals: consultations/review/.
    "review_assigned": Kind(_("You are asked to review proposals of “%(title)s”."), is_urgent=True),
    "brought_in": Kind(_("“%(proposal)s” goes on to review in “%(title)s”. Reason: %(reason)s")),
    "found_feasible": Kind(_("“%(proposal)s” was found feasible in “%(title)s”. Reason: %(reason)s")),
    "found_with_changes": Kind(_("“%(proposal)s” was found feasible with changes in “%(title)s”. Reason: %(reason)s")),
    "found_not_feasible": Kind(_("“%(proposal)s” was found not feasible in “%(title)s”. Reason: %(reason)s")),
    # What becomes of what was decided: consultations/milestones/.
    "pledge_made": Kind(_("“%(pledge)s” is being carried out: see how far it is.")),
    "milestone_reported": Kind(_("There is news of “%(pledge)s”: %(milestone)s.")),
    # Told to those who follow: consultations/documents/publishing.py.
    "version_published": Kind(_("“%(document)s” in “%(title)s” has a new text: version %(number)s.")),
    # What became of one's annotation in a new version: comments/annotations/telling.py.
    "annotation_changed": Kind(
        _("Version %(number)s of “%(title)s” changes the words that you annotated: see the old and the new ones.")
    ),
    "annotation_ambiguous": Kind(
        _(
            "In version %(number)s of “%(title)s”, the words that you annotated could stand in several places: "
            "an editor looks for the right one."
        )
    ),
    "annotation_orphaned": Kind(
        _(
            "Version %(number)s of “%(title)s” no longer has the words that you annotated. Your annotation can be "
            "read for ever in the version where you made it."
        )
    ),
    "annotation_placed": Kind(_("An editor has placed your annotation in version %(number)s of “%(title)s”.")),
    "annotation_left": Kind(
        _(
            "An editor has looked for the words that you annotated in version %(number)s of “%(title)s”: they have no "
            "place there. Your annotation stays in the version where you made it."
        )
    ),
    # Told to those who follow: voting/results/announcing.py.
    "outcome": Kind(_("The outcome of “%(question)s” in “%(title)s” is known.")),
}


def urgent_kinds() -> list[str]:
    return [name for name, kind in KINDS.items() if kind.is_urgent]


def sentence_of(kind: str, facts: dict[str, Any]) -> str:
    """The sentence in the active language, on one line.

    A notice whose kind or facts are not as they should be says so in the log, and to its person that there is
    something: one bad row must not keep a person from the others.
    """
    try:
        return " ".join((str(KINDS[kind].sentence) % _worded(facts)).split())
    except (KeyError, ValueError, TypeError):
        logger.exception("A notice of kind %s cannot be put into words", kind)
        return gettext("There is something new for you.")


def _worded(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: when(datetime.fromisoformat(value)) if name.endswith("_at") else value for name, value in facts.items()
    }
