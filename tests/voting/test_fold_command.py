"""``manage.py fold``: for a timer, or where no server runs."""

import pytest
from django.core.management import call_command

from tests.factories import UserFactory, choose, make_poll
from voting.casting import cast_ballot
from voting.live import announce


@pytest.mark.django_db(transaction=True)
def test_it_counts_what_waits_and_tells_the_servers(monkeypatch, capsys):
    told = []

    class Layer:
        async def group_send(self, group, message):
            told.extend(message["polls"])

    monkeypatch.setattr(announce, "get_channel_layer", Layer)
    poll, quiet = make_poll(), make_poll()
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    call_command("fold")

    assert poll.seals.get().tally["voters"] == 1
    assert told == [poll.pk]
    assert "sealed up to ballot 1" in capsys.readouterr().out
    assert not quiet.seals.exists()
