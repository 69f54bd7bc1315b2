"""The API against its own description: whatever is sent, nothing breaks, and what comes back is as described."""

from typing import Any

import httpx
import pytest
import schemathesis
from helpers.studio_server import Running, begin, generate
from hypothesis import HealthCheck, settings
from schemathesis import checks

from jazzgen.studio.app import describe_api

SEEN = (checks.not_a_server_error, checks.response_schema_conformance, checks.content_type_conformance)


schema = schemathesis.openapi.from_dict(describe_api())


@pytest.fixture(scope="module")
def there(running: Running) -> dict[str, int]:
    """A session and a take that are there, so that not everything is not found."""
    with running.client() as client:
        session = begin(client)
        return {"session": session, "take": generate(client, session)["made"][0]}


@schema.parametrize()
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_nothing_that_is_sent_breaks_it(case: Any, running: Running, there: dict[str, int]) -> None:
    for name, number in there.items():
        for found in (case.path_parameters, case.query):
            if name in (found or {}) and isinstance(found[name], int):
                found[name] = number
    headers = {"Authorization": f"Bearer {running.token}"}
    try:
        case.call_and_validate(base_url=running.base, headers=headers, checks=SEEN, timeout=120)
    except httpx.InvalidURL:
        return
