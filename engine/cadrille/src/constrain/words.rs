//! The words of the dialect: what may stand after a dot, before an equals sign, and alone.

/// The first line of every program.
pub(super) const HEADER: &str = "import cadquery as cq\n";

/// The variable that a program leaves its result in.
pub(super) const RESULT: &str = "r";

/// What `cq` has.
pub(super) const OF_MODULE: [&str; 4] = ["Workplane", "Vector", "Plane", "Sketch"];

/// Methods of workplanes and sketches.
pub(super) const METHODS: [&str; 33] = [
    "add",
    "arc",
    "assemble",
    "box",
    "center",
    "circle",
    "close",
    "cut",
    "cylinder",
    "extrude",
    "face",
    "finalize",
    "hole",
    "intersect",
    "lineTo",
    "moveTo",
    "polyline",
    "push",
    "pushPoints",
    "rarray",
    "polarArray",
    "rect",
    "reset",
    "revolve",
    "rotate",
    "segment",
    "sketch",
    "sphere",
    "threePointArc",
    "translate",
    "union",
    "workplane",
    "placeSketch",
];

/// Arguments by name.
pub(super) const KEYWORDS: [&str; 10] =
    ["angle", "axisEnd", "axisStart", "both", "centered", "clean", "combine", "mode", "offset", "origin"];

/// Strings: planes and modes.
pub(super) const STRINGS: [&str; 11] = ["XY", "YZ", "ZX", "XZ", "YX", "ZY", "a", "s", "i", "c", "r"];

/// Values that are written as words.
pub(super) const CONSTANTS: [&str; 3] = ["True", "False", "None"];

/// Whether `beginning` is how a variable's name begins: `r`, or `w` with a number of at most two digits.
pub(super) fn begins_variable(beginning: &[u8]) -> bool {
    match beginning {
        [] | b"r" | b"w" => true,
        [b'w', digits @ ..] => {
            digits.len() <= 2 && digits.iter().all(u8::is_ascii_digit) && (digits.len() == 1 || digits[0] != b'0')
        }
        _ => false,
    }
}

/// Whether it is a whole one.
pub(super) fn is_variable(name: &[u8]) -> bool {
    begins_variable(name) && !name.is_empty() && name != b"w"
}

/// Whether one of `words` begins so.
pub(super) fn begins_one(words: &[&str], beginning: &[u8]) -> bool {
    words.iter().any(|word| word.as_bytes().starts_with(beginning))
}

/// Whether it is one of `words`.
pub(super) fn is_one(words: &[&str], word: &[u8]) -> bool {
    words.iter().any(|known| known.as_bytes() == word)
}
