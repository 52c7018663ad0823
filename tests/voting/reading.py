"""What the tests of pages read of them."""

from datetime import timedelta

from django.urls import reverse

from consultations.clock import database_now
from consultations.models import Phase
from voting.models import Poll
from voting.results.tallies import own_ballots, tallies_for


def ballot_url(poll):
    return reverse("voting:cast-ballot", args=[poll.pk])


def page_of(client, poll, place=None):
    answer = client.get((place or poll).get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def on_both_pages(client, poll):
    return [page_of(client, poll), page_of(client, poll, poll.consultation)]


def option(poll, name):
    [found] = [option.pk for option in poll.options.all() if name in (option.kind, option.label)]
    return found


def end(poll):
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now() - timedelta(seconds=1))


def tally_for(poll, person):
    """The count that the person may see now; None where the gate withholds it."""
    [read] = Poll.objects.filter(pk=poll.pk).select_related("phase", "secret", "tally")
    return tallies_for([read], person, own_ballots([read], person)).get(poll.pk)
