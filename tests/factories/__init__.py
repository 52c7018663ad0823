"""One factory a model, and the few worlds that many tests start from.

People have names and places: ``make_agency("Obras")`` gives an agency with its owner; ``member(agency, Role.EDITOR)`` a
person with a role; ``make_consultation(agency, now_in="voting")`` a published consultation whose clock stands there.
"""

from tests.factories.accounts import UserFactory, anonymous, fresh, make_agency, member
from tests.factories.comments import CommentFactory
from tests.factories.consultations import ProposalFactory, make_consultation, phases_around
from tests.factories.documents import make_document, new_version
from tests.factories.voting import choose, make_poll

__all__ = [
    "CommentFactory",
    "ProposalFactory",
    "UserFactory",
    "anonymous",
    "choose",
    "fresh",
    "make_agency",
    "make_consultation",
    "make_document",
    "make_poll",
    "member",
    "new_version",
    "phases_around",
]
