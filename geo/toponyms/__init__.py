"""Text → spans that name a place, literal or not, and the relational phrases around them."""

from __future__ import annotations

from geo.toponyms.given import given
from geo.toponyms.phrases import relations
from geo.toponyms.reader import Recognizer, find
from geo.toponyms.spans import Names, Relation, Toponym

__all__ = ["Names", "Recognizer", "Relation", "Toponym", "find", "given", "relations"]
