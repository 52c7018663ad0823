"""Blockchain Federal Argentina: a hash is left, gathered with others, and written into a block some minutes later."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from voting.timestamping.http import post
from voting.timestamping.port import Stamp, StampFailed

SUCCESS, PENDING = "success", "pending"


class Bfa:
    """``url``: the base of its HTTP interface, which has ``stamp/`` and ``verify/``."""

    name = "bfa"

    def __init__(self, url: str):
        self._url = url.rstrip("/")

    def stamp(self, note: bytes) -> Stamp:
        answer = self._ask("stamp", note)
        if answer.get("status") != SUCCESS or not isinstance(answer.get("temporary_rd"), str):
            raise StampFailed("the service did not take the hash")
        return Stamp(self.name, {"rd": answer["temporary_rd"], "is_permanent": False}, None)

    def complete(self, note: bytes, stamp: Stamp) -> Stamp:
        """Exchange the temporary receipt for the permanent one, which names the block."""
        answer = self._ask("verify", note, rd=stamp.data["rd"])
        if answer.get("status") == PENDING:
            return stamp
        if answer.get("status") != SUCCESS:
            raise StampFailed("the service does not know the hash")
        try:
            at = _moment(answer["attestation_time"])
            data = {"rd": str(answer["permanent_rd"]), "is_permanent": True}
        except (KeyError, TypeError, ValueError) as fault:
            raise StampFailed("the answer is not as it should be") from fault
        return Stamp(self.name, data, at if at.tzinfo else at.replace(tzinfo=UTC))

    def is_valid(self, note: bytes, stamp: Stamp) -> bool:
        """By asking the service: the block itself is for those who run a node."""
        answer = self._ask("verify", note, rd=stamp.data["rd"])
        return answer.get("status") == SUCCESS

    def _ask(self, call: str, note: bytes, **more: str) -> dict[str, Any]:
        question = {"file_hash": hashlib.sha256(note).hexdigest(), **more}
        data = post(f"{self._url}/{call}/", json.dumps(question).encode(), "application/json")
        try:
            answer = json.loads(data)
        except ValueError as fault:
            raise StampFailed("the answer is no JSON") from fault
        if not isinstance(answer, dict):
            raise StampFailed("the answer is not as it should be")
        return answer


def _moment(text: str) -> datetime:
    """As ISO 8601, or in the way of the service's first version: day/month/year. Raises ValueError."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.strptime(text, "%d/%m/%Y %H:%M:%S").replace(tzinfo=UTC)
