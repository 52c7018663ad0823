from consultations.models import Consultation
from tests.factories.consultations import make_consultation
from voting.models import Poll
from voting.polls.setting_up import open_poll


def make_poll(consultation: Consultation | None = None, *, method="for_against_abstain", options=(), **fields) -> Poll:
    """A poll that is open for voting unless the given consultation's clock stands elsewhere."""
    consultation = consultation or make_consultation(now_in="voting")
    fields = {"question": "¿Plantamos jacarandás?", "results_policy": Poll.ResultsPolicy.LIVE, **fields}
    poll = open_poll(consultation=consultation, method=method, options=options, actor=None, **fields)
    return Poll.objects.select_related("consultation", "phase").get(pk=poll.pk)


def choose(poll: Poll, *names: str) -> dict[str, int]:
    """Choices by label or kind: ``choose(poll, "for")``. None: a blank ballot."""
    ids = {(option.kind or option.label): option.pk for option in poll.options.all()}
    return {str(ids[name]): 1 for name in names}
