"""The operator loads a roll from a file."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.voting.rolls.conftest import again
from voting.models import RollUpload

pytestmark = pytest.mark.django_db


def run(poll, file, *options):
    out, err = StringIO(), StringIO()
    call_command("load_roll", poll.consultation.slug, str(file), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_list_is_tried_and_then_loaded_and_added_to_with_a_reason(poll, tmp_path):
    file = tmp_path / "padron.csv"
    file.write_bytes("correo;dni\nana@example.org;\n;12\n".encode("latin-1"))
    out, err = run(poll, file, "--dry-run")
    assert "1 understood" in out and err.startswith("3: ")
    assert again(poll).electoral_roll is None
    assert not RollUpload.objects.exists()

    out, _ = run(poll, file)
    assert bytes(again(poll).electoral_roll.digest).hex() in out
    file.write_text("luz@example.org")
    with pytest.raises(CommandError, match=r"motivo|Say why"):
        run(poll, file)
    run(poll, file, "--reason", "Faltaba")
    assert again(poll).electoral_roll.size == 2


def test_what_is_not_there_is_said(poll, tmp_path):
    with pytest.raises(CommandError):
        call_command("load_roll", "nada", "nada.csv")
    with pytest.raises(CommandError):
        run(poll, tmp_path / "nada.csv")
