"""Makes pictures/*.svg: one small drawing of each example for Home, from its own values, in colours that are seen on
white and on black."""

from collections.abc import Iterable, Sequence
from math import log10
from typing import Final

import pandas as pd
from workbook import HERE

WIDTH, HEIGHT = 120, 64
STARTS: Final = (14, 34, 72)  # where each infusion stands
COLOURS: Final = ("#0072B2", "#E0762B", "#2A9D76")
AXES: Final = f'<path d="M6 4V{HEIGHT - 6}H{WIDTH - 4}" fill="none" stroke="#8C8C8C"/>'
Points = Sequence[tuple[float, float]]


def main() -> None:
    (HERE / "pictures").mkdir(exist_ok=True)
    for stem, draw in (
        ("pomalidomide_cohort", lanes),
        ("complete_cohort", curves),
        ("lenalidomide_case_synthetic", expansions),
        ("killing_assay", bars),
    ):
        sheets = pd.read_excel(HERE / f"{stem}.xlsx", sheet_name=None)
        drawing = "".join([AXES, *draw(sheets)])
        text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{drawing}</svg>\n'
        (HERE / "pictures" / f"{stem}.svg").write_text(text, encoding="utf-8")


def lanes(sheets: dict[str, pd.DataFrame]) -> Iterable[str]:
    """Overall survival of each patient, arm by arm."""
    os = (
        sheets["Endpoints"]
        .query("endpoint == 'os'")
        .merge(sheets["Patients"], on="patient_id")
        .query("analysis_set == 'included'")
    )
    os = os.sort_values(["arm", "time"], ascending=[True, False])
    for row, (time, event, arm) in enumerate(zip(os["time"], os["event"], os["arm"], strict=True)):
        y, end = 5.5 + row * 3.25, 8 + time / os["time"].max() * (WIDTH - 18)
        colour = COLOURS[arm != "Control"]
        yield f'<path d="M8 {y:.1f}H{end:.1f}" stroke="{colour}" stroke-width="2.3"/>'
        yield f'<circle cx="{end + 3:.1f}" cy="{y:.1f}" r="1.1" fill="#8C8C8C"/>' if event else ""


def curves(sheets: dict[str, pd.DataFrame]) -> Iterable[str]:
    """Kaplan-Meier curves of progression-free survival."""
    pfs = sheets["Endpoints"].query("endpoint == 'pfs' and infusion == 1").merge(sheets["Patients"], on="patient_id")
    for colour, (_, group) in zip(COLOURS, pfs.groupby("arm"), strict=False):
        alive, at_risk, path = 1.0, len(group), f"M8 {_down(1.0):.1f}"
        for time, event in sorted(zip(group["time"], 1 - group["event"], strict=True)):
            alive *= 1 - (1 - event) / at_risk
            at_risk -= 1
            path += f"H{8 + time / pfs['time'].max() * (WIDTH - 14):.1f}V{_down(alive):.1f}"
        yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def expansions(sheets: dict[str, pd.DataFrame]) -> Iterable[str]:
    """Copies in blood after each infusion, on the logarithm."""
    found = sheets["Kinetics"].query("specimen == 'blood' and assay == 'qPCR'")
    found = (
        found.assign(value=pd.to_numeric(found["value"], errors="coerce"))
        .dropna(subset=["day", "value"])
        .query("day <= 90")
    )
    for infusion, given in found.sort_values("day").groupby("infusion"):
        points = [
            (STARTS[infusion - 1] + 3 + day * 0.4, _down(log10(value) / 5.6))
            for day, value in zip(given["day"], given["value"], strict=True)
        ]
        yield _line(points, COLOURS[infusion - 1])
    for start in STARTS:
        yield f'<path d="M{start} {HEIGHT - 6}v-6m-2 2l2 -2l2 2" fill="none" stroke="#8C8C8C"/>'


def bars(sheets: dict[str, pd.DataFrame]) -> Iterable[str]:
    """Killing by concentration: how far the optical density lies between control and maximum."""
    density = (
        sheets["Assays"]
        .query("experiment == 'Killing'")
        .groupby(["measure", "concentration"], dropna=False)["value"]
        .mean()
    )
    control, most = density["OD control"].iloc[0], density["OD maximum"].iloc[0]
    killed = (density["OD sample"] - control) / (most - control)
    for place, share in enumerate(killed):
        left, top = 12 + place * 27, _down(float(share))
        yield (
            f'<path d="M{left} {HEIGHT - 6}V{top:.1f}h18V{HEIGHT - 6}z" fill="{COLOURS[0]}"'
            f' fill-opacity="{0.4 + 0.2 * place:.1f}"/>'
        )


def _down(share: float) -> float:
    return HEIGHT - 6 - share * (HEIGHT - 12)


def _line(points: Points, colour: str) -> str:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.2" fill="{colour}"/>' for x, y in points)
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>{dots}'


if __name__ == "__main__":
    main()
