"""Nobody learns from what a server prints who voted what. A file of its own: the server's folder scrubs, too."""

from tests.factories import UserFactory, choose, make_poll
from tests.faults.voting import Crowd
from tests.servers import wait_until
from tests.voting.test_consumers import cookie_of
from voting.models import Ballot


def test_the_servers_own_output_names_neither_voter_nor_ballot_nor_receipt(site):
    poll, person = make_poll(), UserFactory(email="rosa@example.org")
    ((_, cookie),) = cookie_of(person)
    crowd = Crowd(poll, [])
    for key, name in (("a", "for"), ("b", "against"), ("b", "for")):  # the last one is refused
        crowd._post(site.url, cookie, key, choose(poll, name))
    wait_until(lambda: "Conflict" in "".join(site.output))  # it does say something, of the refused one
    said = "".join(site.output)
    ballots = [text for ballot in Ballot.objects.all() for text in (str(ballot.pk), bytes(ballot.pseudonym).hex())]
    assert len(ballots) == 4
    assert not [text for text in (*ballots, "rosa@", cookie[-32:]) if text in said]
