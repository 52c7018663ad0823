"""Installing: uv is told what pip knows, because it does not look for it."""

import sys

import pytest

from config import install

LISTED = """\
:env:.cert='/etc/ssl/ours.pem'
:env:.disable-pip-version-check='1'
global.cert='/etc/ssl/old.pem'
global.extra-index-url='\\nhttps://one.example/simple\\nhttps://two.example/simple'
global.find-links='/srv/wheels /srv/more'
global.index-url='https://mirror.example/simple'
"""


@pytest.fixture
def pip_that_knows(monkeypatch):
    """A pip whose configuration is LISTED, in the form in which pip prints it."""
    monkeypatch.setattr(install, "PIP", [sys.executable, "-c", f"print({LISTED!r})"])


def test_uv_is_told_pips_indexes_certificate_and_wheels(pip_that_knows, monkeypatch):
    for name in install.TOLD.values():
        monkeypatch.delenv(name, raising=False)
    told = install.uv_environment()
    assert told["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert told["UV_INDEX"] == "https://one.example/simple https://two.example/simple"
    assert told["UV_FIND_LINKS"] == "/srv/wheels,/srv/more"
    assert told["SSL_CERT_FILE"] == "/etc/ssl/ours.pem"


def test_what_was_said_to_uv_itself_stands(pip_that_knows, monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://for-uv.example/simple")
    assert install.uv_environment()["UV_DEFAULT_INDEX"] == "https://for-uv.example/simple"
