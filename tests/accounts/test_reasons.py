"""Whoever is refused learns what would help: a link, or words in the sentence; except where nothing can help.

A new ``Reason`` fails here until it has a remedy, or stands in one of the two lists.
"""

import re

from tests.accounts.reasons import reasons

# The words of each sentence that say what to do, or until when to wait.
HELP = {
    "voting.results.decided no_outcome_yet": "before everybody sees the outcome",
    "voting.results.decided not_a_budget": "Only in a vote on a budget",
    "voting.simulator.pages no_budget_to_try": "Say first how much there is",
    "accounts.agencies last_owner": "Make somebody else an owner first",
    "accounts.agencies no_member": "Add them again",
    "accounts.agencies no_agency": "Ask its owner to make you an editor",
    "accounts.letters mail_fails": "Wait a few minutes and try again",
    "accounts.refusals not_granted": "Ask the agency that runs it",
    "accounts.verifying own_identity": "Ask another owner",
    "comments.commenting held": "once it is published",
    "comments.commenting held_proposal": "once it is published",
    "comments.annotations.settling newer_version": "Place it there",
    "comments.dispositions.giving needs_no_disposition": "Only what citizens wrote to the agency",
    "comments.dispositions.pages answered_meanwhile": "Look again",
    "comments.dispositions.pages gone_meanwhile": "Choose again",
    "comments.moderation.appealing own_decision": "another moderator or an owner",
    "comments.moderation.appealing only_moderator": "name another moderator",
    "comments.moderation.moderating still_held": "Publish it, or do not",
    "comments.moderation.moderating no_thread": "its first comment",
    "comments.moderation.undoing too_late": "Decide anew",
    "comments.moderation.undoing not_yours": "decide anew",
    "comments.revising too_late_to_edit": "Write a reply to it, or delete it",
    "config.middleware too_much": "choose a smaller file",
    "config.middleware too_large": "at most 256 KB",
    "consultations.clock not_proposing_now": "The consultation's steps say when",
    "consultations.clock not_supporting_now": "The consultation's steps say when",
    "consultations.clock not_commenting_now": "The consultation's steps say when",
    "consultations.clock not_voting_now": "The consultation's steps say when",
    "consultations.desk.pages no_work": "Ask its owner to give you a role",
    "consultations.documents.drafting changed_meanwhile": "look at what it says now",
    "consultations.documents.drafting version_published": "Begin the next one",
    "consultations.milestones.starting no_winners": "write pledges by hand",
    "consultations.opening.changing changed_meanwhile": "look at what it says now, then save again",
    "consultations.opening.deleting was_published": "take it out of the lists, or close it",
    "consultations.permissions not_invited": "ask its owner to add you",
    "consultations.permissions not_assigned": "An editor of the agency assigns its reviewers",
    "consultations.proposals.drafting too_many_drafts": "Send or delete one of them first",
    "consultations.proposals.proposing changed_meanwhile": "then save again",
    "consultations.proposals.proposing hidden": "You can appeal from your notices",
    "consultations.review.opining enough_opinions": "ask for a second reader",
    "consultations.review.opining not_gone_on": "brings it in with a public reason",
    "consultations.running.answering no_closing_words": "write the closing words",
    "consultations.running.answering not_closed": "once the time to take part is over",
    "consultations.running.closing not_open_yet": "Take it out of the lists, or change its dates",
    "consultations.running.closing not_closed": "once the consultation is closed",
    "consultations.running.closing vote_ahead": "Remove that vote first",
    "consultations.running.dates not_published": "change its dates in its form",
    "consultations.running.dates voting_begun": "a public amendment of the vote itself",
    "voting.ballots.casting key_used": "Each ballot needs its own",
    "voting.ballots.casting roll_loaded": "Reload the page and vote again",
    "voting.ballots.casting district_changed": "Reload the page",
    "voting.ballots.casting money_changed": "Reload the page",
    "voting.paper.appointing no_roll_to_mark": "Load one before it opens",
    "voting.paper.entering ballot_read_twice": "Go on with the next one",
    "voting.paper.entering no_paper_rule": "first say in public",
    "voting.paper.entering own_reading": "somebody else has to take the third look",
    "voting.paper.entering paper_too_early": "once it is open",
    "voting.paper.entering batch_not_typed": "Type the rest first",
    "voting.paper.entering batch_differs": "Somebody else decides it first",
    "voting.permissions not_clerk": "Ask its editors",
    "voting.polls.amending_budget shares_no_money": "Change it in its form",
    "voting.districts.choosing district_not_chosen": "ask the agency",
    "voting.districts.setting_up no_districts": "Put one question to the vote",
    "voting.districts.setting_up nothing_to_vote_on": "Give the proposals their costs",
    "voting.districts.where no_district_on_roll": "Ask the agency",
    "voting.districts.where no_roll_of_districts": "Ask it",
    "voting.log.export log_before_close": "after the close",
    "voting.rolls.loading roll_changed": "Upload the list again",
    "voting.observers.accrediting own_accreditation": "Ask another editor",
    "voting.permissions not_observer": "whom the agency has accredited",
    "voting.results.gate after_voting": "once you have voted",
    "voting.results.gate after_close": "after the close",
    "voting.results.gate before_close": "after the close",
    "voting.results.gate for_auditors": "accredited observers",
}

# Nothing that this person can do would change it: somebody was first, it is over, it is not theirs, or people voted.
NOTHING_HELPS = {
    "voting.election_files.exporting no_budget_poll",
    "voting.election_files.exporting too_heavy",
    "accounts.verifying check_taken_back",
    "comments.annotations.settling placed_already",
    "consultations.opening.deleting draft_deleted",
    "consultations.proposals.restoring not_merged",
    "comments.commenting deleted",
    "comments.commenting hidden",
    "comments.commenting hidden_proposal",
    "comments.commenting locked",
    "comments.commenting said_already",
    "comments.moderation.appealing answered_already",
    "comments.moderation.appealing appealed_already",
    "comments.moderation.appealing not_appealable",
    "comments.moderation.appealing not_concerned",
    "comments.moderation.appealing undone",
    "comments.moderation.blocking blocked_already",
    "comments.moderation.blocking is_a_moderator",
    "comments.moderation.blocking no_account",
    "comments.moderation.blocking not_blocked",
    "comments.moderation.marking marked_already",
    "comments.moderation.moderating flagged_already",
    "comments.moderation.moderating gone",
    "comments.moderation.moderating hidden_already",
    "comments.moderation.moderating locked_already",
    "comments.moderation.moderating not_held",
    "comments.moderation.moderating not_hidden",
    "comments.moderation.moderating not_locked",
    "comments.moderation.moderating nothing_to_answer",
    "comments.moderation.undoing decided_since",
    "comments.moderation.undoing not_undoable",
    "comments.moderation.undoing undone_already",
    "comments.permissions not_yours",
    "comments.reacting own_comment",
    "comments.revising deleted_already",
    "consultations.documents.drafting document_gone",
    "consultations.files.attaching attachment_gone",
    "consultations.opening.asked field_answered",
    "consultations.opening.asked question_answered",
    "consultations.opening.changing eligibility_voted",
    "consultations.budgets.money budget_voted_on",
    "consultations.budgets.money budget_with_poll",
    "consultations.opening.phases phase_with_poll",
    "consultations.opening.phases voting_begun",
    "consultations.opening.publishing published_already",
    "consultations.permissions no_supports",
    "consultations.permissions not_author",
    "consultations.permissions not_visible",
    "consultations.permissions own_proposal",
    "consultations.permissions own_review",
    "consultations.proposals.co_authoring not_invited_here",
    "consultations.proposals.co_authoring official_proposal",
    "consultations.proposals.co_authoring out_of_sight",
    "consultations.proposals.drafting not_yours",
    "consultations.proposals.proposing in_a_vote",
    "consultations.proposals.proposing merged",
    "consultations.proposals.merging not_to_merge",
    "consultations.proposals.proposing withdrawn",
    "consultations.proposals.supporting not_shown",
    "consultations.review.opining not_in_sight",
    "consultations.review.opining nothing_to_decide",
    "consultations.review.opining voted_on",
    "consultations.review.running asked_already",
    "consultations.review.running goes_on_already",
    "consultations.running.answering answered_already",
    "consultations.running.answering not_answered",
    "consultations.running.closing closed_already",
    "consultations.running.dates no_end",
    "voting.ballots.casting poll_closed",
    "voting.districts.choosing voting_over",
    "voting.observers.accrediting accreditation_ended",
    "voting.observers.accrediting no_observers_needed",
    "voting.ballots.casting voted_on_paper",
    "voting.ballots.casting voted_with_another_entry",
    "voting.paper.appointing voted_online",
    "voting.paper.entering batch_cast",
    "voting.paper.entering no_difference",
    "voting.paper.entering paper_too_late",
    "voting.paper.entering paper_weighted",
    "voting.polls.amending_budget option_withdrawn",
    "voting.polls.amending voting_is_over",
    "voting.polls.setting_up closed",
    "voting.polls.setting_up has_ballots",
    "voting.polls.setting_up voting_over",
    "voting.results.gate embargo",
    "voting.rolls.changing roll_rules_fixed",
    "voting.rolls.changing voted_without_roll",
    "voting.rolls.changing voting_over",
    "voting.rolls.claiming has_entry",
    "voting.rolls.loading loaded_already",
}

# Whose sentence is put together from parts; the tests of their rooms read it.
PUT_TOGETHER = {
    "comments.dispositions.giving answered_meanwhile",
    "comments.dispositions.pages others_match_now",
    "consultations.blocking blocked",  # ends with how to appeal
    "consultations.limits too_fast",  # says until when
    "consultations.opening.asked choice_in_use",
    "voting.districts.choosing district_chosen",
    "voting.paper.entering more_papers_than_voters",
    "voting.districts.where voted_elsewhere",
    "consultations.running.answering contributions_lack_answers",  # its page leads to the desk
}

# The checklist before publishing links each to the step that mends it (opening/overview.py).
IN_THE_CHECKLIST = "consultations.opening.readiness "


def test_no_reason_says_who_was_first_for_it_may_be_the_same_person_in_another_window():
    guess = re.compile(r"(Another|Somebody else)\b.* (has|was)\b")
    assert [found for found in reasons() if guess.match(found.sentence)] == []


def test_every_reason_says_what_would_help_or_nothing_can():
    without = {
        found.where
        for found in reasons()
        if not found.has_remedy
        and found.where not in HELP.keys() | NOTHING_HELPS | PUT_TOGETHER
        and not found.where.startswith(IN_THE_CHECKLIST)
    }
    assert without == set()


def test_the_words_that_help_are_in_the_sentence():
    sentences = {found.where: found.sentence for found in reasons()}
    assert {where for where, words in HELP.items() if words not in sentences.get(where, "")} == set()


def test_nothing_is_listed_that_there_is_not():
    known = {found.where for found in reasons()}
    assert (HELP.keys() | NOTHING_HELPS | PUT_TOGETHER) - known == set()
