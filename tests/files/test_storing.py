"""Files that cannot be kept leave nothing behind."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from accounts.files.storing import keeping

pytestmark = pytest.mark.django_db


@contextmanager
def room_for(most: int) -> Iterator[None]:
    """No file of this process grows beyond ``most`` bytes: what is written fails half-way, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_of_a_file_for_which_the_disk_has_no_room_no_half_stays(settings):
    with pytest.raises(OSError, match="too large"), room_for(10_000), keeping("logos") as keeper:
        keeper.keep(b"x" * 50_000, "webp")

    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []
