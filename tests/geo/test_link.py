"""Which place and which time belong to an event."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geo.incidents.datelines import dateline_end, head
from geo.incidents.labels import Labels
from geo.incidents.moments import is_said_time
from geo.incidents.reading import read_text

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

TUESDAY = dt.date(2021, 6, 29)


def linked(gazetteer: Gazetteer, text: str, trigger: str) -> tuple[list[str], str]:
    """The places and the day linked to the trigger."""
    start = text.index(trigger)
    reading = read_text(text, published=TUESDAY, gazetteer=gazetteer, triggers=[(start, start + len(trigger))])
    link = reading.links[0]
    return [site.text for site in link.sites], str(link.time.date_start) if link.time else ""


@pytest.mark.parametrize(
    ("text", "trigger", "places"),
    [
        ("Gunmen killed two farmers in Kirkuk, police in Baghdad said.", "killed", ["Kirkuk"]),
        ("Officials in Baghdad said that gunmen killed two farmers in Kirkuk.", "killed", ["Kirkuk"]),
        ("Rockets fired from Lebanon hit a house in Haifa.", "hit", ["Haifa"]),
        ("Bombs exploded in Mosul and Kirkuk on Monday.", "exploded", ["Mosul", "Kirkuk"]),
        ("A bomb exploded in Mosul, in Nineveh province.", "exploded", ["Mosul"]),
        ("In Basra, demonstrators burned tyres.", "burned", ["Basra"]),
        (
            "Soldiers killed three men in an operation near Tikrit, the defence ministry said.",
            "killed",
            ["near Tikrit"],
        ),
        ("MOGADISHU, June 10 (Wire) - A bomb exploded in the Somali capital.", "exploded", ["the Somali capital"]),
        (
            "MOSUL, June 10 (Wire) - A bomb went off in the station here as a train for Basra left.",
            "went off",
            ["here"],
        ),
        ("A mortar shell fell outside the U.S. consulate in Erbil on Sunday.", "fell", ["Erbil"]),
        ("Rockets hit a base of French troops near Gao in Mali on Sunday.", "hit", ["near Gao"]),
        ("A boy was shot in Zarqa and taken to a hospital in Amman.", "shot", ["Zarqa"]),
        ("Shells hit a hospital in Aleppo on Sunday.", "hit", ["Aleppo"]),
        ("A guard was killed in Haifa by a shell fired from Lebanon on Sunday.", "killed", ["Haifa"]),
        ("The wounded were flown to Amman after the blast in Mosul.", "blast", ["Mosul"]),
    ],
)
def test_the_place_where_it_happened(gazetteer: Gazetteer, text: str, trigger: str, places: list[str]) -> None:
    """Not the spokesman's city, nor where rockets came from, nor the hospital; the finest place of a chain."""
    assert sorted(linked(gazetteer, text, trigger)[0]) == sorted(places)


@pytest.mark.parametrize(
    ("text", "trigger", "day"),
    [
        ("Gunmen killed two farmers in Kirkuk on Sunday, police said on Monday.", "killed", "2021-06-27"),
        ("The army said on Monday that gunmen killed two farmers in Kirkuk.", "killed", "2021-06-28"),
        ("A bomb exploded in Mosul on Friday, a day after gunmen fled Kirkuk.", "exploded", "2021-06-25"),
        ("Before Monday, 22 people had died in protests that began in May.", "died", "2021-05-01"),
        ("On Monday, two nuns who had been kidnapped on June 3 were set free.", "kidnapped", "2021-06-03"),
    ],
)
def test_the_day_when_it_happened(gazetteer: Gazetteer, text: str, trigger: str, day: str) -> None:
    """The day of the deed before the day of the saying; the latter where nothing else is told."""
    assert linked(gazetteer, text, trigger)[1] == day


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("MOSUL, Iraq, June 28 (Agency) - Gunmen", "-"),
        ("NIAMEY, Niger - At least", "- "),
        ("LA PAZ, 12 JAN 90 (EFE) -- [TEXT] GUNMEN", "--"),
        ("Gunmen killed two - at least - in Kirkuk.", ""),
    ],
)
def test_dateline_ends(text: str, end: str) -> None:
    """A dateline is told from the first sentence, and a sentence with dashes is none."""
    assert text[: dateline_end(text)].endswith(end)
    assert bool(dateline_end(text)) == bool(end)


def test_the_time_of_saying() -> None:
    """That "said on Monday" and "on Wednesday said" tell when it was said."""
    assert is_said_time("The ministry said on ", "")
    assert is_said_time("On ", " said that")
    assert not is_said_time("killed two on ", ".")


@pytest.mark.parametrize(
    ("title", "masthead"),
    [
        ("Boy shot at home - KABC News 12 Springfield, Weather & Sports", "KABC News 12 Springfield, Weather & Sports"),
        ("Two killed | WXYZ.com | Dayton, OH", "WXYZ.com | Dayton, OH"),
        ("Blast in market kills five - Daily Times", "Daily Times"),
        ("The blast - the second in Post Road this week - killed five.", ""),
        ("Rebels - and some civilians - leave Aleppo", ""),
        ("ATTACK ON TOWN -- NEWS OF THE DAY", ""),
    ],
)
def test_mastheads(title: str, masthead: str) -> None:
    """The publisher's name behind a dash or bar of a title is part of the head, a sentence with dashes is not."""
    text = f"{title}\n\nPolice said that nobody was arrested." if not title.isupper() else title
    spans = head(text).mastheads
    assert [text[start:end] for start, end in spans] == ([masthead] if masthead else [])


def places(gazetteer: Gazetteer, text: str, trigger: str) -> tuple[list[str], str]:
    """The words of the places of an event that the whole text tells, and the place that holds the first."""
    reading = read_text(text, published=TUESDAY, gazetteer=gazetteer)
    link = next(link for link in reading.links if link.event.text == trigger)
    return [site.text for site in link.sites], link.container.text if link.container else ""


def test_a_publishers_town_is_not_where_it_happened(gazetteer: Gazetteer) -> None:
    """A town in the masthead of a title serves only where nothing else is told."""
    title = "Man shot dead - KABC News 12 Shreveport, Weather & Sports"
    assert places(gazetteer, f"{title}\n\nThe victim lived in Baton Rouge.", "shot dead")[0] == ["Baton Rouge"]
    assert places(gazetteer, f"{title}\n\nNobody was arrested.", "shot dead")[0] == ["Shreveport"]


def test_a_street_is_no_town(gazetteer: Gazetteer) -> None:
    """What is listed with streets, or has blocks, lies in the town of the report."""
    text = "Detroit police look for a gunman.\n\nA woman was killed in the 1600 block of Edmore on Monday, police said."
    assert places(gazetteer, text, "killed") == (["Edmore"], "Detroit")


def test_a_city_is_no_quarter_of_another(gazetteer: Gazetteer) -> None:
    """What a report about one town tells of a city far away happened in that city."""
    text = "Khartoum, 20 September\n\nShells fell on Omdurman and Bahri.\n\nIn Port Sudan, teachers demonstrated."
    assert places(gazetteer, text, "demonstrated") == (["Port Sudan"], "")


def test_a_building_lies_in_the_town_behind_it(gazetteer: Gazetteer) -> None:
    """A namesake far away has no part in "the Litoral penitentiary in Guayaquil"."""
    text = "QUITO, July 23 - Inmates were killed in clashes at the Litoral penitentiary in Guayaquil on Saturday."
    words, holder = places(gazetteer, text, "clashes")
    assert (holder or words[0]) == "Guayaquil"


def test_a_relative_clause_adds_no_detail(gazetteer: Gazetteer) -> None:
    """In "protests that began in Cusco" the clause tells of those protests, not of the event before."""
    text = "Crowds marched in Juliaca. Shops were looted. In all, 22 died in protests that began in Cusco in May."
    assert places(gazetteer, text, "looted")[0] == ["Juliaca"]


def test_where_somebody_was_arrested(gazetteer: Gazetteer) -> None:
    """An arrest lends its place to no other deed."""
    text = "Two students died in Portland in May.\n\nA man was arrested in Salem on Monday. He had shot both of them."
    assert places(gazetteer, text, "shot")[0] != ["Salem"]


def test_the_town_of_a_local_report(gazetteer: Gazetteer) -> None:
    """Where the sentence names but the province, the town that the report is about is meant if it lies there."""
    text = "A boy was shot dead in Utah on Sunday.\n\nProvo police found the gun in Provo. Provo schools were closed."
    assert places(gazetteer, text, "shot dead")[0] == ["Provo"]


@pytest.mark.parametrize(
    ("text", "trigger", "place"),
    [
        ("Soldiers left Djibo on Sunday.\n\nGunmen killed two guards in the town the day after.", "killed", "Djibo"),
        (
            "Crowds marched in Juliaca.\n\nTwo people were shot dead in that city on Sunday.",
            "shot dead",
            "Juliaca",
        ),
        ("Two men were held in Gao.\n\nA bomb went off near the northern city on Sunday.", "went off", "Gao"),
        ("Fighting went on in Nineveh province.\n\nGunmen killed a farmer in the province.", "killed", "Nineveh"),
    ],
)
def test_a_place_meant_without_its_name(gazetteer: Gazetteer, text: str, trigger: str, place: str) -> None:
    """In "the town", "that same city": the place of that kind that was named last before the sentence."""
    reading = read_text(text, published=TUESDAY, gazetteer=gazetteer)
    link = next(link for link in reading.links if link.event.text == trigger)
    assert link.place_how == "sentence"
    assert link.sites[0].place
    assert link.sites[0].place.name == place


@pytest.mark.parametrize("words", ["the town of Kidal", "the town hall of Kidal", "the province", "a town"])
def test_no_place_is_meant(gazetteer: Gazetteer, words: str) -> None:
    """A name of its own, a building or another kind of place does not mean the town before."""
    reading = read_text(
        f"Soldiers left Djibo on Sunday. Gunmen killed two guards in {words}.", published=TUESDAY, gazetteer=gazetteer
    )
    killing = next(link for link in reading.links if link.event.text == "killed")
    assert "Djibo" not in {site.place.name for site in killing.sites if site.place and site.text != "Djibo"}


def test_a_quarter_of_the_datelines_town(gazetteer: Gazetteer) -> None:
    """A neighbourhood that the gazetteer lacks lies in the town of the report, not somewhere in its country."""
    text = "MAPUTO, June 27 (Wire) - Police in Mozambique shot dead a man in the Quibelane neighbourhood on Sunday."
    assert places(gazetteer, text, "shot dead") == (["Quibelane"], "MAPUTO")


def test_what_was_reported_somewhere_happened_there(gazetteer: Gazetteer) -> None:
    """That a deed "was reported" in a town tells where it was done, though nobody else's report of it does."""
    text = "PORTLAND, Ore. (Wire) - The stabbing was reported on Monday at a house in Salem. Nobody was arrested."
    assert places(gazetteer, text, "stabbing")[0] == ["Salem"]


@pytest.mark.parametrize(
    ("text", "town"),
    [
        (
            "Two were shot.\n\nBoth are men from Ogden, Utah. Police in Provo look for a gunman, the Provo police say.",
            "Provo",
        ),
        (
            "Two were shot.\n\nThey were taken to a hospital in Provo, Utah. Police in Tooele, the Tooele police say.",
            "Tooele",
        ),
        ("PROVO, Utah (Wire) - Two were shot.\n\nA man from Ogden, Utah, was seen.", "PROVO"),
    ],
)
def test_whose_police_looks_into_it(gazetteer: Gazetteer, text: str, town: str) -> None:
    """Where no sentence tells the place, the town whose police works goes before homes and hospitals."""
    assert places(gazetteer, text, "shot")[0] == [town]


def test_a_side_of_the_town_is_in_the_town(gazetteer: Gazetteer) -> None:
    """The city's west side is a part of the town that the report is about, not of the country."""
    text = "Detroit police look for a gunman.\n\nGunmen killed three in the south of the city on Monday."
    reading = read_text(text, published=TUESDAY, gazetteer=gazetteer)
    link = next(link for link in reading.links if link.event.text == "killed")
    assert [site.text for site in link.sites] == ["in the south of the city"]
    assert link.container
    assert link.container.place
    assert link.container.place.name == "Detroit"


def test_a_street_near_a_town_is_near_the_town(gazetteer: Gazetteer) -> None:
    """A street may meet another street, but it lies near a town that the report's towns lie around."""
    text = "Provo police look for a gunman.\n\nA boy was killed at a house on Mill Road near Spanish Fork on Monday."
    assert "near Spanish Fork" in str(places(gazetteer, text, "killed"))


def test_a_town_of_one_name_is_no_quarter(gazetteer: Gazetteer) -> None:
    """A far town of the country is believed where no other bears its name, though the resolver is not quite sure."""
    text = "JAYAPURA, Indonesia (Wire) - Two workers were killed near Oksibil on Sunday, police in Jayapura said."
    assert places(gazetteer, text, "killed")[0] == ["near Oksibil"]


def test_a_report_about_one_country_plays_there(gazetteer: Gazetteer) -> None:
    """A town abroad, though named as often and as early, is not what a report about a country is about."""
    text = (
        "Envoys met in Geneva, in the Geneva of lakes.\n\nSudanese gunmen killed two Sudanese farmers.\n\n"
        "Sudan has no peace, a Sudanese minister said. Khartoum is calm, and Sudan's army holds Khartoum."
    )
    assert places(gazetteer, text, "killed")[0] == ["Khartoum"]


LIST = """Weekly overview

- 6 June, Kirkuk: Gunmen killed two guards of a convoy.
- 7 June, Tikrit: An ambush in Ustawar area left a driver wounded.
- 8 June, Basra: Crowds protested in Zubair for jobs.

Mosul province:
Soldiers shelled two depots.

Syria. Soldiers abducted a teacher.

Nobody has claimed the attacks.
"""


@pytest.mark.parametrize(
    ("trigger", "place", "holder"),
    [
        ("killed", "Kirkuk", ""),
        ("ambush", "Ustawar", "Tikrit"),
        ("protested", "Zubair", ""),
        ("shelled", "Mosul", ""),
        ("abducted", "Syria", ""),
    ],
)
def test_the_label_of_a_line(gazetteer: Gazetteer, trigger: str, place: str, holder: str) -> None:
    """The name that heads a line tells where, or holds what the gazetteer lacks; finer places of the line go first."""
    assert places(gazetteer, LIST, trigger) == ([place], holder)


@pytest.mark.parametrize(
    "text",
    [
        "Iraq: Bomb kills five\n\nFive were killed in the blast.",
        "He said of Kirkuk: five were killed in the blast.",
        "Kirkuk, quiet for years: five were killed in the blast. Then it was quiet: very quiet.",
    ],
)
def test_no_label(gazetteer: Gazetteer, text: str) -> None:
    """A headline's country, or a name in the middle of a sentence, heads no list."""
    reading = read_text(text, published=TUESDAY, gazetteer=gazetteer)
    assert Labels(text, reading.sites).at(text.index("blast")) is None


def test_fired_from_somewhere_is_not_there(gazetteer: Gazetteer) -> None:
    """What is fired from a country comes down elsewhere: where the sentence tells no other place, it is unknown."""
    assert linked(gazetteer, "A shell that was fired from Lebanon killed a guard on Sunday.", "fired")[0] == []


@pytest.mark.parametrize(
    ("text", "trigger", "place", "holder"),
    [
        (
            "Gunmen killed a guard in the Ustawar reserve in Brazil's Pernambuco state.",
            "killed",
            "Ustawar",
            "Pernambuco",
        ),
        (
            "Two men were killed on the beach of Ustawar in the Mozambican district of Macomia, a man in Maputo said.",
            "killed",
            "Ustawar",
            "Macomia",
        ),
        (
            "Ten died as jets bombed a fair at Ustawar, a camp of the rebels in Sinjar district.",
            "bombed",
            "Ustawar",
            "Sinjar",
        ),
    ],
)
def test_what_holds_an_unknown_place(gazetteer: Gazetteer, text: str, trigger: str, place: str, holder: str) -> None:
    """The finest place that its own sentence names as holding it: not the land before the province, nor a demonym."""
    assert places(gazetteer, text, trigger) == ([place], holder)


def test_a_label_leaves_a_finer_holder(gazetteer: Gazetteer) -> None:
    """The town that the sentence names holds an unknown place, not the province that heads the line."""
    text = "Notes\n\nNineveh: Gunmen killed two at Ustawar, a camp in Sinjar district.\n\nBasra: Calm."
    assert places(gazetteer, text, "killed") == (["Ustawar"], "Sinjar")


@pytest.mark.parametrize(
    ("text", "trigger", "place", "holder"),
    [
        ("In Sweida, in the hills south of Damascus, guards killed two men.", "killed", "Sweida", ""),
        ("Gunmen killed two men in Tikrit, 140 km north of Baghdad.", "killed", "Tikrit", ""),
        ("Gunmen killed two men at Ustawar, near Mosul.", "killed", "Ustawar", "near Mosul"),
    ],
)
def test_a_phrase_that_describes_a_town(gazetteer: Gazetteer, text: str, trigger: str, place: str, holder: str) -> None:
    """Where a town lies, told behind its name, is no place beside it; behind an unknown name it says where that is."""
    assert places(gazetteer, text, trigger) == ([place], holder)


@pytest.mark.parametrize(
    ("text", "trigger", "place"),
    [
        (
            "A suicide bomber blew himself up outside an office in Chad's capital on Monday.",
            "blew himself up",
            "N'Djamena",
        ),
        ("Police opened fire on a crowd in the Guinean capital on Monday.", "opened fire", "Conakry"),
        ("Police shot a man dead in the Iraqi capital Baghdad on Monday.", "shot", "Baghdad"),
    ],
)
def test_a_capital_that_is_not_named(gazetteer: Gazetteer, text: str, trigger: str, place: str) -> None:
    """It is the capital of the land that the words name."""
    assert first_place(gazetteer, text, trigger) == place


@pytest.mark.parametrize(
    ("text", "trigger", "holder"),
    [
        ("MAPUTO - Men burned huts at Zzyland, in the Mozambican district of Macomia, on Monday.", "burned", "Macomia"),
        ("RAIPUR: Two men were killed near Zzypulla village in Sukma district on Monday.", "killed", "Sukma"),
        (
            "In the Kursk region, where troops broke through in summer, a bridge was hit by a strike near Zzyzh.",
            "strike",
            "Kursk",
        ),
        (
            "MOGADISHU, June 28 - Troops fought in the central Hiran region. They took the village of Zzyceel.",
            "took",
            "in the central Hiran",
        ),
    ],
)
def test_a_village_is_held_by_what_is_named_with_it(gazetteer: Gazetteer, text: str, trigger: str, holder: str) -> None:
    """Its district or region, told beside it, at the head of its sentence or in the sentence before; no dateline."""
    start = text.index(trigger)
    reading = read_text(text, published=TUESDAY, gazetteer=gazetteer, triggers=[(start, start + len(trigger))])
    container = reading.links[0].container
    assert container is not None
    assert container.text == holder


def test_the_part_of_a_land_opens_a_sentence(gazetteer: Gazetteer) -> None:
    """A land's name before the region does not hide that something is in the region, or in a district of it."""
    text = "In Russia's Bryansk region, a post in the Starodub district came under fire on Monday."
    assert linked(gazetteer, text, "came under fire")[0] == ["Starodub"]


def test_what_is_reported_from_a_town_happened_there(gazetteer: Gazetteer) -> None:
    """It is not where something came from."""
    text = "Clashes were also reported on Sunday from Melitopol in the occupied part of the Zaporizhzhia region."
    assert linked(gazetteer, text, "Clashes")[0] == ["Melitopol"]


def test_what_later_paragraphs_turn_to(gazetteer: Gazetteer) -> None:
    """Violence outside parliament is in the town of the dateline, not where another paragraph tells of a march."""
    text = (
        "SKOPJE, June 28 - Rioters broke windows on Monday.\n\n"
        "In Bitola, hundreds marched on Tuesday. In Bitola, shops were shut."
    )
    assert linked(gazetteer, text, "Rioters")[0] == ["SKOPJE"]
    text = "TBILISI, June 28 - Protesters clashed with police outside parliament.\n\nBatumi was calm, and Batumi slept."
    assert linked(gazetteer, text, "clashed")[0] == ["TBILISI"]


def test_a_town_before_a_colon_heads_the_report() -> None:
    """It tells where a report was written, unless other lines of the text begin so: then it is a list."""
    assert dateline_end("QUETTA: Four people were killed.") == len("QUETTA: ")
    assert dateline_end("QUETTA: Four people were killed.\nKARACHI: Two men were shot.") == 0


def first_place(gazetteer: Gazetteer, text: str, trigger: str) -> str:
    """The name of the place linked to the trigger."""
    start = text.index(trigger)
    reading = read_text(text, published=TUESDAY, gazetteer=gazetteer, triggers=[(start, start + len(trigger))])
    place = reading.links[0].sites[0].place
    return place.name if place else ""
