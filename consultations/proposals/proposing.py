"""Putting a proposal forward, changing it, and withdrawing it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.clock import Act, database_now, require_phase
from consultations.custom_fields import clean_answers, fields_for
from consultations.following import follow_by_taking_part
from consultations.limits import PROPOSALS, require_pace
from consultations.models import Consultation, District, Proposal
from consultations.permissions import is_held_at_first
from consultations.proposals.versions import number_of, write_version
from frontend.typed import as_name

IN_A_VOTE = Reason("in_a_vote", _("This proposal is being voted on, so it cannot change any more."))
HIDDEN = Reason(
    "hidden", _("A moderator has hidden this proposal, so it cannot change. You can appeal from your notices.")
)
WITHDRAWN = Reason("withdrawn", _("This proposal has been withdrawn, so it cannot change."))
MERGED = Reason("merged", _("This proposal was merged or split, so it cannot change. Its page says where it went on."))
CHANGED_MEANWHILE = Reason(
    "changed_meanwhile",
    _(
        "This proposal was changed while you were writing, by somebody else or in another window. Nothing is saved "
        "yet: look at what it says now, then save again."
    ),
)

# What a proposal's author gives, besides the answers to the consultation's own questions.
FIELDS = (
    "title", "body", "category", "district", "rough_cost_cents", "cost_cents", "place", "latitude", "longitude",
)  # fmt: skip
COST_OF_AGENCY = _("The agency says what it costs. Give what you think as the rough cost.")
LONGEST_WORDS = 300  # of a withdrawal


def require_proposing(consultation: Consultation, actor: Person, *, is_official: bool = False) -> None:
    """Raise NotPermitted, or PhaseClosed, unless ``actor`` may put a proposal forward now."""
    if is_official:
        require(actor, "consultations.reply_consultation", consultation)
    else:
        require(actor, "consultations.propose_consultation", consultation)
        require_phase(consultation, Act.PROPOSE)


def make_proposal(*, consultation: Consultation, actor: Person, is_official: bool = False, **fields: Any) -> Proposal:
    """Put a proposal forward. ``is_official``: in the agency's name, at any time.

    fields: those in FIELDS, and ``answers`` (id of a custom field -> what was typed).
    Raises NotPermitted; for a citizen PhaseClosed outside the proposals phase, and TooFast; InvalidInput for a category
    or a district that the consultation does not have, a cost, which is the agency's to say, half a place, or an answer
    that is missing or wrong. Locks the author's row.
    """
    require_proposing(consultation, actor, is_official=is_official)
    assert isinstance(actor, User)
    fields |= _lines(fields)
    _check_category(consultation, fields.get("category", ""))
    _check_district(consultation, fields.get("district"))
    if not is_official and fields.get("cost_cents") is not None:
        raise InvalidInput("cost_of_agency", COST_OF_AGENCY, field="cost_cents")
    check_place(fields.get("latitude"), fields.get("longitude"))
    answers = clean_answers(fields_for(consultation), fields.get("answers", {}))
    with transaction.atomic():
        if not is_official:
            User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # two at once are two
            require_pace(Proposal.objects.filter(author=actor, is_official=False), PROPOSALS)
        proposal = Proposal.objects.create(
            consultation=consultation,
            author=actor,
            is_official=is_official,
            held_at=database_now() if not is_official and is_held_at_first(consultation, actor) else None,
            answers=answers,
            **{k: fields[k] for k in FIELDS if k in fields},
        )
        audit.record(
            "consultations.proposal_made",
            actor=actor,
            on=proposal,
            consultation_id=consultation.pk,
            title=proposal.title,
        )
        if not is_official:
            follow_by_taking_part(consultation=consultation, person=actor)
    return proposal


def require_changing(proposal: Proposal, actor: Person) -> None:
    """Raise NotPermitted, PhaseClosed, or Conflict unless ``actor`` may change the proposal now."""
    require(actor, "consultations.change_proposal", proposal)
    if not proposal.is_official:
        require_phase(proposal.consultation, Act.PROPOSE)
    _check_changeable(proposal)


def _check_changeable(proposal: Proposal) -> None:
    if proposal.is_hidden:
        raise Conflict(HIDDEN)
    if proposal.is_withdrawn:
        raise Conflict(WITHDRAWN)
    if proposal.is_merged:
        raise Conflict(MERGED, page=proposal.get_absolute_url())
    if proposal.options.exists():
        raise Conflict(IN_A_VOTE)


def change_proposal(*, proposal: Proposal, actor: Person, known_version: int | None = None, **fields: Any) -> Proposal:
    """Change a proposal while proposals are received; the agency's own ones at any time. Its old text stays readable.

    fields: as ``make_proposal`` takes them. known_version: the number of the text that the writer began from.
    Where moderators look first, a changed text waits for them again. Nothing happens where nothing differs.
    Raises NotPermitted; PhaseClosed; InvalidInput; Conflict once it is voted on, hidden or withdrawn, or when somebody
    else has changed it since ``known_version``. Locks the proposal.
    """
    require_changing(proposal, actor)
    assert isinstance(actor, User)
    fields |= _lines(fields)
    consultation = proposal.consultation
    with transaction.atomic():
        locked = Proposal.objects.select_for_update(of=("self",)).select_related("author").get(pk=proposal.pk)
        _check_changeable(locked)
        if known_version is not None and known_version != number_of(locked):
            raise Conflict(CHANGED_MEANWHILE)
        given = {name: fields[name] for name in FIELDS if name in fields}
        if "answers" in fields:
            given["answers"] = clean_answers(fields_for(consultation), fields["answers"], kept=locked.answers)
        old = {name: getattr(locked, name) for name, value in given.items() if getattr(locked, name) != value}
        if not old:
            return proposal
        if "category" in old:
            _check_category(consultation, given["category"])
        if "district" in old:
            _check_district(consultation, given["district"])
        if "cost_cents" in old and not proposal.is_official:
            raise InvalidInput("cost_of_agency", COST_OF_AGENCY, field="cost_cents")
        check_place(*(given.get(name, getattr(locked, name)) for name in ("latitude", "longitude")))
        now = proposal.edited_at = database_now()
        if not proposal.is_official and is_held_at_first(consultation, actor):
            proposal.held_at = now
        for name in (*FIELDS, "answers"):
            setattr(proposal, name, given.get(name, getattr(locked, name)))
        write_version(old=locked, new=proposal, actor=actor, at=now)
        proposal.save(update_fields=[*old, "edited_at", "held_at"])
        audit.record(
            "consultations.proposal_changed",
            actor=actor,
            on=proposal,
            consultation_id=proposal.consultation_id,
            old={name: value.pk if isinstance(value, District) else value for name, value in old.items()},
        )
    return proposal


def require_withdrawing(proposal: Proposal, actor: Person) -> None:
    """Raise NotPermitted or Conflict unless ``actor`` may withdraw the proposal now."""
    require(actor, "consultations.withdraw_proposal", proposal)
    _check_changeable(proposal)


def withdraw_proposal(*, proposal: Proposal, actor: Person, words: str = "") -> Proposal:
    """Take one's proposal back, at any time before it is voted on. It stays as a stub with its thread.

    words: why, public; may be empty. Raises NotPermitted, InvalidInput, or Conflict where it is voted on, hidden or
    withdrawn. Locks the proposal.
    """
    require_withdrawing(proposal, actor)
    if len(words) > LONGEST_WORDS:
        raise InvalidInput("too_long", _("Say it in 300 characters at most."), field="words")
    with transaction.atomic():
        _check_changeable(Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk))
        proposal.withdrawn_at = database_now()
        proposal.withdrawn_words = words.strip()
        proposal.save(update_fields=["withdrawn_at", "withdrawn_words"])
        audit.record(
            "consultations.proposal_withdrawn",
            actor=actor,
            on=proposal,
            consultation_id=proposal.consultation_id,
            title=proposal.title,
        )
    return proposal


def _lines(fields: dict[str, Any]) -> dict[str, str]:
    """Title and place, each on one line, with nothing in it that cannot be seen. Raises InvalidInput for no title."""
    lines: dict[str, str] = {name: as_name(fields[name]) for name in ("title", "place") if name in fields}
    if lines.get("title") == "":
        raise InvalidInput("no_title", _("Write a title."), field="title")
    return lines


def _check_category(consultation: Consultation, category: str) -> None:
    if category and category not in consultation.categories:
        raise InvalidInput("unknown_category", _("Choose one of the consultation's categories."), field="category")


def _check_district(consultation: Consultation, district: District | None) -> None:
    if district is None:
        if consultation.districts.exists():
            raise InvalidInput("no_district", _("Choose the district whose money it would take."), field="district")
    elif district.consultation_id != consultation.pk:
        raise InvalidInput("unknown_district", _("Choose one of the consultation's districts."), field="district")


def check_place(latitude: float | None, longitude: float | None) -> None:
    """Raise InvalidInput for a place that is not on earth, or of which half is missing."""
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        field = "latitude" if latitude is None else "longitude"
        raise InvalidInput("half_a_place", _("Give latitude and longitude, or neither."), field=field)
    for field, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if not abs(value) <= most:
            raise InvalidInput("no_such_place", _("There is no such place: degrees, as on a map."), field=field)
