"""How fast one account may report."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.models import Flag
from consultations.limits import DAY, HOUR, Limit, require_pace

FLAGS = (
    Limit(20, HOUR, _("You have sent {most} reports within an hour. You can send the next one {when}.")),
    Limit(60, DAY, _("You have sent {most} reports within a day. You can send the next one {when}.")),
)


def require_pace_of_flags(actor: User) -> None:
    """Raises TooFast."""
    require_pace(Flag.objects.filter(reporter=actor), FLAGS)
