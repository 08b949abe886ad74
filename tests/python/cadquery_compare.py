"""Runs programs on the real CadQuery and on Partwright, compares what they measure and how long they take.

    python tests/python/cadquery_compare.py record                  the expectations of tests/programs, from CadQuery
    python tests/python/cadquery_compare.py compare [PROGRAMS...]   both on the same programs: agreement and speed

Needs a Python with CadQuery (`pip install cadquery`). PROGRAMS are CadQuery programs (`.py`), folders of them, or files
with one JSON object per line (`id`, `code`); without any, those of tests/programs. Ours are run by `--ours COMMAND`, which
gets the name of a file of the latter kind and prints one JSON object per line (`id`, `ok`, `volume`, `area`, `bbox`,
`solids`, `time_ms`, or `ok: false` and `error`); the default is `partwright run --batch`.

Agreement means 0.1 % in volume and area, 0.01 in every side of the box, and the same number of solids.

How the times are taken: both get the same single core (`--core`), one program after another in one process that is
already there, CadQuery first. Timed is what it takes from the text of a program to volume, area, box and number of
solids; on our side also face counts, the check of validity and that of the facets, on CadQuery's not `isValid`. Import of
CadQuery and start of our processes are left out of the times per program and are told apart. On a busy machine the sums of
processor time are the figures to go by.
"""

import argparse
import json
import os
import pathlib
import resource
import select
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAMS = pathlib.Path(__file__).parent.parent / "programs"


def result_of(names):
    """What a program made: `r`, `result`, or the last Workplane or shape it named."""
    import cadquery as cq

    for name in ("r", "result"):
        if name in names:
            return names[name]
    return [value for value in names.values() if isinstance(value, (cq.Workplane, cq.Shape))][-1]


def measure(code):
    """The properties of a program's result on the real CadQuery, or its error; with the seconds it took, by the clock
    and of the processor."""
    import cadquery as cq

    started, worked = time.perf_counter(), time.process_time()
    shape = None
    try:
        names = {"show_object": lambda shown, *_, **__: names.setdefault("result", shown), "__name__": "__cqgi__"}
        exec(compile(code, "program.py", "exec"), names)
        result = result_of(names)
        shapes = [result] if isinstance(result, cq.Shape) else [value for value in result.vals() if isinstance(value, cq.Shape)]
        shape = shapes[0] if len(shapes) == 1 else cq.Compound.makeCompound(shapes)
        answer = {"volume": shape.Volume(), "area": shape.Area()}
        box = shape.BoundingBox()
        answer["bbox"] = [box.xmin, box.ymin, box.zmin, box.xmax, box.ymax, box.zmax]
        answer["solids"] = len(shape.Solids())
        if not answer["solids"]:
            answer = {"error": "no solid"}
    except Exception as error:  # whatever a program does wrong
        answer = {"error": type(error).__name__, "message": str(error)}
    clock, processor = time.perf_counter() - started, time.process_time() - worked
    if "error" not in answer:
        answer["valid"] = shape.isValid()
    return answer, clock, processor


def serve():
    """Measures the programs of standard input, one JSON string per line."""
    answers, sys.stdout = sys.stdout, sys.stderr
    started = time.perf_counter()
    import cadquery  # noqa: F401

    json.dump(time.perf_counter() - started, answers)
    print(file=answers, flush=True)
    for line in sys.stdin:
        json.dump(measure(json.loads(line)), answers)
        print(file=answers, flush=True)


class CadQuery:
    """A process with the real CadQuery on one core, replaced when a program takes too long or ends it."""

    def __init__(self, core, limit):
        self.core, self.limit, self.process = core, limit, None

    def start(self):
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, __file__, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=pinned(self.core)
        )
        self.import_time = json.loads(self.process.stdout.readline())
        self.start_time = time.perf_counter() - started

    def measure(self, code):
        if self.process is None:
            self.start()
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline() if select.select([self.process.stdout], [], [], self.limit)[0] else None
        if line:
            return json.loads(line)
        self.stop()
        return {"error": "time-out" if line is None else "crash"}, self.limit, self.limit

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


def pinned(core):
    return lambda: core is None or os.sched_setaffinity(0, {core})


def programs_of(paths):
    """Pairs of a name and a program's text."""
    for path in map(pathlib.Path, paths or [PROGRAMS]):
        if path.suffix == ".jsonl":
            for line in filter(str.strip, path.read_text().splitlines()):
                yield json.loads(line)["id"], json.loads(line)["code"]
        elif path.is_dir():
            for file in sorted(path.rglob("*.py")):
                yield str(file.relative_to(path).with_suffix("")), file.read_text()
        else:
            yield str(path), path.read_text()


def record():
    for folder in sorted(path for path in PROGRAMS.iterdir() if path.is_dir()):
        expected = {}
        for path in sorted(folder.glob("*.py")):
            answer, _, _ = measure(path.read_text())
            answer.pop("message", None)
            expected[path.stem] = answer
        (folder / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
        print(f"{folder.name}: {len(expected)} programs")


def run_ours(command, programs, core):
    """Every program's answer by its name, the seconds of the command by the clock, and those of the processor."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as given:
        for name, code in programs:
            given.write(json.dumps({"id": name, "code": code}) + "\n")
        given.flush()
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        ended = subprocess.run(shlex.split(command) + [given.name], stdout=subprocess.PIPE, text=True, check=False, preexec_fn=pinned(core))
        clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    answers = {answer["id"]: answer for answer in map(json.loads, ended.stdout.splitlines()) if "id" in answer}
    missing = [name for name, _ in programs if name not in answers]
    if missing:
        sys.exit(f"{command!r} gave no answer for {len(missing)} of {len(programs)} programs, the first is {missing[0]}")
    return answers, clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def differences(ours, theirs):
    """What differs, in the order of the table."""
    far = lambda a, b: abs(a - b) > 1e-3 * max(abs(b), 1e-9)
    found = [what for what in ("volume", "area") if far(ours[what], theirs[what])]
    if any(abs(a - b) > 0.01 for a, b in zip(ours["bbox"], theirs["bbox"])):
        found.append("box")
    return found + ["solids"] * (ours["solids"] != theirs["solids"])


def print_agreement(ours, theirs):
    valid = [name for name, (answer, _, _) in theirs.items() if answer.get("valid")]
    refused = [name for name in valid if not ours[name]["ok"]]
    differ = {name: differences(ours[name], theirs[name][0]) for name in valid if ours[name]["ok"]}
    for name in refused:
        print(f"refused: {name}: {ours[name]['error']['message']}")
    for name in filter(differ.get, differ):
        pairs = ", ".join(f"{what} {ours[name][what]} for {theirs[name][0][what]}" for what in ("volume", "area", "bbox", "solids"))
        print(f"differs in {' and '.join(differ[name])}: {name}: {pairs}")
    invalid = [name for name in valid if ours[name]["ok"] and not (ours[name]["valid"] and ours[name]["watertight"])]
    for name in invalid:
        print(f"valid in CadQuery, not by our own checks: {name}")
    right = sum(not found for found in differ.values())
    share = lambda count: f"{count:6} {100 * count / max(len(valid), 1):8.2f} %"
    print(f"\nprograms                    {len(theirs):6}")
    print(f"  not valid in CadQuery     {len(theirs) - len(valid):6} (of these {sum(ours[name]['ok'] for name in theirs if name not in valid)} make a shape here)")
    print(f"  valid in CadQuery         {len(valid):6}")
    for what in ("volume", "area", "box", "solids"):
        print(f"    agree in {what:7}        {share(sum(what not in found for found in differ.values()))}")
    print(f"    agree in all            {share(right)}")
    print(f"    refused with an error   {share(len(refused))}")
    print(f"    differ                  {share(len(differ) - right)}")
    print(f"    not valid by our checks {share(len(invalid))}\n")


def print_speed(ours, theirs, cadquery, command_clock, command_processor):
    stopped = [name for name, (answer, _, _) in theirs.items() if answer.get("error") in ("time-out", "crash")]
    both = [name for name, (answer, _, _) in theirs.items() if "error" not in answer and ours[name]["ok"]]
    clock = [theirs[name][1] for name in both]
    our_clock = [ours[name]["time_ms"] / 1e3 for name in both]
    processor = sum(seconds for _, _, seconds in theirs.values())
    print(f"timed: {len(both)} programs that both make; stopped in CadQuery after {cadquery.limit:.0f} s: {', '.join(stopped) or 'none'}")
    rows = [
        ("median, ms", statistics.median(clock) * 1e3, statistics.median(our_clock) * 1e3),
        ("95 of 100 within, ms", sorted(clock)[len(clock) * 95 // 100] * 1e3, sorted(our_clock)[len(clock) * 95 // 100] * 1e3),
        ("sum, s", sum(clock), sum(our_clock)),
        ("median of ratios", None, statistics.median(a / b for a, b in zip(clock, our_clock))),
    ]
    print(f"{'by the clock, per program':28} {'CadQuery':>11} {'ours':>11} {'ratio':>11}")
    for what, a, b in rows:
        print(f"  {what:26} {'' if a is None else f'{a:.3f}':>11} {'' if a is None else f'{b:.3f}':>11} {b if a is None else a / b:10.1f}x")
    print(f"whole run of all {len(theirs)} programs")
    total = sum(seconds for _, seconds, _ in theirs.values())
    print(f"  {'processor, with starts, s':26} {processor + cadquery.import_time:11.3f} {command_processor:11.3f} {(processor + cadquery.import_time) / command_processor:10.1f}x")
    print(f"  {'processor, no import, s':26} {processor:11.3f} {command_processor:11.3f} {processor / command_processor:10.1f}x")
    print(f"  {'clock, with starts, s':26} {total + cadquery.start_time:11.3f} {command_clock:11.3f} {(total + cadquery.start_time) / command_clock:10.1f}x")
    print(f"import of CadQuery: {cadquery.import_time:.2f} s; our processor time counts all processes of the command, from start to end")


def compare(paths, command, core, limit):
    programs = list(programs_of(paths))
    cadquery = CadQuery(core, limit)
    cadquery.start()
    theirs = {}
    for done, (name, code) in enumerate(programs, 1):
        theirs[name] = cadquery.measure(code)
        if done % 50 == 0:
            print(f"CadQuery: {done} of {len(programs)}", file=sys.stderr, flush=True)
    cadquery.stop()
    ours, clock, processor = run_ours(command, programs, core)
    print_agreement(ours, theirs)
    print_speed(ours, theirs, cadquery, clock, processor)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["record", "compare", "serve"])
    parser.add_argument("programs", nargs="*", help="programs (.py), folders of them, or files of one JSON object per line")
    parser.add_argument("--ours", default="partwright run --batch", help="the command that runs ours")
    parser.add_argument("--core", type=int, help="the core that both run on, one after the other (Linux)")
    parser.add_argument("--limit", type=float, default=30, metavar="S", help="seconds that CadQuery gets for one program")
    arguments = parser.parse_args()
    if arguments.action == "record":
        record()
    elif arguments.action == "serve":
        serve()
    else:
        compare(arguments.programs, arguments.ours, arguments.core, arguments.limit)


if __name__ == "__main__":
    main()
