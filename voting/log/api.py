"""The sealed log of a poll, for programs: heads, and proofs of what is in it. Public as the poll is; holds no count."""

import base64
from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from voting.log import reading as log
from voting.models import Poll, Seal, SigningKey
from voting.polls.queries import visible_poll

PAGE = 200
READ = ["GET", "HEAD"]


class KeySerializer(serializers.Serializer[Any]):
    """A public key of this installation, as C2SP writes it: name+id+base64."""

    key = serializers.CharField(source="verifying")
    since = serializers.DateTimeField(source="created_at")
    endorsement = serializers.CharField(help_text="A note by which the key before vouches for this one.")


class HeadSerializer(serializers.Serializer[Any]):
    """A signed head of the log."""

    number = serializers.IntegerField(help_text="Of the last entry that it covers. Entry 0 is the manifest.")
    size = serializers.IntegerField(help_text="How many entries it covers.")
    sealed_at = serializers.DateTimeField()
    head = serializers.CharField(help_text="The signed note: a C2SP checkpoint.")


class StatementSerializer(serializers.Serializer[Any]):
    """An entry that is no ballot: the manifest, an amendment, the close."""

    number = serializers.IntegerField()
    statement = serializers.CharField(help_text="The entry itself, canonical JSON: what is hashed.")


class LogSerializer(serializers.Serializer[Any]):
    """Where a poll's log stands."""

    head = HeadSerializer(allow_null=True, help_text="The newest one; null before the first ballot.")
    statements = StatementSerializer(many=True)
    keys = KeySerializer(many=True)


class InclusionSerializer(serializers.Serializer[Any]):
    """That an entry is in the log (RFC 9162, 2.1.3). Hashes in base64."""

    number = serializers.IntegerField()
    size = serializers.IntegerField()
    leaf_hash = serializers.CharField()
    proof = serializers.ListField(child=serializers.CharField())


class ConsistencySerializer(serializers.Serializer[Any]):
    """That a smaller log is the beginning of a larger one (RFC 9162, 2.1.4). Hashes in base64."""

    old = serializers.IntegerField()
    new = serializers.IntegerField()
    proof = serializers.ListField(child=serializers.CharField())


class InclusionQuery(serializers.Serializer[Any]):
    number = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="Of the entry.")
    size = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, help_text="Of the log; the newest head's if left out."
    )


class ConsistencyQuery(serializers.Serializer[Any]):
    old = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    new = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class HeadsQuery(serializers.Serializer[Any]):
    before = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, help_text="Heads with a smaller number than this."
    )


@extend_schema(responses=LogSerializer)
@api_view(READ)
def poll_log(request: Request, poll_id: int) -> Response:
    """The newest head of a poll's log, its statements, and the keys of this installation."""
    poll = visible_poll(request.user, poll_id)
    answer = {
        "head": log.last_seal(poll),
        "statements": log.statements_of(poll),
        "keys": SigningKey.objects.all(),
    }
    return Response(LogSerializer(answer).data)


@extend_schema(parameters=[HeadsQuery], responses=HeadSerializer(many=True))
@api_view(READ)
def poll_heads(request: Request, poll_id: int) -> Response:
    """The heads of a poll's log, newest first, 200 at a time: go on with ``before`` the last one's number."""
    query = _asked(request, HeadsQuery)
    seals = Seal.objects.filter(poll=visible_poll(request.user, poll_id)).order_by("-number")
    if "before" in query:
        seals = seals.filter(number__lt=query["before"])
    return Response(HeadSerializer(seals[:PAGE], many=True).data)


@extend_schema(parameters=[InclusionQuery], responses=InclusionSerializer)
@api_view(READ)
def inclusion_proof(request: Request, poll_id: int) -> Response:
    """Proof that an entry is in the log. 404 where it is not."""
    query = _asked(request, InclusionQuery)
    poll = visible_poll(request.user, poll_id)
    size = query.get("size") or _size(poll)
    if query["number"] >= size or size > _size(poll):
        raise NotFound(_("The log has no such entry."), code="no_entry")
    found = log.inclusion(poll, query["number"], size)
    return Response(
        {
            "number": found.number,
            "size": found.size,
            "leaf_hash": _base64(found.leaf_hash),
            "proof": [_base64(hash_) for hash_ in found.proof],
        }
    )


@extend_schema(parameters=[ConsistencyQuery], responses=ConsistencySerializer)
@api_view(READ)
def consistency_proof(request: Request, poll_id: int) -> Response:
    """Proof that the log of ``old`` entries is the beginning of that of ``new``. 404 where it was never so large."""
    query = _asked(request, ConsistencyQuery)
    poll = visible_poll(request.user, poll_id)
    if not query["old"] <= query["new"] <= _size(poll):
        raise NotFound(_("The log was never of that size."), code="no_such_size")
    proof = log.consistency(poll, query["old"], query["new"])
    return Response({**query, "proof": [_base64(hash_) for hash_ in proof]})


@extend_schema(responses=KeySerializer(many=True))
@api_view(READ)
def signing_keys(request: Request) -> Response:
    """The public keys that sign the logs of this installation, the newest one last."""
    return Response(KeySerializer(SigningKey.objects.all(), many=True).data)


def _asked(request: Request, query: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    serializer = query(data=request.query_params)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _size(poll: Poll) -> int:
    last = log.last_seal(poll)
    return last.size if last else 0


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


# /api/v1/
urlpatterns = [
    path("polls/<int:poll_id>/log/", poll_log, name="poll-log"),
    path("polls/<int:poll_id>/log/heads/", poll_heads, name="poll-heads"),
    path("polls/<int:poll_id>/log/inclusion/", inclusion_proof, name="inclusion-proof"),
    path("polls/<int:poll_id>/log/consistency/", consistency_proof, name="consistency-proof"),
    path("signing-keys/", signing_keys, name="signing-keys"),
]
