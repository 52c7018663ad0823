"""Choosing one's district: once, before voting, for good. Nobody changes it afterwards, the agency neither."""

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, NotPermitted, PhaseClosed, Reason, Remedy
from consultations.clock import database_now
from consultations.models import Budget, Consultation, District, DistrictChoice, Phase
from voting.models import ElectoralRoll
from voting.rolls.eligible import entries_of, name_of_entry

NOT_CHOSEN_HERE = Reason(
    "district_not_chosen", _("In this consultation nobody chooses a district: ask the agency which one is yours.")
)
NOT_ON_ROLL = Reason(
    "not_on_roll_of_districts",
    _("You are not on the roll of this vote. If you got a code, or are on it with another e-mail, prove it here."),
    Remedy(_("I am on the roll"), "voting:claim-entry"),
)
OVER = Reason("voting_over", _("Voting is over here, so there is no district to choose any more."))


def choose_district(*, consultation: Consultation, district: District, user: Person) -> DistrictChoice:
    """Say where one votes. The same again changes nothing.

    Raises NotPermitted, PhaseClosed once voting is over, InvalidInput for what is no district of this budget, Conflict
    where another one was chosen before. Of two at once the first one stands: the database lets no second one in.
    """
    require(user, "consultations.vote_consultation", consultation)
    assert isinstance(user, User)
    budget = getattr(consultation, "budget", None)
    if budget is None or budget.district_rule != Budget.DistrictRule.CHOSEN:
        raise Conflict(NOT_CHOSEN_HERE)
    if district.consultation_id != consultation.pk or district.is_for_all:
        raise InvalidInput("no_district", _("Choose one of the districts."), field="district")
    now = database_now()
    voting = consultation.phases.filter(kind=Phase.Kind.VOTING).first()
    if voting is not None and voting.ends_at is not None and voting.ends_at <= now:
        raise PhaseClosed(OVER)
    with transaction.atomic():
        DistrictChoice.objects.bulk_create(
            [
                DistrictChoice(
                    consultation=consultation,
                    voter=voter_in(consultation, user),
                    user=user,
                    district=district,
                    chosen_on=now.date(),
                )
            ],
            ignore_conflicts=True,
        )
        choice = DistrictChoice.objects.select_related("district").get(
            consultation=consultation, voter=voter_in(consultation, user)
        )
    if choice.district_id != district.pk:
        raise Conflict(chosen_already(choice.district))
    return choice


def voter_in(consultation: Consultation, user: User) -> str:
    """Whose choice it is. Raises NotPermitted for somebody who is not on the roll, where there is one."""
    roll = ElectoralRoll.objects.filter(consultation=consultation).values_list("pk", flat=True).first()
    if roll is None:
        return str(user.pk)
    entry = entries_of(user).get(roll)
    if entry is None:
        raise NotPermitted(NOT_ON_ROLL)
    return name_of_entry(entry)


def chosen_already(district: District) -> Reason:
    sentence = gettext("You chose %(district)s already, and that is for good.") % {"district": district.name}
    return Reason("district_chosen", sentence)
