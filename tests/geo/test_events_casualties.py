"""Killed and injured as intervals, in the grammar of one sentence, and their tally over an incident."""

from __future__ import annotations

from functools import partial

import pytest

from geo import events
from geo.events import Event, tally

find = partial(events.find, learned=False)
"""The tables alone."""

Told = tuple[int, int | None] | None


def told(text: str) -> tuple[Told, Told]:
    """The largest killed and injured that any event of the text carries."""
    killed, injured = tally(find(text))
    return (
        (killed.minimum, killed.maximum) if killed else None,
        (injured.minimum, injured.maximum) if injured else None,
    )


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        ("Twelve people were killed in an air strike.", (12, 12), None),
        ("An air strike killed 12 people and wounded 30.", (12, 12), (30, 30)),
        ("An air raid left nine dead and at least 20 wounded.", (9, 9), (20, None)),
        ("The blast killed at least five soldiers.", (5, None), None),
        ("More than 40 died when a bomb exploded.", (41, None), None),
        ("Dozens were injured in clashes with the army.", None, (24, None)),
        ("Between 12 and 15 rebels were killed in the raid.", (12, 15), None),
        ("Gunmen killed 12 people, including two children.", (12, 12), None),
        ("Gunmen killed two men and a child.", (3, 3), None),
        ("Twenty-one people, among them six women, were killed by a car bomb.", (21, 21), None),
        ("A bomb killed a policeman and injured his two sons.", (1, 1), (2, 2)),
        ("No one was injured in the rocket attack.", None, (0, 0)),
        ("No one was killed or injured in the rocket attack.", (0, 0), (0, 0)),
        ("There were no casualties in the shelling.", (0, 0), (0, 0)),
        ("Rockets hit the base.", None, None),
        ("A judge was shot dead by gunmen.", (1, 1), None),
        ("Four people were shot, one fatally, in the bar.", (1, 1), (3, 3)),
        ("Six men were shot in a market.", None, (6, 6)),
        ("Mortar fire claimed the lives of three nurses.", (3, 3), None),
        ("The death toll of the bombing rose to 21.", (21, 21), None),
        ("THREE REBELS WERE KILLED AND SEVEN OTHERS WERE WOUNDED DURING CLASHES WITH THE ARMY.", (3, 3), (7, 7)),
        ("A bomb killed a man aged 34.", (1, 1), None),
        ("Gunmen shot dead a 22-year-old trader on 5 May.", (1, 1), None),
        ("A mother of three was gunned down by militants.", (1, 1), None),
        ("Nearly 50 people were wounded by a grenade attack.", None, (45, 50)),
        ("A grenade attack wounded 1,200 people.", None, (1200, 1200)),
        ("Two of the 12 attackers were killed in the raid.", (2, 2), None),
        ("Rockets hit the base; no casualties.", (0, 0), (0, 0)),
        ("A bomb exploded near the gate but no one was hurt.", None, (0, 0)),
        ("The bodies of six men with gunshot wounds were found in a shooting range after an attack.", (6, 6), None),
        ("A missile hit a flat, killing a family of four.", (4, 4), None),
        ("Air defences shot down 18 drones in the attack.", None, None),
        ("Five people died in a bus crash after an attack on the road.", None, None),
        ("A 12-year-old was hurt after he and three others were shot on a court.", None, (4, 4)),
        ("City news: Three dead, two wounded in shooting.", (3, 3), (2, 2)),
        ("Clashes left four soldiers and eleven militants dead.", (15, 15), None),
        ("The mayor was assassinated along with five others.", (6, 6), None),
        ("A man fatally shot his wife, Jane, 34, and their two-year-old son.", (2, 2), None),
        ("Youths, 16 and 10, were killed in a shooting.", (2, None), None),
        ("Their 6- and 10-year-old sons were killed in the attack.", (2, None), None),
        ("Two people were shot, and a third was injured.", None, (3, 3)),
        ("A gunman shot dead three clerks before killing himself.", (4, 4), None),
        ("Eight people were taken to a hospital after a shooting.", None, (8, 8)),
        ("Three people were killed and 17 were taken to hospital after a bombing.", (3, 3), (17, 17)),
        ("Gunmen killed three guards; 22 were admitted to hospital.", (3, 3), (22, 22)),
        ("Five people were taken to hospital, where two died, after a shooting.", (2, 2), (3, 3)),
        ("A shooting sent four people to the hospital.", None, (4, 4)),
        ("A mob beat a man to death.", (1, 1), None),
        ("Ten people were shot in the attack; two of them died.", (2, 2), (8, 8)),
        ("There have been 44 homicides and 12 shootings in the city so far this year.", None, None),
        ("A gunman killed four friends and seriously wounded another.", (4, 4), (1, 1)),
        ("Two men were killed and a woman was also shot in the bar.", (2, 2), (1, 1)),
        ("Boy, 3, shot in the head at a fair.", None, (1, 1)),
        ("Detectives have no suspects in the Sept. 14 homicide of a trader.", (1, 1), None),
        ("Soldiers arrested a shooting suspect.", None, None),
        ("Six people were taken to San Marino General with injuries after a shooting.", None, (6, 6)),
        ("A family member died of a gunshot wound after a shooting.", (1, 1), None),
        ("The death of a boy who killed himself with a rifle after an attack shook the town.", (1, 1), None),
        ("A soldier shot and killed a cook, then shot and killed himself.", (2, 2), None),
        ("The death toll from Friday's bombing of a bus station rose from 12 to 21.", (21, 21), None),
        ("A woman in her 20s and a child were shot dead.", (2, 2), None),
        ("The gunshot victims, all in their early 30s to mid-40s, were wounded in the attack.", None, (2, None)),
        ("Gunmen fired shots inside 22-04 Harbour Avenue, killing a guard.", (1, 1), None),
        ("A gunman killed two people at 1203 North Mill Street.", (2, 2), None),
        ("Two brothers — Adam, 9, and Paul, 8 — were shot dead.", (2, 2), None),
        ("Soldiers killed a 6-y-old during the raid.", (1, 1), None),
        ("Two boys, ages 7 and 10, and two adults were shot dead.", (4, 4), None),
        ("A boy was shot and taken to a Children's Hospital.", None, (1, 1)),
        ("Gunmen shot the miner's dog.", None, None),
        ("A miner, 20, was shot several times and died at a clinic.", (1, 1), (0, 0)),
        ("The shooting victim who died on Monday was shot in a bar.", (1, 1), (0, 0)),
        ("Family of four found shot dead in a flat.", (4, 4), None),
        ("Man, toddler found dead after shooting", (2, 2), None),
        ("Police: Mother, 2 children shot dead", (3, 3), None),
        ("3 People Found Shot To Death Inside Car", (3, 3), None),
        ("Jane Roe, her husband and six children were shot dead.", (8, 8), None),
        ("In Lima, two children were shot dead.", (2, 2), None),
        ("Jane Roe, 34, and two others were killed by gunmen.", (3, 3), None),
        ("The driver - one of six others standing at the gate - was killed in the attack.", (1, 1), None),
        ("A clerk was one of three people wounded in the attack.", None, (3, 3)),
        ("Police investigate a double murder-suicide.", (3, 3), None),
        ("A triple homicide shook the village.", (3, 3), None),
        ("Two men were held over a triple shooting.", None, (3, 3)),
        ("Relatives and friends of a boy shot dead in May held a vigil.", (1, 1), None),
        ("He was charged over the death of his partner's seven month old baby in an attack.", (1, 1), None),
        ("Fifth person dies after attack by gunmen.", (5, 5), None),
        ("He accidentally shot another boy, killing him.", (1, 1), None),
        ("A gunman shot three women, killing them.", (3, 3), None),
        ("Read it at https://news.site.com/2015/19/boy-shot-law/ or on paper.", None, None),
        ("Troops searched the gate.Twelve people were shot in the town.", None, (12, 12)),
        ("A herder was killed and his brother seriously hurt by a landmine.", (1, 1), (1, 1)),
        ("A man was wounded by gunmen and later died.", (1, 1), None),
        ("Gunman killed man, woman and her baby, police say", (3, 3), None),
        ("Image 32 of 40 A vigil for a woman who was shot dead.", (1, 1), None),
        ("Two traders, a 59-year-old woman among them, were killed by shells.", (2, 2), None),
        ("A bomb went off near a bridge, wounding two of them.", None, (2, 2)),
        ("Troops fight insurgents who have killed thousands across the region.", None, None),
        ("Eight members of one family were killed by a shell.", (8, 8), None),
        ("A guard was shot dead and another guard, who stood at the gate, was wounded.", (1, 1), (1, 1)),
        ("Gunmen shot dead a man and his two sons.", (3, 3), None),
        ("A shell killed a couple and their four children.", (6, 6), None),
        ("Two dozen villagers were killed in the raid.", (24, 24), None),
        ("Militants killed a score of farmers.", (20, 20), None),
        ("At least 15 people, five of them officers, were wounded in clashes.", None, (15, None)),
        ("Gunmen killed two guards; 17 people were wounded.", (2, 2), (17, 17)),
        ("Clashes left 40 dead, while 20 people were wounded.", (40, 40), (20, 20)),
        ("A rebel was shot dead and another died of his wounds.", (2, 2), None),
        ("Two guards were stabbed in the attack.", None, (2, 2)),
        ("Arrest made in homicide after a party.", (1, None), None),
        ("A vigil was held after the deadly bombing.", (1, None), None),
        ("The gang is engaged in crimes such as murder and robbery.", None, None),
        ("A gunman was charged with assault with a deadly weapon after the shooting.", None, None),
        ("He faces two counts of attempted first-degree murder after the shooting.", None, None),
        ("Gunmen tried to kill a judge in an ambush.", None, None),
        ("Homicide detectives were at the scene of the shooting.", None, None),
    ],
)
def test_counts_are_read_as_told(text: str, killed: Told, injured: Told) -> None:
    """Digits and words, bounds and ranges, parts that are already counted, none, and silence."""
    assert told(text) == (killed, injured)


def test_a_count_names_its_words() -> None:
    """The span of a count is the words that say it."""
    text = "An air strike killed at least 12 people."
    (event,) = find(text)
    assert event.fatalities
    assert text[event.fatalities.start : event.fatalities.end] == "at least 12"


def test_what_only_grammar_says_is_not_explicit() -> None:
    """A name or a singular verb is one person, but no number was told."""
    (event,) = find("The governor was assassinated at dawn.")
    assert event.fatalities
    assert (event.fatalities.minimum, event.fatalities.explicit) == (1, False)


def events(text: str) -> list[Event]:
    """Every event of a text."""
    return find(text)


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        ("Five people were shot at a fair. One man was killed by the gunmen.", (1, 1), (4, 4)),
        ("A man was shot in the street. The man was shot and killed by gunmen.", (1, 1), (0, 0)),
        ("Gunmen killed three. Gunmen killed a total of eight people.", (8, 8), None),
        ("A man was shot dead in a bar. A third victim was taken to a hospital with wounds.", (1, 1), (2, 2)),
        ("A man was taken to a hospital after a shooting. He died there of his wounds.", (1, 1), (0, 0)),
        ("Rockets killed five people. Thirteen others were treated in hospital.", (5, 5), (13, 13)),
        ("A guard was shot dead by a gunman. The gunman was also killed.", (2, 2), None),
        ("Gunmen killed three guards. A driver was also killed.", (3, 3), None),
    ],
)
def test_a_tally_counts_nobody_twice(text: str, killed: Told, injured: Told) -> None:
    """Who was shot and died is not injured; of several counts the largest stands."""
    assert told(text) == (killed, injured)


def test_a_tally_of_nothing_is_unknown() -> None:
    """No events, no counts: unknown, not zero."""
    assert tally([]) == (None, None)
