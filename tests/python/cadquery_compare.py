"""Runs programs on the real CadQuery and on Partwright, compares what they measure and how long they take.

    python tests/python/cadquery_compare.py record                 the expectations of tests/programs, from CadQuery
    python tests/python/cadquery_compare.py compare [FILE.jsonl]   both on the same programs: agreement and speed

Needs a Python with CadQuery (`pip install cadquery`). `compare` takes the programs of tests/programs, or of a file with
one JSON object per line (`id`, `code`), and runs ours by `--ours COMMAND`, which gets the name of such a file and
prints one JSON object per line (`id`, `ok`, `volume`, `area`, `bbox`, `solids`, `time_ms`) or `ok: false`; the default is
`partwright run --batch`. Both run one program after another in one process, and only the programs are timed.
"""

import argparse
import json
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAMS = pathlib.Path(__file__).parent.parent / "programs"


def measure(code):
    """The properties of a program's result on the real CadQuery, or its error; and the seconds it took."""
    import cadquery as cq

    started = time.perf_counter()
    try:
        names = {}
        exec(compile(code, "program.py", "exec"), names)
        result = next((names[name] for name in ("r", "result") if name in names), None)
        if result is None:
            made = [value for value in names.values() if isinstance(value, cq.Workplane)]
            result = made[-1]
        shapes = [value for value in result.vals() if isinstance(value, cq.Shape)]
        shape = shapes[0] if len(shapes) == 1 else cq.Compound.makeCompound(shapes)
        properties = {"volume": shape.Volume(), "area": shape.Area()}
        elapsed = time.perf_counter() - started
        box = shape.BoundingBox()
        properties["bbox"] = [box.xmin, box.ymin, box.zmin, box.xmax, box.ymax, box.zmax]
        properties["solids"] = len(shape.Solids())
        properties["valid"] = shape.isValid()
        if not properties["solids"]:
            return {"error": "no solid"}, elapsed
        return properties, elapsed
    except Exception as error:  # whatever a program does wrong
        return {"error": type(error).__name__}, time.perf_counter() - started


def own_programs():
    return [{"id": str(path.relative_to(PROGRAMS).with_suffix("")), "code": path.read_text()} for path in sorted(PROGRAMS.glob("*/*.py"))]


def record():
    for folder in sorted(path for path in PROGRAMS.iterdir() if path.is_dir()):
        expected = {path.stem: measure(path.read_text())[0] for path in sorted(folder.glob("*.py"))}
        (folder / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
        print(f"{folder.name}: {len(expected)} programs")


def agree(ours, theirs):
    near = lambda a, b: abs(a - b) <= 1e-3 * max(abs(b), 1e-9)
    return (
        near(ours["volume"], theirs["volume"])
        and near(ours["area"], theirs["area"])
        and ours["solids"] == theirs["solids"]
        and all(abs(a - b) <= 0.01 for a, b in zip(ours["bbox"], theirs["bbox"]))
    )


def compare(file, command):
    programs = [json.loads(line) for line in pathlib.Path(file).read_text().splitlines() if line.strip()] if file else own_programs()
    theirs = {}
    for program in programs:
        theirs[program["id"]] = measure(program["code"])
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as given:
        for program in programs:
            given.write(json.dumps({"id": program["id"], "code": program["code"]}) + "\n")
        given.flush()
        printed = subprocess.run(shlex.split(command) + [given.name], capture_output=True, text=True, check=False).stdout
    ours = {answer["id"]: answer for answer in map(json.loads, printed.splitlines()) if "id" in answer}
    missing = [program["id"] for program in programs if program["id"] not in ours]
    if missing:
        sys.exit(f"{command!r} gave no answer for {len(missing)} of {len(programs)} programs, the first is {missing[0]}")
    valid = [name for name, (answer, _) in theirs.items() if answer.get("valid")]
    refused = [name for name in valid if not ours[name]["ok"]]
    wrong = [name for name in valid if ours[name]["ok"] and not agree(ours[name], theirs[name][0])]
    for name in wrong:
        print(f"differs: {name}")
    for name in refused:
        print(f"refused: {name}: {ours[name]['error']['message']}")
    right = len(valid) - len(refused) - len(wrong)
    print(f"{right} of {len(valid)} programs that are valid in CadQuery agree ({100 * right / max(len(valid), 1):.2f} %), {len(refused)} are refused, {len(wrong)} differ")
    both = [name for name in valid if ours[name]["ok"]]
    cadquery_ms = [theirs[name][1] * 1e3 for name in both]
    our_ms = [ours[name]["time_ms"] for name in both]
    print(f"time per program, median: CadQuery {statistics.median(cadquery_ms):.2f} ms, ours {statistics.median(our_ms):.2f} ms")
    print(f"time of all {len(both)}: CadQuery {sum(cadquery_ms) / 1e3:.2f} s, ours {sum(our_ms) / 1e3:.2f} s")
    print(f"ratio of speed: {statistics.median(cadquery_ms) / statistics.median(our_ms):.1f} by medians, {sum(cadquery_ms) / sum(our_ms):.1f} by sums")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["record", "compare"])
    parser.add_argument("file", nargs="?", help="programs, one JSON object per line")
    parser.add_argument("--ours", default="partwright run --batch", help="the command that runs ours")
    arguments = parser.parse_args()
    if arguments.action == "record":
        record()
    else:
        compare(arguments.file, arguments.ours)


if __name__ == "__main__":
    main()
