"""In which votes a person took part. How they voted, nothing here can tell."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.participation import Deed, Section
from voting.ballots.own import marks_that_voted
from voting.ballots.shapes import account_mark
from voting.models import Poll, PollSecret

MOST_OPEN = 100  # open polls that are looked at


def polls_voted_in(user: User) -> list[Poll]:
    """Open ones first. In an open poll only its secret leads from a person to the ballots."""
    secrets = PollSecret.objects.filter(poll__closed_at__isnull=True).order_by("-poll")[:MOST_OPEN]
    own = {account_mark(user.pk, bytes(secret.key)): secret.poll_id for secret in secrets}
    open_ids = {own[mark] for mark in marks_that_voted(own)}
    polls = Poll.objects.visible_to(user).select_related("consultation").order_by("-pk")
    return [*polls.filter(pk__in=open_ids), *polls.filter(roll__user=user)]


def deed_of(poll: Poll) -> Deed:
    fate = gettext("It is counted. The result is published.") if poll.is_closed else gettext("You can change it.")
    return Deed(poll.question, poll.get_absolute_url(), poll.consultation.title, poll.closed_at, fate)


SECTIONS = [Section("votes", _("Votes"), _("You have not voted yet."), polls_voted_in, deed_of)]
