"""The reader is fast enough to read archives, and reads the same whatever was read before."""

from __future__ import annotations

import time
from functools import partial

from geo import events

find = partial(events.find, learned=False)
"""The tables alone."""


ARTICLE = (
    "Gunmen opened fire on a minibus near the mill on Monday, killing at least eight passengers and wounding a dozen, "
    "the governor said. The army said its helicopters later bombed two camps of the rebels in the hills. Hundreds of "
    "residents marched to the town hall to demand protection; police fired tear gas. The rebels denied that they had "
    "attacked the bus and vowed to strike back. Talks between the two sides are planned for next week.\n\n"
)


def test_an_article_takes_milliseconds() -> None:
    """A hundred articles of 2,000 characters are read in well under ten seconds of processor time."""
    texts = [ARTICLE * 4 + str(number) for number in range(100)]
    find(texts[0])
    start = time.process_time()
    for text in texts:
        find(text)
    assert time.process_time() - start < 10


def test_reading_twice_gives_the_same() -> None:
    """Nothing of one text is remembered in the next."""
    first = find(ARTICLE)
    find("Rockets hit the base. " * 50)
    assert find(ARTICLE) == first
    assert len(first) > 4
