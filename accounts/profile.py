"""What people change about themselves."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusals import InvalidInput
from frontend.typed import as_name

NO_NAME = _("Write your name.")


def change_profile(*, user: User, name: str, language: str) -> User:
    """Raises InvalidInput for an empty name or a language that the site does not speak."""
    name = as_name(name)
    if not name:
        raise InvalidInput("no_name", NO_NAME, field="name")
    if language not in dict(settings.LANGUAGES):
        raise InvalidInput("bad_language", _("Choose one of the languages."), field="language")
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    return user
