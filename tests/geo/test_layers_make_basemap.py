"""Polygons that share borders → arcs, each once."""

from __future__ import annotations

from shapely import MultiPolygon, box

from geo.layers.make_basemap import ADMIN1, BORDER, COAST, CUT, Coverage, detail, quantise


def kinds(coverage: Coverage, skip: Coverage | None = None) -> list[tuple[int, int]]:
    """What each arc is, and how many vertices it has, in order."""
    found = coverage.arcs(skip=skip.owners) if skip else coverage.arcs()
    return sorted((kind, len(arc)) for kind, _, arc in found)


def test_a_border_is_one_arc_and_the_coasts_are_two() -> None:
    """Two squares side by side: one border of two vertices, a coast of four round each."""
    assert kinds(Coverage([box(0, 0, 1, 1), box(1, 0, 2, 1)], ["AA", "BB"])) == [(COAST, 4), (COAST, 4), (BORDER, 2)]


def test_an_island_is_one_closed_arc() -> None:
    """A square alone has no junction: its coast begins and ends at one vertex."""
    ((_, _, arc),) = Coverage([box(0, 0, 1, 1)], ["AA"]).arcs()
    assert arc[0] == arc[-1]
    assert len(arc) == 5


def test_provinces_add_what_their_countries_do_not_draw() -> None:
    """Two halves of a square add the line between them and nothing else."""
    country = Coverage([MultiPolygon([box(0, 0, 2, 1)]).segmentize(1)], ["AA"])
    halves = Coverage([box(0, 0, 1, 1), box(1, 0, 2, 1)], ["AA", "AA"])
    assert kinds(halves, skip=country) == [(ADMIN1, 2)]


def test_the_cut_of_the_world_is_not_a_coast() -> None:
    """An edge along the antimeridian is told apart: it is filled to, never stroked."""
    assert kinds(Coverage([box(170, 0, 180, 10)], ["AA"])) == [(COAST, 4), (CUT, 2)]


def test_the_pole_is_where_the_map_ends() -> None:
    """Latitudes beyond the square of web maps are drawn at its edge."""
    assert quantise(0, -90) == quantise(0, -86)


def test_detail_keeps_ends_and_ranks_corners_by_what_is_lost() -> None:
    """A vertex on a straight line is never needed, a corner is, the ends always."""
    arc = [(0, 0), (10_000, 0), (20_000, 0), (30_000, 10_000), (40_000, 0)]
    first, straight, bend, peak, last = detail(arc)
    assert first == last == float("inf")
    assert straight == 0
    assert 0 < bend <= peak
