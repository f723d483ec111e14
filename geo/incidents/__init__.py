"""Reports → incidents: the only room where toponyms, times, events and the gazetteer meet.

`read` finds everything in one report, `annotate` says it as plain JSON types, `extract` merges the mentions of many
reports into the incident table.
"""

from __future__ import annotations

from geo.incidents.annotations import annotate
from geo.incidents.extraction import Extraction, extract
from geo.incidents.incident import Incident
from geo.incidents.mention import Mention
from geo.incidents.reading import Link, Reading, Site, read

__all__ = ["Extraction", "Incident", "Link", "Mention", "Reading", "Site", "annotate", "extract", "read"]
