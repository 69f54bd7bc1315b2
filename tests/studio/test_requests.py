"""What a request for a solo may hold: the controls of the table, as texts."""

import pytest
from pydantic import ValidationError

from jazzgen.improvise.control_table import CONTROLS
from jazzgen.studio.requests import ControlsAsked


def test_a_request_has_a_field_for_each_control() -> None:
    asked = ControlsAsked.model_validate({"syncopation": "1:1 9:2", "register": "C4", "targets": ["5.1=E4"]}).asked()
    assert list(asked) == [row.name for row in CONTROLS]
    given = {name: value for name, value in asked.items() if value is not None}
    assert given == {"syncopation": "1:1 9:2", "register": "C4", "targets": ["5.1=E4"]}


@pytest.mark.parametrize("asked", [{"loudness": "1"}, {"density": "1" * 301}, {"targets": "5.1=E4"}, {"density_": "1"}])
def test_what_is_no_control_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ControlsAsked.model_validate(asked)
