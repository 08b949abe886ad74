"""Makes the fonts of assets/fonts from the full ones, so that the program carries only the glyphs it draws.

Usage: python subset.py Phosphor.ttf Inter-Regular.otf Inter-SemiBold.otf JetBrainsMono-Regular.ttf
Needs fonttools. The icons kept are the code points written in app/src/window/icon.rs.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "assets/fonts"
LATIN = "U+0020-007E,U+00A0-017F,U+0394,U+03B1-03C9,U+2010-2026,U+2030,U+2032,U+2033,U+20AC,U+2190-2193,U+2212,U+2248,U+2264,U+2265,U+00B0,U+2205,U+2300,U+221E"


def subset(source: str, name: str, unicodes: str) -> None:
    """Writes the named glyphs of `source` as TrueType or OpenType, without hinting."""
    target = OUT / name
    subprocess.run(
        [sys.executable, "-m", "fontTools.subset", source, f"--unicodes={unicodes}", f"--output-file={target}",
         "--no-hinting", "--layout-features=kern,calt,ccmp,locl,mark,mkmk,tnum,zero"],
        check=True,
    )
    print(target, target.stat().st_size, "bytes")


def main() -> None:
    phosphor, regular, semibold, mono = sys.argv[1:]
    icons = re.findall(r"\\u\{([0-9A-Fa-f]+)\}", (ROOT / "app/src/window/icon.rs").read_text())
    subset(phosphor, "phosphor-icons.ttf", ",".join(f"U+{code}" for code in icons))
    subset(regular, "inter-regular.otf", LATIN)
    subset(semibold, "inter-semibold.otf", LATIN)
    subset(mono, "jetbrains-mono-regular.ttf", LATIN)


main()
