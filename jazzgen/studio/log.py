"""What the server says on stderr: warnings and errors, and no more of them than somebody reads."""

import logging
from typing import Any

MOST_RECORDS = 100  # set by hand


class Few(logging.Filter):
    """Lets the first records through, and says with the last that no more follow."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        self._count += 1
        if self._count == MOST_RECORDS:
            record.msg = f"{record.msg} (no more is logged)"
        return self._count <= MOST_RECORDS


LOG_CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"few": {"()": Few}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["few"]}},
    "loggers": {
        name: {"handlers": ["stderr"], "level": "WARNING", "propagate": False} for name in ("uvicorn", "asyncio")
    },
}
