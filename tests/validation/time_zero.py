"""Competing risks, and analyses that begin later than the infusion."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from golden.reference import HERE, RECONSTRUCTION, SEED, arrays, golden, survival_data, survival_numbers
from stats.competing import NUMBERS as COMPETING
from stats.competing import mgus2_by
from stats.observed import exposed_at, observations

from lib.stats.competing_risks import cumulative_incidence, incidence_at
from lib.stats.cox import cause_specific_ratios
from lib.stats.cox_model import cox_model
from lib.stats.fine_gray import subdistribution_ratios
from lib.stats.log_rank import gray, logrank
from lib.stats.time_dependent import EXPOSED, UNEXPOSED, compare_exposure, landmark
from validation.line import Line, three, whole_curve

TITLES = {"ttp": "synthetic cohort, TTP", "os": "synthetic cohort, OS"}
MORE, COX = golden("survival_more"), golden("cox")


def competing() -> Iterator[Line]:
    rows, numbers = mgus2_by("sex"), golden("survival")["mgus2_competing"]
    for sex, expected in numbers["cif"].items():
        curve = cumulative_incidence(rows[0][rows[2] == sex], rows[1][rows[2] == sex])
        pcm, death = curve[1], curve[2]
        call = "survfit(Surv(time, factor(cause)) ~ sex)"
        yield whole_curve(
            "mgus2",
            f"cumulative incidence of progression, {sex}",
            call,
            [incidence_at(pcm, t).value for t in expected["times"]],
            expected["cif_pcm"],
        )
        yield whole_curve(
            "mgus2",
            f"cumulative incidence of death, {sex}",
            call,
            [incidence_at(death, t).value for t in expected["times"]],
            expected["cif_death"],
        )
    everybody = pd.read_json(HERE.parents[0] / "public_data" / "reference.json", typ="series")["survival_mgus2"][
        "aalen_johansen_cuminc"
    ]
    together = cumulative_incidence(rows[0], rows[1])
    pcm, death = together[1], together[2]
    for word, curve, key in (("progression", pcm, "pcm"), ("death", death, "death")):
        yield whole_curve(
            "mgus2",
            f"cumulative incidence of {word}, all",
            "survfit",
            [incidence_at(curve, t).value for t in everybody["times"]],
            everybody[key],
        )
    yield from _compared(rows, numbers)


def _compared(rows: tuple[Any, ...], numbers: dict[str, Any]) -> Iterator[Line]:
    """Groups of two competing causes: Gray's test and the ratios of both kinds."""
    for of, word in ((1, "progression"), (2, "death")):
        test = gray(*rows, of)
        yield Line(
            "mgus2", f"Gray's test of {word}, p", "cmprsk::cuminc", test.p, COMPETING["mgus2"]["gray"][str(of)]["p"]
        )
        ratio, _ = subdistribution_ratios(*rows, ["F", "M"], "F", of)["M"]
        expected = COMPETING["mgus2"]["fine_gray" if of == 1 else "fine_gray_2"]["M"]
        yield from three(
            "mgus2",
            f"subdistribution hazard ratio of {word}, M v F",
            "cmprsk::crr",
            ratio,
            tuple(expected[key] for key in ("hr", "low", "high")),
        )
    ratio, test = cause_specific_ratios(*rows, ["F", "M"], "F", 1)["M"]
    yield Line(
        "mgus2",
        "cause-specific hazard ratio of progression",
        "coxph(Surv(time, cause == 1) ~ sex)",
        ratio.value,
        numbers["cause_specific_hr"],
    )
    yield Line("mgus2", "cause-specific p", "coxph(Surv(time, cause == 1) ~ sex)", test.p, numbers["cause_specific_p"])


def time_zero() -> Iterator[Line]:
    numbers, wide = golden("survival")["heart_immortal_time"], pd.read_csv(HERE / "heart_wide.csv")
    time, event, exposure = (wide[name].to_numpy(float) for name in ("futime", "event", "exposure_day"))
    later, start = np.floor(time) + 1, exposure + 1  # as R's heart was made of jasa
    found, expected = (
        compare_exposure(later, event, np.where(start == later, start - 0.5, start)),
        numbers["time_dependent"],
    )
    yield from three(
        "heart",
        "time-dependent hazard ratio",
        "coxph(Surv(start, stop, event) ~ transplant)",
        found.hazard_ratio,
        tuple(expected[key] for key in ("hr", "lower", "upper")),
    )
    yield Line("heart", "Mantel-Byar p", "its score test", found.mantel_byar.p, expected["p_score"])
    for curve, key in ((found.unexposed, "no_tx"), (found.exposed, "tx")):
        at = [
            curve.survival[np.searchsorted(curve.time, t, side="right") - 1] for t in numbers["simon_makuch"]["times"]
        ]
        yield whole_curve(
            "heart",
            f"Simon-Makuch curve, {key}",
            "survfit(Surv(start, stop, event) ~ transplant)",
            at,
            numbers["simon_makuch"][key],
        )
    naive = np.where(np.isnan(exposure), UNEXPOSED, EXPOSED).astype(object)
    yield from landmarks(
        "heart",
        "from time zero (biased)",
        (time, event, naive),
        (numbers["naive"]["hr"], numbers["naive"]["logrank_p"]),
    )
    at = landmark(time, event, exposed_at(exposure, 30), 30)
    yield from landmarks(
        "heart",
        "landmark day 30",
        (at.time, at.event, at.group),
        (numbers["landmark30"]["hr"], numbers["landmark30"]["logrank_p"]),
    )


def formed_anew() -> Iterator[Line]:
    """The synthetic cohort: groups formed anew at a landmark, the final arm kept, and the time-dependent analysis."""
    began = pd.read_csv(RECONSTRUCTION.with_name("patients.csv"))["maintenance_start_month"].to_numpy(float)
    for name in SEED:
        data, rows = TITLES[name], arrays(survival_data(name))
        for month in (1, 2):
            at, expected = (
                landmark(*rows[:2], exposed_at(began, month), month),
                COMPETING["landmarks"]["rederived"][name][f"month_{month}"],
            )
            yield from landmarks(
                data,
                f"landmark month {month}, group as known then",
                (at.time, at.event, at.group),
                (expected["hr"], expected["logrank_p"]),
            )
        reference = survival_numbers(name)["reference_group"]
        for month in (1, 2, 3):
            expected = survival_numbers(name)["landmark"][f"month_{month}"]
            final = np.where(rows[2] == reference, UNEXPOSED, EXPOSED).astype(object)
            at = landmark(*rows[:2], final, month)
            yield from landmarks(
                data,
                f"landmark month {month}, final arm",
                (at.time, at.event, at.group),
                (expected["hr"], expected["logrank_p"]),
            )
        found, expected = compare_exposure(*rows[:2], began), survival_numbers(name)["time_dependent"]
        yield from three(
            data,
            "time-dependent hazard ratio",
            "coxph(Surv(start, stop, event) ~ on)",
            found.hazard_ratio,
            tuple(expected[key] for key in ("hr", "lower", "upper")),
        )
        yield Line(data, "Mantel-Byar p", "its score test", found.mantel_byar.p, expected["p_score_mantel_byar"])


def landmarks(data: str, what: str, rows: tuple[np.ndarray, ...], theirs: tuple[float, float]) -> Iterator[Line]:
    """Hazard ratio (Cox, also where the program itself would give Firth's) and log-rank p of exposed against
    unexposed."""
    time, event, group = rows
    fit = cox_model(observations(time, event, group == EXPOSED))
    yield Line(data, f"hazard ratio, {what}", "coxph(S ~ exposed)", fit.hazard_ratio(0).value, theirs[0])
    yield Line(data, f"log-rank p, {what}", "survdiff(S ~ exposed)", logrank(time, event, group).p, theirs[1])
