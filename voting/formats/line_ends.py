"""Where lines end, when a file does not say it as files do now."""

from collections.abc import Iterable, Iterator


def ended(lines: Iterable[str | bytes]) -> Iterator[str | bytes]:
    """The lines; those of a file that ends them with CR alone, as old Macs did, and so arrives as a single one, too."""
    for number, line in enumerate(lines):
        if number == 0 and isinstance(line, bytes) and b"\r" in line and not line.endswith(b"\n"):
            for part in line.removesuffix(b"\r").split(b"\r"):
                yield part + b"\n"
        else:
            yield line
