"""All settings, top to bottom. Every one that an operator may change comes from the environment: ``.env.example``.

Two ways to run:

- ``DATABASE_URL`` set: production. A missing secret, or DEBUG left on, stops the start with one line.
- not set: local. A private PostgreSQL and a generated secret live under ``var/``.

``ENVIRONMENT`` (production or local) overrides that choice.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from config.errors import refuse_to_start
from config.local_secret import is_signing_key
from config.maps import leaflet_files, tiles_from

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

ENVIRONMENT = env.str("ENVIRONMENT", default="production" if env.str("DATABASE_URL", default="") else "local")
if ENVIRONMENT not in {"production", "local"}:
    refuse_to_start("ENVIRONMENT", "must be production or local.")
PRODUCTION = ENVIRONMENT == "production"

# --- Secrets and debugging

DEBUG = env.bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    refuse_to_start("DEBUG", "is on, which shows code and settings to strangers. Remove it, or set ENVIRONMENT=local.")

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if PRODUCTION:
        refuse_to_start("SECRET_KEY", "is not set. Give it 50 or more random characters, and keep it.")
    from config.local_secret import local_secret

    SECRET_KEY = local_secret(VAR_DIR)

# --- The key of the hashes on electoral rolls (voting/rolls/keys.py). Keep it when SECRET_KEY is changed, and never
# change it while a roll is in use: nobody on it would be known any more.

ROLL_SECRET = env.str("ROLL_SECRET", default="") or SECRET_KEY

# --- The key that signs the ballot log (voting/log/signing.py). Its public half is published: /polls/keys/

SIGNING_KEY = env.str("SIGNING_KEY", default="")
SIGNING_KEY_BEFORE = env.str("SIGNING_KEY_BEFORE", default="")  # after a change of keys: it vouches for the new one
if not SIGNING_KEY:
    if PRODUCTION:
        refuse_to_start("SIGNING_KEY", "is not set. `openssl rand -base64 32` makes one; keep it, and keep it secret.")
    from config.local_secret import local_signing_key

    SIGNING_KEY = local_signing_key(VAR_DIR)
for name, key in {"SIGNING_KEY": SIGNING_KEY, "SIGNING_KEY_BEFORE": SIGNING_KEY_BEFORE}.items():
    if key and not is_signing_key(key):  # otherwise ballots would be taken, and none of them sealed
        refuse_to_start(name, "is no key of 32 bytes in base64. `openssl rand -base64 32` makes one.")

# Who else stamps the signed heads with the time (voting/timestamping/): none, rfc3161 or bfa.
TIMESTAMPING = env.str("TIMESTAMPING", default="none")
if TIMESTAMPING not in {"none", "rfc3161", "bfa"}:
    refuse_to_start("TIMESTAMPING", "must be none, rfc3161 or bfa.")
TIMESTAMP_URL = env.str("TIMESTAMP_URL", default="https://tsaapi.bfa.ar/api/tsa" if TIMESTAMPING == "bfa" else "")
TIMESTAMP_ROOTS = env.str("TIMESTAMP_ROOTS", default="")  # file with the certificates of an RFC 3161 authority's roots
if TIMESTAMPING == "rfc3161" and not (TIMESTAMP_URL and TIMESTAMP_ROOTS):
    refuse_to_start("TIMESTAMPING", "is rfc3161, which needs TIMESTAMP_URL and TIMESTAMP_ROOTS.")

# --- Where it is reached

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
if PRODUCTION and not ALLOWED_HOSTS:
    refuse_to_start("ALLOWED_HOSTS", "is not set. Give the site's host names, separated by commas.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORT = env.int("PORT", default=8000)  # for `manage.py demo`; daphne is told its port itself
if PRODUCTION and "*" in ALLOWED_HOSTS:  # links in e-mails for a forgotten password name the host that was asked for
    refuse_to_start("ALLOWED_HOSTS", "has a *, so that strangers choose where links in e-mails lead. Give the names.")
SITE_URL = env.str("SITE_URL", default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://127.0.0.1:{PORT}")
SITE_URL = SITE_URL.rstrip("/")
if "//." in SITE_URL:
    refuse_to_start("SITE_URL", "is not set, and the first of ALLOWED_HOSTS stands for many. Say where the site is.")
# Who runs this site, and where people reach them: named in the terms and in the statement on privacy.
OPERATOR_NAME = env.str("OPERATOR_NAME", default="") or _("the agency that runs this site")
OPERATOR_CONTACT = env.str("OPERATOR_CONTACT", default="") or _("the front desk of the agency")
SOURCE_URL = env.str("SOURCE_URL", default="")  # where the code that runs here can be had, for the footer

HTTPS = env.bool("HTTPS", default=PRODUCTION)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if env.bool("BEHIND_PROXY", default=False):  # only where a proxy of ours always sets this header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whose address the rates of the API and of logging in count: without it all who come by a proxy share its own.
NUM_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("NUM_PROXIES", default=0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Applications

INSTALLED_APPS = [
    "daphne",
    "frontend",
    "voting",
    "comments",
    "consultations",
    "accounts",
    "config",
    "guardian",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "config.static_files.StaticFiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.GZipOfText",
    "config.middleware.ConditionalApi",
    "config.middleware.open_to_other_sites",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.private_answers",
    "config.middleware.nothing_at_a_nul",
    "config.middleware.bounded_requests",
    "config.errors.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database: PostgreSQL, and only that

if env.str("DATABASE_URL", default=""):
    DATABASE = {**env.db("DATABASE_URL"), "ENGINE": "config.postgres"}
else:  # starts a PostgreSQL under var/ when a first connection is wanted
    DATABASE = {"ENGINE": "config.private_postgres", "NAME": "asamblea"}
DATABASE["OPTIONS"] = {
    **DATABASE.get("OPTIONS", {}),
    # Under ASGI a request runs in a thread of its own, so connections are kept in a pool and not by thread. The pool
    # waits twice as long after each attempt in vain, minutes in the end, and lets nobody else try: so it gives up soon,
    # and the next request tries at once.
    "pool": {
        "min_size": 0,
        "max_size": env.int("DATABASE_POOL_SIZE", default=16),
        "timeout": 10,
        "reconnect_timeout": 10,
    },
    # A transaction that is stuck must not block the close of a poll. Our queries are many and short: compiling one, as
    # the planner likes to with long lists, takes a tenth of a second and saves none.
    "options": "-c idle_in_transaction_session_timeout=15s -c jit=off",
}
DATABASES = {"default": DATABASE}
PRIVATE_POSTGRES_BIN = env.str("PRIVATE_POSTGRES_BIN", default="")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Several processes: Redis. One process: memory. Nothing durable lives in either.

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL]},
        }
    }
    CACHES = {"default": {"BACKEND": "config.shared_cache.SharedCache", "LOCATION": REDIS_URL}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Pages for people without an account, made once for all who come within these seconds: frontend/visitors.py. Each
# process has its own.
SHARED_PAGE_SECONDS = env.int("SHARED_PAGE_SECONDS", default=1)
CACHES["pages"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "pages",
    "OPTIONS": {"MAX_ENTRIES": 500},
}

# Who counts the ballots: each server beside its requests, or a process of its own, `manage.py fold --loop`, which a
# rush of voters does not slow down. Servers hear of its folds by Redis, and count themselves what it leaves lying.
FOLDER = env.str("FOLDER", default="server")
if FOLDER not in {"server", "apart"}:
    refuse_to_start("FOLDER", "must be server or apart.")
if FOLDER == "apart" and not REDIS_URL:
    refuse_to_start("FOLDER", "is apart, which needs REDIS_URL: servers hear of what is counted by Redis.")

# --- People: log in by e-mail, with a password or a one-time code

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.LogInBackend",
    "accounts.backends.FactsBackend",
    "accounts.backends.GrantsBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ANONYMOUS_USER_NAME = None  # guardian: what anybody may do is a fact (accounts/backends.py), not a grant to a row
GUARDIAN_AUTO_PREFETCH = False

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True  # twice: mail gets lost, and a code dies after three wrong ones
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of another password or e-mail; the old address learns who took its account away
ACCOUNT_ADAPTER = "accounts.letters.AccountAdapter"
SESSION_ENGINE = "accounts.sessions"  # which tells the day of a log-in, not its second
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # a cast must not save a session

# --- E-mail

# Local, where nothing else was said: no e-mail leaves the machine, all of it can be read at /demo/mail/.
EMAIL_URL = env.str("EMAIL_URL", default="")
DEMO_MAILBOX = not PRODUCTION and not EMAIL_URL
EMAIL = env.email_url_config(EMAIL_URL or "smtp://localhost:25")
EMAIL_BACKEND = "config.demo.mailbox.Mailbox" if DEMO_MAILBOX else EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL["EMAIL_HOST"]
EMAIL_PORT = EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = EMAIL["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs must not hold a request for longer
MAIL_HOST = urlsplit(SITE_URL).hostname if PRODUCTION else "localhost"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Asamblea <no-responder@{MAIL_HOST}>")

# What waits to be done, in the database; `manage.py worker` does it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- Language and time

LANGUAGE_CODE = "es-ar"
LANGUAGES = [("es-ar", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "frontend" / "locale"]
FORMAT_MODULE_PATH = "frontend.locale"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 31_536_000  # seconds: a year
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="America/Argentina/Buenos_Aires")
USE_THOUSAND_SEPARATOR = False  # identifiers stand in pages too; numbers for people go through `frontend.formats`

# --- Static files: with hashed names, compressed, served by WhiteNoise

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [("leaflet", leaflet_files())]
# "collected": what `collectstatic` made. "source": straight from the source, for development and tests.
STATIC_FILES = env.str("STATIC_FILES", default="source" if DEBUG else "collected")
if STATIC_FILES not in {"collected", "source"}:
    refuse_to_start("STATIC_FILES", "must be collected or source.")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.static_files.StaticFilesStorage"
        if STATIC_FILES == "collected"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *Compressor.SKIP_COMPRESS_EXTENSIONS,
    "map",
)  # source maps are for developers, and large
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = STATIC_FILES == "source"
WHITENOISE_MAX_AGE = 3600  # seconds, for the few files without a hash in their name; the others for ever

# --- Files that people send: kept here, read and written anew, and served by our own pages only

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/no-file-is-served-by-its-name/"
UPLOAD_MAX_MB = env.int("UPLOAD_MAX_MB", default=10)  # of one file
UPLOAD_MAX_BYTES = UPLOAD_MAX_MB * 1024 * 1024
REQUEST_MAX_BYTES = UPLOAD_MAX_BYTES + 1024 * 1024  # one file, and a long text beside it
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# The preview of a draft text has five fields for each of its parts, a thousand at the most.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_100

# --- Maps

# Where the ground under the places comes from: an address with {z}, {x} and {y} or {-y}. Empty: none is drawn.
MAP_TILES = env.str("MAP_TILES", default="")
MAP_TILES_CREDIT = env.str("MAP_TILES_CREDIT", default="")

# --- Content-Security-Policy: nothing inline, nothing from elsewhere

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *tiles_from(MAP_TILES)],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# --- The API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],  # each use case and queryset asks
    "DEFAULT_PARSER_CLASSES": ["config.rest.BoundedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "config.rest.IdCursorPagination",
    "DEFAULT_THROTTLE_CLASSES": [
        "config.rest.VisitorRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANONYMOUS", default="300/min"),
        "user": env.str("API_RATE_USER", default="600/min"),
    },
    "NUM_PROXIES": NUM_PROXIES,
    "EXCEPTION_HANDLER": "config.errors.problem_details",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Asamblea",
    "DESCRIPTION": (
        "Consultations, proposals, comments and votes. Reading what is public needs no account.\n\n"
        "Whole tables as CSV and JSON: each [consultation](/consultations/) links to its data, under its comments."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.add_problems",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- Open data: SPDX identifier of the licence that exports carry
DATA_LICENCE = env.str("DATA_LICENCE", default="CC-BY-4.0")
COUNTRY = env.str("COUNTRY", default="Argentina")  # by its English name of ISO 3166, as Pabulib files want it

# --- Logs

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # It prints a traceback each second while Redis is down; consultations/live/announce.py says it once.
    "loggers": {"channels_redis": {"level": "CRITICAL"}},
}
# accounts.backends.GrantsBackend stands in for guardian's backend, which the check looks for by name.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
