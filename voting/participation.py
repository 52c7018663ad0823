"""In which votes a person took part. How they voted, nothing here can tell."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.participation import Deed, Section
from voting.ballots.shapes import pseudonym_of
from voting.models import Ballot, Poll, PollSecret
from voting.rolls.eligible import entries_of, name_of_entry

MOST_OPEN = 100  # open polls that are looked at


def polls_voted_in(user: User) -> list[Poll]:
    """Open ones first. In an open poll only its secret leads from a person to the ballots."""
    secrets = PollSecret.objects.filter(poll__closed_at__isnull=True).order_by("-poll")[:MOST_OPEN]
    entries = entries_of(user)
    own = {}
    for secret in secrets.select_related("poll"):
        roll = secret.poll.electoral_roll_id
        name = str(user.pk) if roll is None else name_of_entry(entries[roll]) if roll in entries else ""
        own[bytes(pseudonym_of(name, bytes(secret.key)))] = secret.poll_id
    voted = Ballot.objects.filter(pseudonym__in=list(own), revision=1).values_list("pseudonym", flat=True)
    open_ids = {own[bytes(found)] for found in voted}
    polls = Poll.objects.visible_to(user).select_related("consultation").order_by("-pk")
    return [*polls.filter(pk__in=open_ids), *polls.filter(roll__user=user)]


def deed_of(poll: Poll) -> Deed:
    fate = gettext("It is counted. The result is published.") if poll.is_closed else gettext("You can change it.")
    return Deed(poll.question, poll.get_absolute_url(), poll.consultation.title, poll.closed_at, fate)


SECTIONS = [Section("votes", _("Votes"), _("You have not voted yet."), polls_voted_in, deed_of)]
