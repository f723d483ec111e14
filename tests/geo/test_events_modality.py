"""What is reported is kept apart from what is denied, planned, threatened, imagined, rehearsed or long past."""

from __future__ import annotations

from functools import partial

import pytest

from geo import events

find = partial(events.find, learned=False)
"""The tables alone."""


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Militants attacked a village.", "reported"),
        ("The army did not shell the town.", "negated"),
        ("There was no attack on the convoy.", "negated"),
        ("There is no evidence that rebels kidnapped the nuns.", "negated"),
        ("The ministry denied that its jets bombed the port.", "denied"),
        ("The group dismissed reports of shelling near the dam.", "denied"),
        ("The rebels denied involvement in the bombing.", "reported"),
        ("There is no evidence that the union is responsible for the explosion.", "reported"),
        ("He denied that the delay is linked to the assassination of the judge.", "reported"),
        ("Cornered, the rebels resorted to kidnap villagers.", "reported"),
        ("The militia plans to attack the base.", "planned"),
        ("Unions called for a protest in the capital.", "planned"),
        ("An offensive scheduled for spring worries the rebels.", "planned"),
        ("The militias vowed to strike back.", "threatened"),
        ("The group threatened to bomb the pipeline.", "threatened"),
        ("If the rebels attack, the army will answer.", "hypothetical"),
        ("Guards were posted to prevent an attack on the embassy.", "hypothetical"),
        ("Rebels could attack the bridge.", "hypothetical"),
        ("The missile is capable of striking the capital; officials fear that militants may bomb it.", "hypothetical"),
        ("During a military exercise jets bombed a hill.", "exercise"),
        ("Troops fought a mock battle on the beach.", "exercise"),
        ("Decades ago rebels massacred the villagers.", "historical"),
        ("The town marked the anniversary of the massacre.", "historical"),
        ("The United States has carried out drone strikes in the country for years.", "historical"),
        ("Protests have been held in the capital every Friday for months.", "historical"),
        ("More than 300 people have been killed in attacks by bandits since the beginning of the year.", "historical"),
        ("The bus was shelled on Tuesday on a road that has been fired on for months.", "reported"),
        ("On 5 May gunmen killed four men, the tenth such attack so far this year.", "reported"),
        ("Had the bomb gone off at noon, hundreds could have died.", "hypothetical"),
        ("Members debated a bill to punish those who loot shops.", "planned"),
        ("The house will vote on sending troops to the border.", "planned"),
        ("Kidnappings for ransom have driven farmers off their land.", "historical"),
        ("Mines have killed scores of herders in the hills.", "historical"),
        ("Attacks by militias have displaced many villagers since the vote.", "historical"),
        ("Police have arrested 300 people since the unrest began.", "reported"),
        ("Airstrikes have killed 40 people in the town.", "reported"),
        ("Protests have spread to the capital.", "reported"),
        ("Rebels have killed three hostages.", "reported"),
        ("Police have arrested dozens of protesters.", "reported"),
        ("Anger rose over the arrest of a teacher.", "diplomatic"),
        ("The bishop prayed for the victims of the attack.", "diplomatic"),
        ("The mayor dismissed rumours that a bomb had been found in the stadium.", "denied"),
        ("In the scenario of the drill helicopters attack a column.", "exercise"),
        ("The minister held talks with his guest.", "diplomatic"),
        ("The army arrested the commander in May.", "reported"),
        ("Rebels managed to capture the town.", "reported"),
        ("Rebels tried to capture the town.", "reported"),
    ],
)
def test_a_cue_sets_the_modality(text: str, modality: str) -> None:
    """The last event of each sentence is told in this way."""
    found = find(text)
    assert found
    assert found[-1].modality == modality
    assert modality in {"reported", "diplomatic"} or found[-1].reasons["cue"]


def test_a_cue_does_not_reach_another_clause() -> None:
    """A denial after the fact leaves the fact reported."""
    first = find("Rebels shelled the town, but the army denied that it bombed the port.")[0]
    assert first.modality == "reported"


def test_the_injured_of_no_attack_do_not_unmake_it() -> None:
    """That nobody was hurt says nothing against the attack."""
    events = find("No one was injured in the attack on the base.")
    assert [event.modality for event in events] == ["reported"]
