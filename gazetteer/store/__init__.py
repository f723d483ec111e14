"""The built gazetteer: one file, written once, read by any number of threads and processes."""

from __future__ import annotations

from gazetteer.store.candidates import Candidate
from gazetteer.store.reader import Gazetteer

__all__ = ["Candidate", "Gazetteer"]
