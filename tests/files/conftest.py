import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    """Reads English, so that tests can name what a page says in the words of the source."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture(autouse=True)
def folder_of_its_own(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
