"""What an incident is called whose tellings differ."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from geo.events import find
from geo.incidents.incident import type_order

if TYPE_CHECKING:
    from geo.incidents.mention import Mention


def told(text: str, order: int) -> Mention:
    """A mention of the first event of a text, as far as its type is asked for."""
    return cast("Mention", SimpleNamespace(event=find(text)[0], order=order))


@pytest.mark.parametrize(
    "aside",
    ["Police arrested a commander.", "The two sides signed a truce.", "The army deployed troops to the border."],
)
def test_violence_names_the_incident_before_what_came_of_it(aside: str) -> None:
    """An arrest, a truce or a deployment told beside a killing does not name it, though its type is surer."""
    killing, other = told("Two judges were killed.", 1), told(aside, 0)
    assert min([other, killing], key=type_order) is killing
