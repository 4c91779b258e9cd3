"""Short names for contents."""

import hashlib


def fingerprint(*parts: str) -> str:
    """16 hexadecimal digits that change when any part does."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
