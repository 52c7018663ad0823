"""Which proposals won, and with how much money: the rooms above say it (``register_winners``, in ``apps.py``)."""

from collections.abc import Callable, Iterable

from consultations.models import Consultation

# Ids of proposals with the cents that each was given. Nothing before everybody may see the results.
Winners = Callable[[Consultation], Iterable[tuple[int, int | None]]]
_sources: list[Winners] = []


def register_winners(source: Winners) -> None:
    """Again is harmless."""
    if source not in _sources:
        _sources.append(source)


def winners_of(consultation: Consultation) -> dict[int, int | None]:
    """Proposal -> cents, in the order in which they won."""
    return {pk: cents for source in _sources for pk, cents in source(consultation)}
