"""What is measured. Each runs in a process of its own, so that its memory is its own."""

import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import populations
from benchmarks.populations import ON

REPEATS = 3000


def peak_mb():
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Clock:
    """Wall and processor seconds of a block, and the peak after it."""

    def __enter__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_):
        self.wall = time.perf_counter() - self.wall
        self.cpu = time.process_time() - self.cpu

    def result(self, **more):
        return {"wall": self.wall, "cpu": self.cpu, "peak_mb": peak_mb(), **more}


def percentiles(once, repeats=REPEATS):
    """Milliseconds of one call: the half and 95 of 100 are quicker."""
    for _ in range(50):
        once()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        once()
        taken.append(time.perf_counter() - start)
    taken.sort()
    return {"p50_ms": taken[repeats // 2] * 1e3, "p95_ms": taken[repeats * 95 // 100] * 1e3}


def explained(case, repeats):
    from peiyu.policy.explain import Assessment, program
    from peiyu.policy.rulebooks import HNTE

    laid = program(HNTE, ON)

    def once():
        judged = Assessment(laid, case)
        return judged.outcomes, judged.hard, judged.score, judged.verdict

    return percentiles(once, repeats)


def explain_flat():
    return explained(populations.flat_case(), REPEATS)


def explain_full():
    return explained(populations.full_case(), REPEATS // 6)


def reasons_flat():
    """Every reason in words: formula, values, facts, what is missing, for each criterion."""
    from peiyu.policy.explain import Assessment, program
    from peiyu.policy.reasons import Reasons
    from peiyu.policy.rulebooks import HNTE

    laid, case = program(HNTE, ON), populations.flat_case()

    def once():
        reasons = Reasons(Assessment(laid, case))
        return [reasons.of(criterion) for criterion in HNTE.criteria]

    return percentiles(once, REPEATS // 10)


def memory(size):
    from peiyu.policy.columns import Population, judge
    from peiyu.policy.rulebooks import HNTE

    held = populations.enterprises(0, size).collect()
    before = peak_mb()
    with Clock() as clock:
        judged = judge(HNTE, Population(held.lazy()), ON).collect(engine="streaming")
    assert judged.height == size
    return clock.result(held_mb=before, data_mb=held.estimated_size() / 1e6)


def parquet(size):
    import polars as pl

    from peiyu.policy.columns import Population, judge
    from peiyu.policy.rulebooks import HNTE

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        in_a_process_of_its_own("write", str(source), str(size))
        with Clock() as clock:
            judge(HNTE, Population(pl.scan_parquet(source)), ON).sink_parquet(target)
        assert pl.scan_parquet(target).select(pl.len()).collect().item() == size
        return clock.result()


def duckdb(size):
    """The statement, with 800 MB at the most for DuckDB; the peak is that of the whole process."""
    import os

    from peiyu.batch.engines.duck import DuckDB
    from peiyu.batch.engines.judging import judge_into
    from peiyu.batch.frames import read_parquet
    from peiyu.policy.rulebooks import HNTE

    os.environ["PEIYU_DUCKDB_MEMORY"] = "800MB"
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        in_a_process_of_its_own("write", str(source), str(size))
        frames = read_parquet(source, ON)
        with Clock() as clock:
            judge_into(target, frames, HNTE, ON, HNTE.readings(), DuckDB())
        return clock.result()


def long(size):
    """A row for each enterprise and hard condition."""
    import polars as pl

    from peiyu.policy.columns import Population, judge
    from peiyu.policy.rulebooks import HNTE

    names = [criterion.id for criterion in HNTE.group("hard")]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        in_a_process_of_its_own("write", str(source), str(size))
        with Clock() as clock:
            judged = judge(HNTE, Population(pl.scan_parquet(source)), ON)
            judged.unpivot(on=names, index="key").sink_parquet(target)
        return clock.result(rows=size * len(names))


def replay(size):
    """Read, and judged twice: by the law, and with eight of a hundred staff in science for ten."""
    from peiyu.batch.sides import side
    from peiyu.cli.replay import replayed
    from peiyu.policy.rulebooks import HNTE

    other = side(ON, None, {"hnte_st_staff_share": "8%"})
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.parquet"
        in_a_process_of_its_own("write", str(source), str(size))
        with Clock() as clock:
            told = replayed(source, HNTE, side(ON), other, "zh", None, ())
        return clock.result(changed=told.replay.total.changed)


def tables(size):
    from peiyu.policy.columns import Population, judge
    from peiyu.policy.rulebooks import HNTE

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in", Path(folder) / "out.parquet"
        in_a_process_of_its_own("write_full", str(source), str(size))
        facts, rows = populations.scanned(source)
        with Clock() as clock:
            judge(HNTE, Population(facts, rows), ON).sink_parquet(target)
        return clock.result(rows=size * sum(populations.ROWS.values()))


def write(path, size):
    populations.write_flat(Path(path), int(size))
    return {}


def write_full(path, size):
    populations.write_full(Path(path), int(size))
    return {}


def arrays(size):
    """The same measures for OpenFisca: float32, what is missing is zero."""
    import numpy

    from benchmarks.openfisca_hnte import STATED

    held = populations.enterprises(0, size).collect()
    stated = {name: held[name].fill_null(0).to_numpy().astype(numpy.float32) for name in STATED}
    for name in ("resident", "legal_person"):
        stated[name] = held[name].to_numpy()
    stated["established_on"] = held["established_on"].to_numpy().astype("datetime64[D]")
    return stated


def openfisca_million(size=1_000_000):
    from benchmarks.openfisca_hnte import judged, simulation, system

    rules, stated = system(), arrays(size)
    before = peak_mb()
    with Clock() as clock:
        judged(simulation(rules, stated, size))
    return clock.result(held_mb=before)


def openfisca_one():
    from benchmarks.openfisca_hnte import judged, simulation, system

    rules, stated = system(), arrays(1)

    def once():
        made = simulation(rules, stated, 1, trace=True)
        return judged(made), made.tracer.get_serialized_flat_trace()

    return percentiles(once, 100)


def in_a_process_of_its_own(name, *arguments):
    """Run one of these functions in a fresh interpreter and give its answer."""
    import json
    import subprocess

    command = [sys.executable, "-m", "benchmarks.measures", name, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main():
    import json

    name, *arguments = sys.argv[1:]
    if name in ("memory", "parquet", "tables", "duckdb", "long", "replay"):
        arguments = [int(arguments[0])]
    print(json.dumps(globals()[name](*arguments)))


if __name__ == "__main__":
    main()
