"""Signs and checks DSSE envelopes with securesystemslib, the library of in-toto's and TUF's authors.

    python envelopes.py verify PUBLIC_KEY ENVELOPE     prints the payload of an envelope that holds
    python envelopes.py sign PRIVATE_KEY TYPE PAYLOAD  prints an envelope
    python envelopes.py key PRIVATE_KEY                prints the public key in PEM
"""

import json
import sys

from cryptography.hazmat.primitives import serialization
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner, SSlibKey

PEM = serialization.Encoding.PEM


def read(path):
    with open(path, "rb") as file:
        return file.read()


def verify(public_key, path):
    document = json.loads(read(path))
    envelope = Envelope.from_dict(document)
    # The library wants the key's id to be the signature's; the id itself proves nothing.
    keys = [
        SSlibKey.from_crypto(serialization.load_pem_public_key(read(public_key)), keyid=keyid)
        for keyid in envelope.signatures
    ]
    envelope.verify(keys, 1)
    sys.stdout.buffer.write(envelope.payload)


def sign(private_key, payload_type, path):
    key = serialization.load_pem_private_key(read(private_key), password=None)
    envelope = Envelope(read(path), payload_type, {})
    envelope.sign(CryptoSigner(key))
    print(json.dumps(envelope.to_dict(), indent=1))


def key(path):
    private = serialization.load_pem_private_key(read(path), password=None)
    public = private.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    sys.stdout.buffer.write(public)


{"verify": verify, "sign": sign, "key": key}[sys.argv[1]](*sys.argv[2:])
