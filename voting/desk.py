"""What officials learn of votes at their desk: what is missing, and turnout where the results gate shows it."""

from collections.abc import Iterable

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from consultations.desk.numbers import Measure, Reading
from consultations.desk.tasks import SOON, Mine, Source, Task
from consultations.models import Consultation, Phase
from voting.models import Poll
from voting.results.gate import is_public_count

WITHHELD = _("A count that is not public yet is not told here either, to nobody.")


def polls_missing_something(mine: Mine) -> Iterable[Task]:
    """Polls whose time is over and that have no outcome; voting that begins within days without a poll.

    One query, and one more for each of the latter.
    """
    where = mine.where("change_consultation")
    polls: dict[int, list[Poll]] = {pk: [] for pk in where}
    for poll in Poll.objects.filter(consultation__in=list(where)).select_related("phase", "outcome"):
        polls[poll.consultation_id].append(poll)
    for pk, consultation in where.items():
        if not consultation.is_published:
            continue
        for poll in polls[pk]:
            ends_at = poll.phase.ends_at
            if ends_at is not None and ends_at <= mine.now and not hasattr(poll, "outcome"):
                sentence = gettext("“%(question)s” is over and has no outcome yet.") % {"question": poll.question}
                yield Task(consultation, sentence, poll.get_absolute_url(), "warning", ends_at, is_urgent=True)
        voting = next((phase for phase in consultation.phases.all() if phase.kind == Phase.Kind.VOTING), None)
        if voting is None or polls[pk] or voting.starts_at - mine.now > SOON:
            continue
        if voting.ends_at is None or voting.ends_at > mine.now:
            yield _no_vote(consultation, voting)


def _no_vote(consultation: Consultation, voting: Phase) -> Task:
    """Leads to where it is set up: in a budget by districts, the votes of all of them at once."""
    if consultation.districts.exists():
        url = reverse("voting:open-district-polls", args=[consultation.slug])
    else:
        url = f"{reverse('voting:new-poll')}?consultation={consultation.slug}"
    sentence = gettext("The voting phase has no vote: set one up.")
    return Task(consultation, sentence, url, "warning", voting.starts_at, is_urgent=True)


# Ballots have no time. The seals have, and each covers a stretch of the log: a day's voters are the first ballots in
# the stretches that were sealed on it.
_VOTERS_BY_DAY = """
    WITH stretch AS (
        SELECT poll_id, number, sealed_at,
               LAG(number, 1, -1) OVER (PARTITION BY poll_id ORDER BY number) AS before
        FROM voting_seal WHERE poll_id = ANY(%s)
    ), sealed_day AS (
        SELECT poll_id, (sealed_at AT TIME ZONE %s)::date AS day, MIN(before) AS before, MAX(number) AS number
        FROM stretch GROUP BY 1, 2
    )
    SELECT sealed_day.day, COUNT(*)
    FROM sealed_day
    JOIN voting_leaf AS leaf ON leaf.poll_id = sealed_day.poll_id
        AND leaf.number > sealed_day.before AND leaf.number <= sealed_day.number
    JOIN voting_ballot AS ballot ON ballot.id = leaf.ballot_id AND ballot.revision = 1
    GROUP BY 1
"""


def _voters(consultation: Consultation, user: Person) -> Reading:
    """How many voted on each day, in all polls together. Two queries.

    Asks the gate for what everybody may see, so that the desk is no way around it.
    """
    polls = list(Poll.objects.filter(consultation=consultation).select_related("phase"))
    public = [poll.pk for poll in polls if is_public_count(poll)]
    withheld = WITHHELD if len(public) < len(polls) else ""
    if not public:
        return Reading([], withheld)
    with connection.cursor() as cursor:
        cursor.execute(_VOTERS_BY_DAY, [public, timezone.get_current_timezone_name()])
        return Reading([(day, None, count) for day, count in cursor.fetchall()], withheld)


SOURCES: tuple[Source, ...] = (polls_missing_something,)
MEASURES = (Measure("votes", _("Votes (total turnout)"), _voters),)
