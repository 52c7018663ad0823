"""Services that stamp the time, on this machine: a real RFC 3161 authority, and a small fake of BFA."""

import base64
import json
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def serving(answer):
    """An HTTP server that answers each POST by ``answer(path, body)``; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = answer(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def openssl(directory, *arguments):
    return subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)


CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = serial
signer_cert = tsa.pem
certs = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def make_authority(directory):
    """A certificate authority and a time-stamping authority of our own, made with openssl."""
    (directory / "tsa.cnf").write_text(CONFIG)
    (directory / "serial").write_text("01\n")
    (directory / "ext.cnf").write_text(
        "extendedKeyUsage = critical,timeStamping\nkeyUsage = critical,digitalSignature\nbasicConstraints = CA:FALSE\n"
    )
    new = ("req", "-newkey", "rsa:2048", "-nodes", "-sha256")
    openssl(directory, *new, "-x509", "-days", "9", "-subj", "/CN=Root", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(directory, *new, "-subj", "/CN=TSA", "-keyout", "tsa.key", "-out", "tsa.csr")
    signing = ("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
    openssl(directory, *signing, "-days", "9", "-extfile", "ext.cnf", "-out", "tsa.pem")
    return directory


def stamped(directory, query):
    """What that authority answers."""
    (directory / "query.tsq").write_bytes(query)
    reply = ("-reply", "-config", "tsa.cnf", "-section", "tsa1", "-queryfile", "query.tsq")
    openssl(directory, "ts", *reply, "-out", "reply.tsr")
    return (directory / "reply.tsr").read_bytes()


class FakeBfa:
    """Gathers hashes; those that were left before ``block`` is called are in it. Its receipts are as there."""

    def __init__(self, time="2026-11-21T20:51:49+00:00"):
        self.waiting, self.written, self.time = {}, {}, time

    def block(self):
        self.written |= self.waiting
        self.waiting = {}

    def __call__(self, path, body):
        question = json.loads(body)
        file_hash = question["file_hash"]
        if path == "/stamp/":
            self.waiting[file_hash] = f"temporary-{file_hash[:8]}"
            answer = {"status": "success", "temporary_rd": self.waiting[file_hash]}
        elif file_hash in self.written:
            answer = {
                "status": "success",
                "attestation_time": self.time,
                "permanent_rd": base64.b64encode(f"1x-{file_hash}-9f86d081-0x60303ae2-4212".encode()).decode(),
            }
        else:
            answer = {"status": "pending" if file_hash in self.waiting else "failure"}
        return json.dumps(answer).encode()
