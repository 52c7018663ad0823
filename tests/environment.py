"""The settings, read in the environment of the tests.

A ``.env`` file of the clone, or what the shell exports, must not change what a test says. ``DATABASE_URL`` alone is
left, for whoever wants the tests on a server of their own.
"""

import os
import tempfile

FIXED = {
    "ENV_FILE": os.devnull,
    "ENVIRONMENT": "local",
    "DEBUG": "off",
    "SECRET_KEY": "a-key-for-tests-that-protects-nothing-and-nobody-at-all",
    "SIGNING_KEY": "YSBrZXkgZm9yIHRlc3RzLCBvZiAzMiBieXRlcyEhISE=",
    "SIGNING_KEY_BEFORE": "",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "SITE_URL": "http://testserver",
    "HTTPS": "off",
    "BEHIND_PROXY": "off",
    "REDIS_URL": "",
    "SHARED_PAGE_SECONDS": "0",
    "EMAIL_URL": "",
    "STATIC_FILES": "source",
    "TIME_ZONE": "America/Argentina/Buenos_Aires",
    "LOG_LEVEL": "WARNING",
    "MEDIA_ROOT": os.path.join(tempfile.gettempdir(), f"asamblea-tests-{os.getuid()}"),
}
os.environ.update(FIXED)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"  # for the processes that tests start: they inherit the rest

from config.settings import *  # noqa: E402, F403
from config.translations import compile_translations  # noqa: E402

compile_translations()
