"""Where somebody votes: in which district of a budget. Read, never locked, never written by a cast.

By the budget's rule it is the district that they chose, once and for good (``choosing.py``), or the one that the
electoral roll gives them. The part for all has everybody.

A roll may move somebody, by a public amendment, who has voted already: their ballot stands where it was cast, and they
cast no second one.
"""

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from accounts.models import User
from accounts.refusals import Reason, Remedy
from consultations.models import Budget, Consultation, District, DistrictChoice
from voting.ballots.shapes import account_mark, pseudonym_of
from voting.models import Ballot, EligibleVoter, Poll, PollSecret
from voting.rolls.eligible import entries_of, entry_of, name_of_entry, name_of_voter

NO_ROLL = Reason(
    "no_roll_of_districts",
    _("Here everybody votes in the district where they live, and the agency has not loaded the roll yet. Ask it."),
)
NO_DISTRICT = Reason(
    "no_district_on_roll",
    _("The roll does not say in which of these districts you live. Ask the agency to put that right."),
)


def plain_name(name: str) -> str:
    """A district's name without what people write differently.

    >>> plain_name(" Área  Centro") == plain_name("AREA CENTRO")
    True
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def district_of(consultation: Consultation, user: Person) -> District | None:
    """The user's own district; None where they have none (yet), or the budget is one for all."""
    if not isinstance(user, User) or rule_of(consultation) is None:
        return None
    roll = getattr(consultation, "electoral_roll", None)
    entry = entries_of(user).get(roll.pk) if roll else None
    if roll and entry is None:
        return None
    return _found(consultation, str(user.pk) if entry is None else name_of_entry(entry), entry)


def rule_of(consultation: Consultation) -> str | None:
    """How voters come by their district; None where the money is not of districts."""
    budget = getattr(consultation, "budget", None)
    return budget.district_rule if budget else None


def place_of(poll: Poll, user: Person) -> District | None:
    """Where the user votes, for a poll of one district: read once for the poll and the user."""
    if not isinstance(user, User):
        return None
    if poll.known_place is None or poll.known_place[0] != user.pk:
        entry = entry_of(poll, user)
        name = name_of_voter(poll, user, entry)
        poll.known_place = (user.pk, _found(poll.consultation, name, entry) if name else None)
    return poll.known_place[1]


def remember_places(polls: Iterable[Poll], user: Person) -> None:
    """Ask once for all the polls of a consultation."""
    of_districts = [poll for poll in polls if poll.is_of_one_district]
    for poll in of_districts:
        place_of(of_districts[0], user)
        poll.known_place = of_districts[0].known_place


def place_now(poll: Poll, name: str, entry: int | None) -> District | None:
    """The same, read anew: for whoever holds the poll's lock."""
    return _found(poll.consultation, name, entry)


def _found(consultation: Consultation, name: str, entry: int | None) -> District | None:
    if rule_of(consultation) == Budget.DistrictRule.CHOSEN:
        choice = DistrictChoice.objects.filter(consultation=consultation.pk, voter=name).select_related("district")
        return next((each.district for each in choice), None)
    if entry is None:
        return None
    said = plain_name(EligibleVoter.objects.values_list("district", flat=True).get(pk=entry))
    districts = District.objects.filter(consultation=consultation.pk, is_for_all=False)
    return next((district for district in districts if plain_name(district.name) == said), None)


def why_not_here(poll: Poll, user: Person) -> Reason | None:
    """None where the user votes in the poll's district; otherwise why not, and what would help."""
    if not poll.is_of_one_district:
        return None
    assert poll.district is not None
    consultation, own = poll.consultation, place_of(poll, user)
    if own is not None and own.pk == poll.district_id:
        return _moved_after_voting(poll, user)
    if own is not None:
        return not_yours(poll, own)
    if rule_of(consultation) == Budget.DistrictRule.CHOSEN:
        return Reason(
            "choose_district",
            _("First say in which district you vote. You choose it once, for all of this consultation."),
            Remedy(_("Choose my district"), "voting:choose-district", (consultation.slug,)),
        )
    return NO_ROLL if poll.electoral_roll_id is None else NO_DISTRICT


def _moved_after_voting(poll: Poll, user: Person) -> Reason | None:
    """Where the roll says it, it may have moved somebody who had voted; a district that was chosen never changes."""
    if rule_of(poll.consultation) == Budget.DistrictRule.CHOSEN:
        return None
    name = name_of_voter(poll, user, entry_of(poll, user))
    elsewhere = voted_elsewhere(poll, name) if name else None
    return voted_there(elsewhere) if elsewhere else None


def voted_there(district: District) -> Reason:
    """That somebody whom the roll has moved meanwhile voted where they were before."""
    sentence = gettext(
        "A vote was cast in %(district)s from your place on the roll before the roll was changed. "
        "It counts, and nobody votes twice."
    )
    return Reason("voted_elsewhere", sentence % {"district": district.name})


def not_yours(poll: Poll, own: District) -> Reason:
    """That somebody votes elsewhere, and the way there."""
    words = {"own": own.name, "other": poll.district.name if poll.district else ""}
    there = _poll_of(own)
    remedy = None
    if there:
        label = gettext("Go to the vote of %(own)s") % words
        remedy = Remedy(label, "voting:poll", (there,))
    sentence = gettext("You vote in %(own)s, and this is the vote of %(other)s.") % words
    return Reason("other_district", sentence, remedy)


def _poll_of(district: District) -> int | None:
    """The id of its poll, asked for once."""
    if not hasattr(district, "known_poll"):
        district.known_poll = Poll.objects.filter(district=district).values_list("pk", flat=True).first()  # type: ignore[attr-defined]
    return district.known_poll  # type: ignore[attr-defined]


def voted_elsewhere(poll: Poll, name: str, account: int | None = None) -> District | None:
    """Another district in which this voter has a ballot already: it stands, and there is no second one.

    name: as the pseudonyms are made of it. account: whose ballots count as well, cast from another place on the roll.
    Two queries, however many districts there are; with an account three.
    """
    others = Poll.objects.filter(consultation=poll.consultation_id, district__is_for_all=False).exclude(pk=poll.pk)
    secrets = PollSecret.objects.filter(poll__in=others, poll__closed_at__isnull=True)
    keys = [bytes(key) for key in secrets.values_list("key", flat=True)]
    if not keys:
        return None
    cast = Ballot.objects.filter(poll__in=others).select_related("poll__district")
    first = cast.filter(pseudonym__in=[pseudonym_of(name, key) for key in keys], revision=1).first()
    if first is None and account is not None:
        first = cast.filter(opening__account_mark__in=[account_mark(account, key) for key in keys]).first()
    return first.poll.district if first else None
