"""Decisions and their fold: an incident is what the machine read and what people decided, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.project import KINDS, STATUS, Decision, fold
from geo.project.corrections import GROUPS, check_correction
from geo.project.decisions import MAX_NOTE, check, live, split_id
from geo.project.rows import clean_record, from_json, telling_key, to_json

AT = "2026-01-01T00:00:00.000Z"


def source(report: str, **more: object) -> dict[str, object]:
    """A telling out of a report."""
    return {"report": report, "evidence": f"Told by {report}.", "span": [0, 9], "trigger": "blast", **more}


def record(name: str, *reports: str, **more: object) -> dict[str, object]:
    """An incident as the machine reads it."""
    told = {
        "incident_id": name,
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "date_start": "2024-05-01",
        "date_end": "2024-05-01",
        "date_precision": "day",
        "place": "Mosul",
        "place_text": "Mosul",
        "lat": 36.3,
        "lon": 43.1,
        "country": ["IQ"],
        "geo_precision": "settlement",
        "sources": [source(report) for report in reports or (f"{name}.txt",)],
        "doc_ids": list(reports or (f"{name}.txt",)),
        "confidence": 0.5,
        "status": "machine",
        "event_count": 1,
        **more,
    }
    return clean_record({"geometry": f"POINT ({told['lon']} {told['lat']})" if told["lat"] else None, **told})


def decision(
    number: int, name: str, kind: str, value: object = None, *, who: str = "Ada", seen: int | None = None
) -> Decision:
    """A decision, by Ada who had seen all before it."""
    return Decision(number, name, kind, who, AT, value or {}, seen=number - 1 if seen is None else seen)


NAMES = ("a", "b", "c")
MACHINE = {name: record(name, f"{name}1.txt", f"{name}2.txt") for name in NAMES}
KEYS = [telling_key(one) for name in NAMES for one in MACHINE[name]["sources"]]
PLACES = st.dictionaries(st.sampled_from(GROUPS["place"]), st.text(max_size=5), max_size=3)
VALUES = st.one_of(
    st.fixed_dictionaries({"with": st.lists(st.sampled_from([*NAMES, "nobody"]), max_size=2)}),
    st.fixed_dictionaries({"tellings": st.lists(st.sampled_from(KEYS), max_size=3)}),
    st.fixed_dictionaries({"decision": st.one_of(st.integers(0, 12), st.none(), st.text(max_size=3))}),
    st.fixed_dictionaries({"killed": st.fixed_dictionaries({"fatalities_min": st.integers(0, 9)})}),
    st.fixed_dictionaries(
        {"place": st.dictionaries(st.sampled_from(GROUPS["place"]), st.text(max_size=5), max_size=3)}
    ),
    st.dictionaries(st.text(max_size=4), st.one_of(st.none(), st.integers(), st.text(max_size=4)), max_size=2),
)
DECISIONS = st.lists(
    st.builds(
        lambda name, kind, value, seen, who: (name, kind, value, seen, who),
        st.sampled_from([*NAMES, "nobody"]),
        st.sampled_from([*KINDS, "sing"]),
        VALUES,
        st.integers(0, 12),
        st.sampled_from(["Ada", "Ben"]),
    ),
    max_size=12,
).map(
    lambda told: [
        Decision(number, name, kind, who, AT, value, "", seen)
        for number, (name, kind, value, seen, who) in enumerate(told, 1)
    ]
)


@given(DECISIONS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_and_repetition_do_not_matter(decisions: list[Decision], random: object) -> None:
    """The fold is of a set of numbered decisions: shuffled, or with each given twice, it is the same."""
    shuffled = [*decisions, *decisions]
    random.shuffle(shuffled)
    assert fold(MACHINE, shuffled) == fold(MACHINE, decisions)


@given(DECISIONS)
@settings(max_examples=60, deadline=None)
def test_undoing_all_gives_what_the_machine_read(decisions: list[Decision]) -> None:
    """Whatever was decided, undoing every decision that counts, the newest first, leaves the machine's incidents."""
    told = list(decisions)
    for one in reversed([one for one in live(decisions) if one.kind != "undo"]):
        told.append(decision(len(told) + 1, one.incident_id, "undo", {"decision": one.number}))
    assert {name: state.record for name, state in fold(MACHINE, told).items()} == MACHINE


@given(DECISIONS)
@settings(max_examples=60, deadline=None)
def test_undoing_an_undo_brings_back(decisions: list[Decision]) -> None:
    """Undo, and undo of that undo, leave all as it was."""
    count = len(decisions)
    if not count:
        return
    undo = decision(count + 1, "a", "undo", {"decision": count})
    redo = decision(count + 2, "a", "undo", {"decision": count + 1})
    assert fold(MACHINE, [*decisions, undo, redo]) == fold(MACHINE, decisions)


@given(DECISIONS)
@settings(max_examples=60, deadline=None)
def test_no_telling_is_lost(decisions: list[Decision]) -> None:
    """Merged and split as they may be, the incidents together keep each telling at least once, and none is made up."""
    states = fold(MACHINE, decisions)
    found = [telling_key(one) for state in states.values() for one in state.record["sources"]]
    assert set(found) == set(KEYS)
    assert all(state.record["doc_ids"] for state in states.values())


@given(DECISIONS)
@settings(max_examples=40, deadline=None)
def test_the_machine_records_are_not_changed(decisions: list[Decision]) -> None:
    """The fold is pure: what it is given stays as it was, and a record survives its JSON."""
    before = {name: to_json(one) for name, one in MACHINE.items()}
    states = fold(MACHINE, decisions)
    assert {name: to_json(one) for name, one in MACHINE.items()} == before
    for state in states.values():
        assert from_json(to_json(state.record)) == state.record


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_a_judgement_gives_its_status(kind: str, status: str) -> None:
    """Accept, verify, dispute and reject set the status; the last one counts."""
    states = fold(MACHINE, [decision(1, "a", "reject"), decision(2, "a", kind)])
    assert states["a"].record["status"] == status
    assert not states["a"].conflict


def test_a_correction_replaces_its_group_and_says_who() -> None:
    """A corrected place stands in all its columns, those not told are unknown, and the reasons name the person."""
    value = check_correction({"place": {"place": "Tal Afar", "lat": 36.4, "lon": 42.4, "geo_precision": "settlement"}})
    (state,) = fold({"a": MACHINE["a"]}, [decision(1, "a", "correct", value)]).values()
    assert (state.record["place"], state.record["lat"], state.record["geometry"].x) == ("Tal Afar", 36.4, 42.4)
    assert state.record["country"] == []
    assert state.record["date_start"] == "2024-05-01"
    assert state.record["reasons"]["review.place"] == f"Ada, {AT}"
    assert state.record["status"] == "reviewed"


def test_merge_keeps_the_first_ones_values_and_both_ones_tellings() -> None:
    """The incident that is kept keeps its day; the other one is gone from the table, its telling is not."""
    machine = {
        "a": record("a", fatalities_min=2, fatalities_max=2),
        "b": record("b", fatalities_min=5, fatalities_max=5, date_start="2024-05-02", date_end="2024-05-02"),
    }
    states = fold(machine, [decision(1, "a", "merge", {"with": ["b"]})])
    assert list(states) == ["a"]
    kept = states["a"].record
    assert kept["date_start"] == "2024-05-01"
    assert kept["doc_ids"] == ["a.txt", "b.txt"]
    assert (kept["fatalities_min"], kept["fatalities_max"]) == (2, 5)


def test_counts_that_a_person_gave_stay_in_a_merge() -> None:
    """What was corrected by hand is not pooled with what another report told."""
    machine = {"a": record("a"), "b": record("b", fatalities_min=5, fatalities_max=5)}
    told = check_correction({"killed": {"fatalities_min": 1, "fatalities_max": 1}})
    states = fold(machine, [decision(1, "a", "correct", told), decision(2, "a", "merge", {"with": ["b"]})])
    assert (states["a"].record["fatalities_min"], states["a"].record["fatalities_max"]) == (1, 1)


def test_split_takes_tellings_out_into_an_incident_of_their_own() -> None:
    """The new incident has the id of its tellings, and each of the two counts its own tellings' dead."""
    sources = [source("one.txt", fatalities=[2, 2]), source("two.txt", fatalities=[7, None])]
    machine = {"a": record("a", sources=sources, doc_ids=["one.txt", "two.txt"], fatalities_min=2)}
    key = telling_key(machine["a"]["sources"][1])
    states = fold(machine, [decision(1, "a", "split", {"tellings": [key]})])
    made = states[split_id("a", [key])].record
    assert (made["doc_ids"], made["fatalities_min"], made["fatalities_max"]) == (["two.txt"], 7, None)
    assert (states["a"].record["doc_ids"], states["a"].record["fatalities_max"]) == (["one.txt"], 2)


def test_decisions_made_unseen_of_each_other_are_marked() -> None:
    """Two people who judge differently on what they both saw: the last one counts, both are named, a third settles."""
    told = [decision(1, "a", "accept"), decision(2, "a", "reject", who="Ben", seen=0)]
    state = fold(MACHINE, told)["a"]
    assert state.record["status"] == "rejected"
    assert [one.who for one in state.conflict] == ["Ada", "Ben"]
    assert not fold(MACHINE, [*told, decision(3, "a", "dispute")])["a"].conflict


def test_agreement_is_no_conflict() -> None:
    """Two who decide the same, or a remark, contradict nobody."""
    told = [decision(1, "a", "accept"), decision(2, "a", "accept", who="Ben", seen=0)]
    assert not fold(MACHINE, told)["a"].conflict
    assert not fold(MACHINE, [told[0], decision(2, "a", "note", seen=0)])["a"].conflict


def test_a_decision_on_what_was_merged_away_is_a_conflict_of_the_whole() -> None:
    """Who verifies an incident that another merged away meanwhile is not overheard."""
    told = [decision(1, "a", "merge", {"with": ["b"]}), decision(2, "b", "verify", who="Ben", seen=0)]
    assert [one.kind for one in fold(MACHINE, told)["a"].conflict] == ["merge", "verify"]


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("correct", {}, "tell new values"),
        ("correct", {"place": {"lat": 91, "lon": 0}}, "between -90 and 90"),
        ("correct", {"dates": {"date_start": "2024-05-02", "date_end": "2024-05-01"}}, "ends before"),
        ("correct", {"killed": {"fatalities_min": 3, "fatalities_max": 2}}, "more at least"),
        ("merge", {"with": []}, "name the other"),
        ("split", {"tellings": "abc"}, "name the tellings"),
        ("undo", {"decision": "x"}, "no number"),
        ("undo", {"decision": True}, "no number"),
        ("sing", {}, "no kind"),
    ],
)
def test_a_decision_without_sense_is_refused(kind: str, value: dict[str, object], told: str) -> None:
    """It is refused on one line that says what is wrong, before anything is written."""
    with pytest.raises(InputError, match=told) as caught:
        check(kind, "Ada", value, "")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("who", ["", " \n", "x" * 300])
def test_somebody_must_decide(who: str) -> None:
    """A decision by nobody, or by a novel, is refused."""
    with pytest.raises(InputError, match="who decides"):
        check("accept", who, {}, "")


def test_hostile_words_are_kept_as_words() -> None:
    """Markup and formulas stay what they are, NUL and lone surrogates cannot be kept, a novel is refused."""
    who, _, note = check("note", "=cmd()\n<b>", {}, "<script>\x00\ud800{{ 7*7 }}")
    assert (who, note) == ("=cmd() <b>", "<script>��{{ 7*7 }}")
    with pytest.raises(InputError, match="characters"):
        check("note", "Ada", {}, "x" * (MAX_NOTE + 1))
    with pytest.raises(InputError, match="empty"):
        check("note", "Ada", {}, "  ")
