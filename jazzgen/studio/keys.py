"""What opens the studio: one token, codes that are exchanged for it, and tickets for one file.

A code is in the address that a browser is started with, which others on the machine can read on its command line. So it
works once, and for a short time; the page exchanges it for the token, which it keeps and sends in a header. Links to
files cannot send headers: they carry a ticket, which the page makes of the token and is good for that address alone.
"""

import hmac
import math
import secrets
import time

_MOST_CODES = 16  # that wait for use; set by hand, as the next
BROWSER_SECONDS = 120.0  # until the code on a browser's command line ends, used or not


class Keys:
    """The token, and the codes and tickets for it; new each time that the studio is started."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._codes: dict[str, float] = {}

    def new_code(self, seconds: float = math.inf) -> str:
        """Return a code that can be exchanged once, within `seconds`."""
        code = secrets.token_urlsafe(12)
        self._codes[code] = time.monotonic() + seconds
        while len(self._codes) > _MOST_CODES:
            del self._codes[next(iter(self._codes))]
        return code

    def exchange(self, code: str) -> str | None:
        """Return the token for a code, which is worthless from then on; None for any other text."""
        found = next((one for one in self._codes if same(one, code)), None)
        return self.token if found and self._codes.pop(found) > time.monotonic() else None

    def is_token(self, given: str) -> bool:
        return same(given, self.token)

    def is_ticket(self, address: str, given: str) -> bool:
        """Return whether a ticket is that of an address: its path and query."""
        return same(given, self.ticket(address))

    def ticket(self, address: str) -> str:
        """Return the ticket of an address, HMAC-SHA-256 (RFC 2104) in hexadecimal, as the page computes it, too."""
        return hmac.digest(self.token.encode(), address.encode(), "sha256").hex()


def same(one: str, other: str) -> bool:
    """Compare two texts in a time that tells nothing of where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
