//! Which format a file's content is.

use super::stl::claimed_triangles;
use super::text::{Lines, is_text, next_word, without_bom};
use super::{FileFormat, FormatError};

/// A format with the variant that needs a reader of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detected {
    StlBinary,
    StlAscii,
    Ply,
    Obj,
    ThreeMf,
    Points,
}

/// Looks at the content; `hint` decides only between readings that the content allows alike.
///
/// # Errors
/// `EmptyFile`, or `Unrecognised` with what the content looks like.
pub(super) fn detect(bytes: &[u8], hint: Option<FileFormat>) -> Result<Detected, FormatError> {
    if bytes.is_empty() {
        return Err(FormatError::EmptyFile);
    }
    // A length that fits the count in the header to the byte is proof enough, whatever the header says.
    if matches!(claimed_triangles(bytes), Some((1.., true))) {
        return Ok(Detected::StlBinary);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Detected::ThreeMf);
    }
    if is_ply(bytes) {
        return Ok(Detected::Ply);
    }
    let text = is_text(bytes);
    let first_word = first_word(bytes).to_ascii_lowercase();
    if text && first_word == b"solid" {
        return Ok(Detected::StlAscii);
    }
    if let Some(known) = foreign(bytes) {
        return Err(FormatError::Unrecognised { looks_like: known.to_owned() });
    }
    if text {
        return detect_text(bytes, hint);
    }
    // A damaged binary STL has no mark; these are the reasons to take the file for one and say what is wrong with it.
    let whole =
        matches!(claimed_triangles(bytes), Some((count @ 1.., _)) if 84 + 50 * u64::from(count) <= bytes.len() as u64);
    if whole || first_word.starts_with(b"solid") || hint == Some(FileFormat::Stl) {
        return Ok(Detected::StlBinary);
    }
    Err(FormatError::Unrecognised { looks_like: "binary data of an unknown kind".to_owned() })
}

fn is_ply(bytes: &[u8]) -> bool {
    let rest = without_bom(bytes).strip_prefix(b"ply").unwrap_or_default();
    rest.first().is_some_and(u8::is_ascii_whitespace)
}

fn first_word(bytes: &[u8]) -> &[u8] {
    next_word(&mut without_bom(&bytes[..bytes.len().min(256)])).unwrap_or_default()
}

/// Tells an OBJ file from a text of points by its first meaningful lines.
fn detect_text(bytes: &[u8], hint: Option<FileFormat>) -> Result<Detected, FormatError> {
    /// Comments and odd lines at the top of a file; beyond them it is neither.
    const LINES: usize = 200;
    let mut lines = Lines::new(bytes);
    let mut seen = None;
    for _ in 0..LINES {
        let Some(line) = lines.next_filled() else { break };
        let mut rest = line;
        let word = next_word(&mut rest).unwrap_or_default();
        if word.starts_with(b"#") || word.starts_with(b"//") {
            continue;
        }
        seen.get_or_insert(line);
        if is_obj_keyword(word) {
            return Ok(Detected::Obj);
        }
        if super::points::looks_like_points(line) {
            return Ok(Detected::Points);
        }
    }
    match (hint, seen) {
        (Some(FileFormat::Obj), _) => Ok(Detected::Obj),
        (Some(FileFormat::Points), _) => Ok(Detected::Points),
        (Some(FileFormat::Stl), Some(_)) => Ok(Detected::StlAscii),
        (_, Some(line)) => {
            Err(FormatError::Unrecognised { looks_like: format!("a text that begins {}", super::error::quote(line)) })
        }
        (_, None) => Err(FormatError::Unrecognised { looks_like: "a text without any data line".to_owned() }),
    }
}

fn is_obj_keyword(word: &[u8]) -> bool {
    matches!(
        word,
        b"v" | b"vn"
            | b"vt"
            | b"vp"
            | b"f"
            | b"fo"
            | b"l"
            | b"p"
            | b"o"
            | b"g"
            | b"s"
            | b"mtllib"
            | b"usemtl"
            | b"mg"
            | b"surf"
            | b"curv"
            | b"cstype"
    )
}

/// Files that people drop here by mistake, by their first bytes.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    let marks: [(&[u8], &str); 17] = [
        (b"ISO-10303-21", "a STEP file, which is an exact model already"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xFF\xD8\xFF", "a JPEG picture"),
        (b"%PDF", "a PDF document"),
        (b"glTF", "a glTF binary; export it as STL, PLY or OBJ"),
        (b"Kaydara FBX", "an FBX file; export it as STL, PLY or OBJ"),
        (b"\x1F\x8B", "a gzip archive; unpack it first"),
        (b"7z\xBC\xAF", "a 7-zip archive; unpack it first"),
        (b"Rar!", "a RAR archive; unpack it first"),
        (b"BZh", "a bzip2 archive; unpack it first"),
        (b"OFF", "an OFF mesh; export it as STL, PLY or OBJ"),
        (b"# .PCD", "a PCD cloud; export it as PLY or XYZ"),
        (b"LASF", "a LAS cloud; export it as PLY or XYZ"),
        (b"ASTM-E57", "an E57 cloud; export it as PLY or XYZ"),
        (b"\xFF\xFE", "a text in UTF-16; save it as UTF-8"),
        (b"\xFE\xFF", "a text in UTF-16; save it as UTF-8"),
        (b"\x7FELF", "a program"),
    ];
    marks.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|&(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        let check = |bytes: &[u8], hint: Option<&str>, expected: Detected| {
            let found = detect(bytes, hint.and_then(FileFormat::from_extension)).unwrap();
            assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(bytes));
        };
        let stl = |header: &[u8], claimed: u32, stored: usize| {
            let mut bytes = header.to_vec();
            bytes.resize(80, 0);
            bytes.extend(claimed.to_le_bytes());
            bytes.resize(84 + stored * 50, 0);
            bytes
        };
        check(&stl(b"solid facet", 2, 2), Some("obj"), Detected::StlBinary);
        check(&stl(b"", 2, 3), None, Detected::StlBinary);
        check(&stl(b"", 3, 2), Some("stl"), Detected::StlBinary);
        check(&stl(b"solid", 3, 2), None, Detected::StlBinary);
        check(b"solid a\nfacet", Some("ply"), Detected::StlAscii);
        check(b"\xEF\xBB\xBFSOLID\r\n", None, Detected::StlAscii);
        check(b"ply\r\nformat", Some("stl"), Detected::Ply);
        check(b"PK\x03\x04...", None, Detected::ThreeMf);
        check(b"# made by hand\n\nv 1 2 3\n", Some("txt"), Detected::Obj);
        check(b"mtllib a.mtl\n", None, Detected::Obj);
        check(b"1 2 3\n", Some("obj"), Detected::Points);
        check(b"x,y,z\n1,2,3\n", None, Detected::Points);
    }

    #[test]
    fn strangers_are_named() {
        let check = |bytes: &[u8], expected: &str| {
            let error = detect(bytes, None).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(b"", "the file is empty");
        check(b"\x89PNG\r\n\x1a\n", "a PNG picture");
        check(b"ISO-10303-21;\nHEADER;", "a STEP file");
        check(b"{\"a\": 1}", "a text that begins \"{\\\"a\\\": 1}\"");
        check(b"\n\n# nothing\n", "a text without any data line");
        check(&[1, 2, 3, 0, 255], "binary data of an unknown kind");
    }
}
