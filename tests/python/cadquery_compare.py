"""Runs programs on the real CadQuery and on Partwright, compares what they measure and how long they take.

    python tests/python/cadquery_compare.py record                  the expectations of tests/programs, from CadQuery
    python tests/python/cadquery_compare.py compare [PROGRAMS...]   both on the same programs: agreement and speed

Needs a Python with CadQuery (`pip install cadquery`). PROGRAMS are CadQuery programs (`.py`), folders of them, or files
with one JSON object per line (`id`, `code`); without any, those of tests/programs. Ours are run by `--ours COMMAND`, which
gets the name of a file of the latter kind and prints one JSON object per line (`id`, `ok`, `volume`, `area`, `bbox`,
`solids`, `time_ms`, or `ok: false` and `error`); the default is `partwright run --batch`.

Agreement means 0.1 % in volume and area, 0.01 in every side of the box, and the same number of solids.

How the times are taken: both get the same single core (`--core`), CadQuery first with some programs, then ours with the
same ones, and so on, so that both see the same load of the machine. CadQuery's process stays; ours are started anew every
time. Timed by the clock is what it takes from the text of a program to volume, area, box and number of solids; on our side
also faces, the check of validity and that of the facets, on CadQuery's not `isValid`. Import of CadQuery and start of our
processes are left out of these and are in the sums of processor time, which are the figures to go by on a busy machine.
"""

import argparse
import ast
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


def result_of(code, names):
    """What a program made: `r`, `result`, or what it named last."""
    import cadquery as cq

    assigned = [target.id for line in ast.parse(code).body for target in getattr(line, "targets", []) if isinstance(target, ast.Name)]
    for name in ["r", "result"] + assigned[::-1]:
        if isinstance(names.get(name), (cq.Workplane, cq.Shape)):
            return names[name]
    raise ValueError("no result")


def measure(code):
    """The properties of a program's result on the real CadQuery, or its error; with the seconds it took, by the clock
    and of the processor."""
    import cadquery as cq

    started, worked = time.perf_counter(), time.process_time()
    shape = None
    try:
        names = {"show_object": lambda shown, *_, **__: names.setdefault("result", shown), "__name__": "__cqgi__"}
        exec(compile(code, "program.py", "exec"), names)
        result = result_of(code, names)
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
    """Tells the processor time of importing CadQuery, then measures the programs of standard input, one JSON string per line."""
    answers, sys.stdout = sys.stdout, sys.stderr
    started = time.process_time()
    import cadquery  # noqa: F401

    json.dump(time.process_time() - started, answers)
    print(file=answers, flush=True)
    for line in sys.stdin:
        json.dump(measure(json.loads(line)), answers)
        print(file=answers, flush=True)


class CadQuery:
    """A process with the real CadQuery on one core, replaced when a program takes too long or ends it."""

    def __init__(self, core, limit):
        self.core, self.limit, self.process = core, limit, None

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, __file__, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=pinned(self.core)
        )
        self.import_time = json.loads(self.process.stdout.readline())

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
    """Every program's answer by its name, and the command's processor time in seconds, all its processes counted."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as given:
        for name, code in programs:
            given.write(json.dumps({"id": name, "code": code}) + "\n")
        given.flush()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = subprocess.run(
            shlex.split(command) + [given.name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False, preexec_fn=pinned(core)
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    answers = {answer["id"]: answer for answer in map(json.loads, ended.stdout.splitlines()) if "id" in answer}
    missing = [name for name, _ in programs if name not in answers]
    if missing:
        sys.exit(f"{command!r} gave no answer for {len(missing)} of {len(programs)} programs, the first is {missing[0]}")
    return answers, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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


def print_speed(ours, theirs, cadquery, our_processor):
    stopped = [name for name, (answer, _, _) in theirs.items() if answer.get("error") in ("time-out", "crash")]
    both = [name for name, (answer, _, _) in theirs.items() if "error" not in answer and ours[name]["ok"]]
    clock = [theirs[name][1] * 1e3 for name in both]
    our_clock = [ours[name]["time_ms"] for name in both]
    processor = sum(seconds for _, _, seconds in theirs.values())
    at = lambda times, share: sorted(times)[int(len(times) * share)]
    print(f"timed: {len(both)} programs that both make; stopped in CadQuery after {cadquery.limit:.0f} s: {', '.join(stopped) or 'none'}")
    print(f"{'':36} {'CadQuery':>10} {'ours':>10} {'ratio':>8}")
    row = lambda what, a, b: print(f"{what:36} {a:10.3f} {b:10.3f} {a / b:7.1f}x")
    row("by the clock, median, ms", statistics.median(clock), statistics.median(our_clock))
    row("by the clock, 95 of 100 within, ms", at(clock, 0.95), at(our_clock, 0.95))
    row("by the clock, sum, s", sum(clock) / 1e3, sum(our_clock) / 1e3)
    row("processor, all programs, s", processor, our_processor)
    row("the same with CadQuery's import, s", processor + cadquery.import_time, our_processor)
    print(f"median of the ratios by the clock: {statistics.median(a / b for a, b in zip(clock, our_clock)):.1f}x")
    print("our processor time has all processes of all our starts in it, and everything that is not timed by the clock")


def compare(paths, command, core, limit, together):
    programs = list(programs_of(paths))
    cadquery = CadQuery(core, limit)
    cadquery.start()
    theirs, ours, our_processor = {}, {}, 0.0
    for first in range(0, len(programs), together):
        some = programs[first : first + together]
        theirs |= {name: cadquery.measure(code) for name, code in some}
        answers, processor = run_ours(command, some, core)
        ours |= answers
        our_processor += processor
        print(f"{first + len(some)} of {len(programs)}", file=sys.stderr, flush=True)
    cadquery.stop()
    print_agreement(ours, theirs)
    print_speed(ours, theirs, cadquery, our_processor)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["record", "compare", "serve"])
    parser.add_argument("programs", nargs="*", help="programs (.py), folders of them, or files of one JSON object per line")
    parser.add_argument("--ours", default="partwright run --batch", help="the command that runs ours")
    parser.add_argument("--core", type=int, help="the core that both run on, one after the other (Linux)")
    parser.add_argument("--limit", type=float, default=30, metavar="S", help="seconds that CadQuery gets for one program")
    parser.add_argument("--together", type=int, default=100, metavar="N", help="programs that each side runs before the other does")
    arguments = parser.parse_args()
    if arguments.action == "record":
        record()
    elif arguments.action == "serve":
        serve()
    else:
        compare(arguments.programs, arguments.ours, arguments.core, arguments.limit, arguments.together)


if __name__ == "__main__":
    main()
