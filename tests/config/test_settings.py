"""Settings: what production refuses to start with, and that every variable is documented."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgres://asamblea@localhost/asamblea",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQ",
    "SIGNING_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "ALLOWED_HOSTS": "consultas.example.org",
}


def start(environment, program="from config import settings", **more):
    """Read the settings in an environment that holds nothing else, as a server's first act does."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    arguments = [sys.executable, "-c", program]
    environment = {**kept, "ENV_FILE": os.devnull, **environment, **more}
    return subprocess.run(arguments, check=False, capture_output=True, text=True, cwd=CLONE, env=environment)


def shown(expression, environment, **more):
    return start(environment, f"from config import settings; print({expression})", **more).stdout.strip()


def test_production_starts_with_a_database_a_secret_and_its_hosts():
    answer = start(PRODUCTION)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize(
    ("lacking", "line"),
    [
        ("SECRET_KEY", "asamblea: SECRET_KEY is not set. Give it 50 or more random characters, and keep it."),
        (
            "SIGNING_KEY",
            "asamblea: SIGNING_KEY is not set. `openssl rand -base64 32` makes one; keep it, and keep it secret.",
        ),
        ("ALLOWED_HOSTS", "asamblea: ALLOWED_HOSTS is not set. Give the site's host names, separated by commas."),
    ],
)
def test_production_refuses_to_start_with_one_line_when_something_is_missing(lacking, line):
    environment = {name: value for name, value in PRODUCTION.items() if name != lacking}
    answer = start(environment)
    assert answer.returncode == 1
    assert answer.stderr.strip() == line


@pytest.mark.parametrize(
    ("hosts", "line"),
    [
        ("consultas.example.org,*", "asamblea: ALLOWED_HOSTS has a *"),
        (".example.org", "asamblea: SITE_URL is not set, and the first of ALLOWED_HOSTS stands for many."),
    ],
)
def test_production_refuses_to_start_where_nobody_knows_which_host_links_in_e_mails_name(hosts, line):
    answer = start({**PRODUCTION, "ALLOWED_HOSTS": hosts})
    assert (answer.returncode, len(answer.stderr.splitlines())) == (1, 1)
    assert answer.stderr.startswith(line)


def test_the_address_of_the_site_ends_without_a_slash_and_mail_comes_from_its_host():
    expression = "settings.SITE_URL, settings.DEFAULT_FROM_EMAIL"
    told = {"ALLOWED_HOSTS": ".example.org", "SITE_URL": "https://consultas.example.org/"}
    said = "https://consultas.example.org Asamblea <no-responder@consultas.example.org>"
    assert shown(expression, {**PRODUCTION, **told}) == said


@pytest.mark.parametrize("name", ["SIGNING_KEY", "SIGNING_KEY_BEFORE"])
@pytest.mark.parametrize("text", ["change-me", "MDEyMzQ1Njc4OWFiY2RlZg==", "clave única"])
def test_production_refuses_to_start_with_a_key_that_could_sign_nothing(name, text):
    answer = start(PRODUCTION | {name: text})
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"asamblea: {name} is no key of 32 bytes")


def test_production_refuses_to_start_with_debug_left_on():
    answer = start(PRODUCTION, DEBUG="on")
    assert answer.returncode == 1
    assert answer.stderr.startswith("asamblea: DEBUG is on")
    assert len(answer.stderr.splitlines()) == 1


def test_saying_production_is_enough_to_be_held_to_it():
    answer = start({}, ENVIRONMENT="production")
    assert answer.stderr.startswith("asamblea: SECRET_KEY is not set")


def test_an_environment_that_does_not_exist_is_refused():
    assert start({}, ENVIRONMENT="staging").stderr.strip() == "asamblea: ENVIRONMENT must be production or local."


def test_a_local_installation_makes_its_secret_once_and_keeps_it_to_itself(tmp_path):
    first = shown("settings.SECRET_KEY", {}, ENVIRONMENT="local", VAR_DIR=str(tmp_path))
    second = shown("settings.SECRET_KEY", {}, ENVIRONMENT="local", VAR_DIR=str(tmp_path))
    assert first == second
    assert len(first) > 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_cookies_and_addresses_are_for_https_in_production():
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SITE_URL")
    expression = ", ".join(f"settings.{name}" for name in names)
    assert shown(expression, PRODUCTION) == "True True True https://consultas.example.org"


def test_the_number_of_proxies_holds_for_the_rates_of_the_api_and_of_logging_in():
    expression = "settings.REST_FRAMEWORK['NUM_PROXIES'], settings.ALLAUTH_TRUSTED_PROXY_COUNT"
    assert shown(expression, PRODUCTION, NUM_PROXIES="2") == "2 2"
    assert shown(expression, PRODUCTION) == "0 0"


def test_the_rates_of_several_processes_lie_where_a_redis_that_is_gone_does_no_harm():
    shared = shown("settings.CACHES['default']['BACKEND']", PRODUCTION, REDIS_URL="redis://cache.example.org:6379/0")
    assert shared == "config.shared_cache.SharedCache"


def test_what_a_database_address_asks_for_is_kept():
    address = "postgres://ana:secret@db.example.org:6432/asamblea?sslmode=require"
    expression = "{**settings.DATABASES['default'], **settings.DATABASES['default']['OPTIONS']}['sslmode']"
    assert shown(expression, PRODUCTION, DATABASE_URL=address) == "require"


def test_an_ordinary_role_may_connect_with_our_options(django_db_setup, db):
    """An option that only a superuser may set would refuse every connection of a hosted database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE ordinary LOGIN")
        cursor.execute("SET ROLE ordinary")
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("15s",)
        for assignment in re.findall(r"-c (\w+)=(\w+)", connection.settings_dict["OPTIONS"]["options"]):
            cursor.execute("SET {} = '{}'".format(*assignment))
        cursor.execute("RESET ROLE")


def test_mail_is_sent_as_its_address_says():
    expression = "settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.EMAIL_HOST_PASSWORD"
    shown_mail = shown(expression, PRODUCTION, EMAIL_URL="smtp+tls://ana:secret@mail.example.org:587")
    assert shown_mail == "mail.example.org 587 True secret"
    assert shown("settings.EMAIL_BACKEND", {}, ENVIRONMENT="local", EMAIL_URL="consolemail://").endswith(
        "console.EmailBackend"
    )


def test_e_mail_goes_to_a_page_in_a_demonstration_and_never_in_production():
    expression = "settings.DEMO_MAILBOX, settings.EMAIL_BACKEND"
    assert shown(expression, {}, ENVIRONMENT="local") == "True config.demo.mailbox.Mailbox"
    for environment in (PRODUCTION, {**PRODUCTION, "EMAIL_URL": "smtp://mail.example.org:25"}):
        assert shown(expression, environment) == "False django.core.mail.backends.smtp.EmailBackend"
    assert shown(expression, {}, ENVIRONMENT="local", EMAIL_URL="smtp://mail.example.org:25").startswith("False ")


def test_every_variable_that_the_settings_read_is_documented():
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (CLONE / "config/settings.py").read_text()))
    documented = set(re.findall(r"^#?(\w+)=", (CLONE / ".env.example").read_text(), flags=re.MULTILINE))
    assert len(read) > 15
    assert read == documented
