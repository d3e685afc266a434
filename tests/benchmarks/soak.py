"""Many readers at once, and what goes wrong elsewhere: errors, how long a filter takes, processor time, memory, lost
downloads.

make soak; make soak ARGS="--users 30 --minutes 10". Each reader is a WebSocket session of its own (soak_reader.py): she
opens the example, presses a filter every three seconds, changes pages, exports, and opens a workbook of her own. Then
the faults of soak_faults.py, one after the other. Exit code 1 where a reader saw an error, a download was lost or a
fault was not survived.
"""

import argparse
import asyncio
import random
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import median, quantiles
from typing import Final

from benchmarks import soak_faults
from benchmarks.soak_reader import Fault, Reader, require
from benchmarks.soak_server import ROOT, Server

EVERY: Final = 3.0  # seconds between two clicks of a reader
PAGES: Final = ("survival", "baseline", "swimmer", "response", "toxicity", "labs", "kinetics")
FILTERS: Final = ("filter emd", "filter arm", "filter high_risk_cytogenetics")
OWN: Final = ROOT / "data" / "complete_cohort.xlsx"
FORMATS: Final = ("csv", "docx", "xlsx", "svg", "pdf", "png")
KEPT: Final = 5  # seconds for which a closed session is kept here; 60 by default
ALONE: Final = 15  # filter steps of a single reader
REPORTS: Final = 3  # one more than are made at once
LOOK: Final = 0.7  # seconds between two looks at a report, as on the page


class Seen:
    """What all readers saw."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()
        self.downloads: Counter[int] = Counter()

    @property
    def runs(self) -> int:
        return sum(map(len, self.seconds.values()))


async def one_reader(address: str, number: int, until: float, seen: Seen) -> Reader:
    """All that a reader does; what goes wrong is counted and she goes on."""
    draw, reader = random.Random(number), Reader(address)
    await asyncio.sleep(draw.random() * EVERY)
    seen.seconds["open"].append(await reader.open(draw.choice(PAGES)))
    step = draw.randrange(20)
    while (begun := time.monotonic()) < until:
        step += 1
        try:
            await _step(reader, step, draw, seen)
        except (Fault, OSError, TimeoutError) as error:
            seen.errors[f"{type(error).__name__}: {error}"[:160]] += 1
        await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - begun)))
    return reader


async def _step(reader: Reader, step: int, draw: random.Random, seen: Seen) -> None:
    """A filter, mostly; every fifth time another page, every tenth an export, every fortieth a workbook of her own."""
    if step % 40 == 20:
        await reader.go("home")
        seen.seconds["upload"].append(await reader.upload("upload", f"mine{step}.xlsx", OWN.read_bytes()))
    elif step % 10 == 3:
        await _download(reader, draw, seen)
    elif step % 5 == 0:
        seen.seconds["page"].append(await reader.go(draw.choice(PAGES)))
    else:
        seen.seconds["filter"].append(await _press_a_filter(reader, draw))


async def _press_a_filter(reader: Reader, draw: random.Random) -> float:
    key = draw.choice([key for key in FILTERS if key in reader.elements])
    offered = [option.content for option in reader.widget(key).options]
    return await reader.set(key, draw.choice([[], *([each] for each in offered)]))


async def _download(reader: Reader, draw: random.Random, seen: Seen) -> None:
    """A file of the page; half of the time the page runs again after the button was pressed, or before the file is
    asked for."""
    menus = [key for key in reader.elements if key.startswith("menu ")]
    if not menus:
        return
    await reader.open_menu(draw.choice(menus).removeprefix("menu "))
    buttons = [key for key in reader.elements if key.startswith("download ") and key.endswith(FORMATS)]
    key, when = draw.choice(buttons), draw.choice(("before", "after", "never", "never"))
    if when == "before":
        await reader.send_run()
    begun = time.monotonic()
    file = await reader.file_of(key)
    if when == "before":
        await reader.run_ends()
    if when == "after":
        for _ in range(3):
            seen.seconds["filter"].append(await _press_a_filter(reader, draw))
    status, _, content = await reader.ask("GET", file)
    seen.downloads[status if content else 0] += 1
    if when == "never":
        seen.seconds["export"].append(time.monotonic() - begun)


async def alone(server: Server) -> float:
    """Processor seconds of a filter step of Survival where nobody else is there; before that she does all once, so the
    server is warm."""
    reader, draw = Reader(server.address), random.Random(0)
    await reader.open("survival")
    await reader.ask("GET", await reader.export("survival.ttp", "png"))
    for page in (*PAGES, "home"):
        await reader.go(page)
    await reader.upload("upload", "mine.xlsx", OWN.read_bytes())
    await reader.close()
    await reader.open("survival")
    before = server.seconds()[0]
    for _ in range(ALONE):
        await _press_a_filter(reader, draw)
    used = (server.seconds()[0] - before) / ALONE
    await reader.close()
    return used


async def load(server: Server, users: int, minutes: float) -> bool:
    """The readers, and the table of what they saw; whether all went well."""
    print(f"One reader alone: {await alone(server):.3f} s of processor for a filter step of Survival.")
    base = await _settled(server)
    seen, before, begun = Seen(), server.seconds(), time.monotonic()
    until = begun + 60 * minutes
    readers = await asyncio.gather(*(one_reader(server.address, number, until, seen) for number in range(users)))
    used, lasted, full = server.seconds(), time.monotonic() - begun, server.megabytes()
    own, others = (now - then for now, then in zip(used, before, strict=True))
    for reader in readers:
        await reader.close()
    after = await _settled(server)
    _print(seen, users, lasted)
    print(f"Processor: {own / seen.runs:.3f} s a run of a page ({seen.runs} runs), {own / lasted:.2f} of a core;")
    print(f"{others / lasted:.2f} of a core for reading workbooks and drawing exports, in processes of their own.")
    for what, first, most, last in zip(
        ("the server", "processes for reading and drawing"), base, full, after, strict=True
    ):
        print(
            f"Memory of {what}: {first:.0f} MB before, {(most - first) / users:.1f} MB more a reader,"
            f" {last - first:+.0f} MB after they left."
        )
    for line in server.wrong()[:10]:
        print(f"In the log: {line[:200]}")
    return not seen.errors and set(seen.downloads) <= {200} and not server.wrong()


async def beside_reports(server: Server) -> bool:
    """How long a filter takes one reader while nobody else is there, and while three others have reports made; whether
    these arrive."""
    reader, others, draw = Reader(server.address), [Reader(server.address) for _ in range(REPORTS)], random.Random(0)
    await reader.open("survival")
    for other in others:
        await other.open("report")
        await other.press("usual report")
    before = [await _press_a_filter(reader, draw) for _ in range(ALONE)]
    making = [asyncio.create_task(_report(other)) for other in others]
    during = []
    while not all(task.done() for task in making):
        during.append(await _press_a_filter(reader, draw))
    sizes = await asyncio.gather(*making)
    _print_times({"a filter, nobody else there": before, f"a filter, {REPORTS} reports being made": during})
    print(f"The reports: {', '.join(f'{size / 1e6:.1f} MB' for size in sizes)}.\n")
    for each in (reader, *others):
        await each.close()
    return min(sizes) > 0


async def _report(reader: Reader) -> int:
    """Have the usual report made, look how far it is until it is done, and take it home: its size."""
    await reader.press("make report")
    while "download report" not in reader.elements:
        await asyncio.sleep(LOOK)
        if reader.followed:
            await reader.send_run(fragment_id=reader.followed)
            await reader.run_ends()
    status, _, content = await reader.ask("GET", await reader.file_of("download report"))
    require(status == 200, f"the report was answered {status}")
    return len(content)


def _print(seen: Seen, users: int, lasted: float) -> None:
    print(f"{users} readers, {lasted / 60:.1f} minutes:\n")
    _print_times(seen.seconds)
    print(f"Errors: {sum(seen.errors.values())}", *(f"\n  {n} x {what}" for what, n in seen.errors.items()))
    lost = sum(n for status, n in seen.downloads.items() if status != 200)
    print(f"Downloads: {sum(seen.downloads.values())}, not arrived: {lost} {dict(seen.downloads)}")


def _print_times(seconds: Mapping[str, Sequence[float]]) -> None:
    print("| what | times | median, s | 95th percentile, s | longest, s |\n|---|---|---|---|---|")
    for what, times in seconds.items():
        high = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
        print(f"| {what} | {len(times)} | {median(times):.2f} | {high:.2f} | {max(times):.2f} |")
    print()


async def _settled(server: Server) -> tuple[float, float]:
    """The memory once closed sessions are gone."""
    await asyncio.sleep(2 * KEPT + 3)
    return server.megabytes()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--users", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--workers", type=int, default=1, help="so many servers behind nginx (deploy/workers.py)")
    parser.add_argument("--no-faults", action="store_true", help="the load only")
    parser.add_argument("--no-load", action="store_true", help="the faults only")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no server is left behind
    well = True
    if not asked.no_load:
        with Server({"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(KEPT)}, workers=asked.workers) as server:
            well = asyncio.run(load(server, asked.users, asked.minutes))
            well = asyncio.run(beside_reports(server)) and well
    if not asked.no_faults:
        well = soak_faults.survived() and well
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
