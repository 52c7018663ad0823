"""Any authority that speaks RFC 3161."""

import base64
from datetime import UTC

from cryptography.x509 import Certificate
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from voting.timestamping.http import post
from voting.timestamping.port import Stamp, StampFailed


class Rfc3161:
    """``url``: where requests are sent. ``roots``: certificates that its signatures must lead to."""

    name = "rfc3161"

    def __init__(self, url: str, roots: list[Certificate]):
        self._url = url
        self._roots = roots

    def stamp(self, note: bytes) -> Stamp:
        """The token is checked before it is kept."""
        request = (
            TimestampRequestBuilder()
            .data(note)
            .hash_algorithm(HashAlgorithm.SHA256)
            .cert_request(cert_request=True)
            .build()
        )
        answer = post(self._url, request.as_bytes(), "application/timestamp-query")
        try:
            response = decode_timestamp_response(answer)
        except ValueError as fault:
            raise StampFailed("the answer is no time stamp") from fault
        stamp = Stamp(self.name, {"token": base64.b64encode(answer).decode()}, None)
        if response.status != 0:
            raise StampFailed(f"the authority refused (status {response.status})")
        if not self.is_valid(note, stamp):
            raise StampFailed("the stamp is not of this head, or not signed by an authority in TIMESTAMP_ROOTS")
        return Stamp(self.name, stamp.data, response.tst_info.gen_time.replace(tzinfo=UTC))

    def complete(self, note: bytes, stamp: Stamp) -> Stamp:
        return stamp

    def is_valid(self, note: bytes, stamp: Stamp) -> bool:
        try:
            response = decode_timestamp_response(base64.b64decode(stamp.data["token"]))
            verifier = VerifierBuilder()
            for root in self._roots:
                verifier = verifier.add_root_certificate(root)
            return bool(verifier.build().verify_message(response, note))
        except (VerificationError, ValueError, KeyError):
            return False
