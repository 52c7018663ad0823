"""An electoral roll: read from a list, public in numbers, and asked of everybody who votes."""

import pytest

from accounts.models import Role
from tests.factories import UserFactory, make_agency, make_consultation, make_poll, member

pytestmark = pytest.mark.django_db


def test_from_the_upload_to_the_ballot(client):
    agency = make_agency("Salud")
    poll = make_poll(make_consultation(agency, now_in="voting"))
    slug = poll.consultation.slug
    client.force_login(member(agency, Role.EDITOR))
    answer = client.post(
        f"/polls/rolls/{slug}/load/", {"text": "email;dni\nana@example.org;\nmal;\n;12.345.678\n"}, follow=True
    )
    assert answer.status_code == 200, answer.content.decode()
    page = answer.content.decode()
    print(page[page.index("<main") :])
    answer = client.post(f"/polls/rolls/{slug}/upload/", {"upload": answer.context["upload"].pk}, follow=True)
    page = answer.content.decode()
    print(page[page.index("<main") :])
    assert answer.status_code == 200
    poll.refresh_from_db()
    assert poll.electoral_roll.size == 2

    ana = UserFactory(email="ana@example.org")
    client.force_login(ana)
    option = poll.options.first()
    assert client.post(f"/polls/{poll.pk}/ballot/", {"option": option.pk}).status_code == 302
    client.force_login(UserFactory())
    refused = client.post(f"/polls/{poll.pk}/ballot/", {"option": option.pk})
    assert refused.status_code == 403
    page = client.get(f"/polls/{poll.pk}/").content.decode()
    assert "on the roll" in page
    assert poll.ballots.count() == 1
