"""Compile the translations: ``python -m config.translations``. Needs no gettext on the machine."""

import os
from pathlib import Path

import polib

LOCALE_DIR = Path(__file__).resolve().parent.parent / "frontend" / "locale"


def compile_translations(locale_dir: Path = LOCALE_DIR) -> int:
    """Write a .mo file beside each .po file that is newer than its own. Returns how many."""
    written = 0
    for source in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime <= source.stat().st_mtime:
            unfinished = compiled.with_suffix(f".{os.getpid()}.unfinished")  # several processes may do this at once
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.rename(compiled)
            written += 1
    return written


if __name__ == "__main__":
    compile_translations()
