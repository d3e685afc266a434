"""The files of ten centres in a real browser: from the upload to a Kaplan-Meier curve with R's numbers, by at most five
answers.

Every click is counted: also Open, and both clicks of a list that opens. `make layouts` walks all ten and prints the
clicks.
"""

import os
import re

import pytest
from browser.steps import click_and_wait
from intake.layouts import R_ALL, R_ARMS
from intake.ten_layouts import R_IN_DAYS, TEN

MOST = 5
SOME = [each for each in TEN if each.name == "registry"]  # the others with `make layouts`
DAYS_A_MONTH = 30.4375


class Reader:
    """One who presses what she sees, and counts."""

    def __init__(self, screen) -> None:
        self.screen, self.clicks, self.answers = screen, 0, 0

    @property
    def main(self):
        return self.screen.locator("[data-testid=stMain]")

    def click(self, place) -> None:
        place.click()
        self.clicks += 1

    def answer(self, place) -> None:
        """The last click of an answer, and its effect."""
        click_and_wait(self.screen, place)
        self.clicks += 1
        self.answers += 1

    def press(self, words: str) -> None:
        """A choice of a question."""
        self.answer(self.main.locator("label", has_text=words).or_(self.main.get_by_role("button", name=words)).first)

    def role(self, column: str, label: str) -> None:
        """Another role for a column, in the editor."""
        self.click(self.main.get_by_text("Change how a sheet is read", exact=True))
        box = self.main.get_by_role("combobox", name=re.compile(rf"{column}: read as"))
        self.click(box)
        box.fill(label)
        self.answer(self.screen.get_by_role("option", name=label))

    def open(self) -> None:
        self.click(self.main.locator("[data-testid=stBaseButton-primary]", has_text="Open"))
        self.screen.locator("h1", has_text="Survival").wait_for()
        self.screen.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()


def arms(reader: Reader) -> None:
    reader.press("The group (arm) of the patients")


def alive_is_no_event(reader: Reader) -> None:
    """Both codes are proposed; Open waits until their owner has confirmed it."""
    assert reader.main.locator("[data-testid=stBaseButton-primary]", has_text="Open").is_disabled()
    reader.press("Confirm")


ANSWERS = {  # by layout, what its owner answers beyond what is proposed
    "registry": lambda reader: reader.role("D", "infusion date (Patients)"),
    "word table": alive_is_no_event,
    "two arms": arms,
    "coloured": arms,
}
ARMS = {"redcap": ("A", "B"), "two arms": ("CAR-T alone", "CAR-T + pomalidomide"), "coloured": ("orange", "green")}


def shown(text: str, group: str) -> tuple[int, int, float]:
    """n, events and median of this group, as the table on the screen has them."""
    n, events, median = re.search(rf"{re.escape(group)}\s+(\d+)\s+(\d+)\s+([\d.]+)\s\(", text).groups()
    return int(n), int(events), float(median)


def in_months(result: tuple[int, int, float]) -> tuple[int, int, float]:
    """R's result as the page shows it: months, one decimal."""
    n, events, median = result
    return n, events, float(f"{median / DAYS_A_MONTH if result == R_IN_DAYS else median:.1f}")


@pytest.mark.parametrize("layout", TEN if os.environ.get("LAYOUTS") == "all" else SOME, ids=lambda each: each.name)
def test_a_centres_file_becomes_rs_curve(address, screen, layout, capsys):
    screen.goto(address)
    reader = Reader(screen)
    file = {"name": layout.file, "mimeType": "", "buffer": layout.content}
    screen.locator("[data-testid=stFileUploader] input[type=file]").set_input_files([file])
    reader.main.get_by_text("This is how your file was read").first.wait_for()
    ANSWERS.get(layout.name, lambda _: None)(reader)
    reader.open()
    reader.main.get_by_text("Median, months").first.wait_for()
    text = reader.main.inner_text().translate({0xA0: " ", 0x2011: "-", 0x2060: None})
    groups = dict(zip(ARMS.get(layout.name, ()), R_ARMS.values(), strict=False)) or {"All patients": layout.result}
    assert {group: shown(text, group) for group in groups} == {
        group: in_months(result) for group, result in groups.items()
    }
    assert reader.answers <= MOST and layout.result in (R_ALL, R_IN_DAYS)
    top = screen.locator("[data-testid=stVegaLiteChart]").first.bounding_box()
    assert top and 0 <= top["y"] < 900, "the first figure is not in view"
    with capsys.disabled():
        print(
            f"\n{layout.name:20} {reader.answers} answers, {reader.clicks} clicks, n, events, median {layout.result}",
            end="",
        )
