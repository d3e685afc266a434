"""No word of a figure is painted over its key or runs out of the picture: after a filter, in wide and narrow windows,
with long names."""

from browser.conftest import WINDOW
from browser.steps import follow, press, says, shown, sidebar, until, upload
from workbooks import xlsx

MEASURED = r"""() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg')]
  .filter(svg => svg.clientWidth).map(svg => {
  const lies = node => node.getBoundingClientRect();
  const box = node => { const {left, right, top, bottom} = lies(node); return [left, top, right, bottom] };
  const words = [...svg.querySelectorAll('text')].filter(node => node.textContent.trim() && lies(node).width);
  const isSmall = ({width, height}) => width + height && width < 60 && height < 30;
  const lines = [...svg.querySelectorAll('path:not(.background):not(.foreground), line')];
  const small = lines.filter(node => isSmall(lies(node)));
  const isKey = node => !!node.closest('.role-legend')
    || / \(\d+( of \d+)?\)$|^(Control|Pomalidomide)$/.test(node.textContent);
  return {frame: box(svg), texts: [
    ...words.map(node => ({words: node.textContent, box: box(node), key: isKey(node)})),
    ...small.map(node => ({words: 'symbol', box: box(node), key: false}))]}
})"""
NARROWER = (
    "width => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg')].every(svg => svg.clientWidth < width)"
)
SLACK = 1.5  # pixels; a box of a text is a little larger than its ink
LONG = tuple(
    f"{name} maintenance after infusion" for name in ("Daratumumab", "Pomalidomide", "Lenalidomide", "Bortezomib", "No")
)


def faults(screen) -> list[str]:
    said = []
    for figure in screen.evaluate(MEASURED):
        left, top, right, bottom = figure["frame"]
        for text in figure["texts"]:
            x, y, x2, y2 = text["box"]
            if x < left - SLACK or y < top - SLACK or x2 > right + SLACK or y2 > bottom + SLACK:
                said.append(
                    f"outside: {text['words']}"
                    f" {[round(a - b) for a, b in zip(text['box'], figure['frame'], strict=True)]}"
                )
        for text in (each for each in figure["texts"] if each["key"]):
            said += [
                f"{text['words']} over {other['words']}"
                for other in figure["texts"]
                if other is not text and meets(text["box"], other["box"])
            ]
    return said


def meets(one: list[float], other: list[float]) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > SLACK and down > -SLACK and (one[1] + SLACK < (other[1] + other[3]) / 2 < one[3] - SLACK)


def drawn(screen, words: str) -> None:
    screen.locator("[data-testid=stVegaLiteChart] svg").get_by_text(words, exact=False).first.wait_for()


def test_a_pill_paints_no_word_over_another(address, screen):
    screen.goto(f"{address}/?by=arm")
    for page, says_in_figure in (
        ("Labs", "(2 of 8)"),
        ("Kinetics", "(2 of 8)"),
        ("Survival", "5 (0)"),
        ("Swimmer", "Control"),
    ):
        follow(screen, page)
        drawn(screen, "Control")
        press(screen, "yes 7 of 7")
        says(screen, "7 of 16 patients")
        drawn(screen, says_in_figure)
        shown(screen)
        assert faults(screen) == [], page
        screen.set_viewport_size({"width": 700, "height": 900})
        until(screen, NARROWER, 700)
        assert faults(screen) == [], page
        screen.set_viewport_size(WINDOW)
        press(screen, "yes 7 of 7")
        says(screen, "16 of 16 patients")


def test_the_cross_of_a_long_filter_can_be_pressed_and_five_long_arms_are_not_cut(address, screen, tmp_path):
    rows = [(f"P{number}", LONG[number % 5], 1 + number * 7 % 31, number % 2) for number in range(25)]
    (tmp_path / "five.xlsx").write_bytes(xlsx({"Patients": [("patient_id", "arm", "os_months", "os_event"), *rows]}))
    screen.goto(address)
    upload(screen, tmp_path / "five.xlsx")
    says(screen, "25 of 25 patients")
    follow(screen, "Survival")
    press(screen, "Daratumumab")
    says(screen, "5 of 25 patients")
    cross = sidebar(screen).get_by_role("button", name="Arm: Daratumumab").get_by_test_id("stIconMaterial")
    box, panel = cross.bounding_box(), sidebar(screen).bounding_box()
    assert box["x"] + box["width"] < panel["x"] + panel["width"]
    cross.click()
    says(screen, "25 of 25 patients")
    for width in (1400, 700):
        screen.set_viewport_size(WINDOW | {"width": width})
        until(screen, NARROWER, width)
        for arm in LONG:
            drawn(screen, f"{arm} (5)")
        assert faults(screen) == [], width
