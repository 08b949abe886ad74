//! Reading pictures.

use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits};

use super::{JobId, JobKind, Jobs, Outcome};
use crate::document::{ItemId, Picture};

/// Most pixels each way: more is no photo, and decoding it would take all memory.
const MOST_PX: u32 = 32_768;

/// Most bytes of a decoded picture.
const MOST_BYTES: u64 = 1 << 30;

/// Whether a file is taken for a picture, by its name.
pub fn is_picture(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    matches!(extension.as_deref(), Some("png" | "jpg" | "jpeg"))
}

/// Reads pictures, which become an item of their own, or more pictures of the item `into`.
pub fn load_pictures(jobs: &mut Jobs, paths: Vec<PathBuf>, into: Option<ItemId>) -> JobId {
    let subject = match paths.as_slice() {
        [path] => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        paths => format!("{} pictures", paths.len()),
    };
    jobs.start(JobKind::Load, into, subject, move |_, cancel| {
        let (mut pictures, mut faults) = (Vec::new(), Vec::new());
        for path in paths {
            if cancel.is_cancelled() {
                break;
            }
            match read(&path) {
                Ok(picture) => pictures.push(picture),
                Err(why) => faults.push(why),
            }
        }
        Outcome::Pictures { into, pictures, faults }
    })
}

/// Reads the pictures of an item again, in their order.
pub fn load_pictures_again(jobs: &mut Jobs, item: ItemId, paths: Vec<PathBuf>) -> JobId {
    let subject = format!("{} pictures", paths.len());
    jobs.start(JobKind::Load, Some(item), subject, move |_, _| {
        let (mut pictures, mut faults) = (Vec::new(), Vec::new());
        for read in paths.iter().map(|path| read(path)) {
            match read {
                Ok(picture) => pictures.push(picture),
                Err(why) => faults.push(why),
            }
        }
        Outcome::PicturesAgain { item, pictures, faults }
    })
}

/// Reads one picture: turned as the camera noted, fitted to what the network sees.
///
/// # Errors
/// Why it cannot be read, naming the file.
pub(crate) fn read(path: &Path) -> Result<Picture, String> {
    let unreadable = |error: std::io::Error| format!("'{}' cannot be read: {error}", path.display());
    let no_picture = |error: image::ImageError| format!("'{}' is no picture that can be read: {error}", path.display());
    let mut reader = ImageReader::open(path).map_err(unreadable)?.with_guessed_format().map_err(unreadable)?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MOST_PX), Some(MOST_PX));
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(no_picture)?;
    let orientation = decoder.orientation().map_err(no_picture)?;
    let mut decoded = DynamicImage::from_decoder(decoder).map_err(no_picture)?;
    decoded.apply_orientation(orientation);
    let mut picture = Picture::new(path.to_owned(), &decoded);
    if orientation != image::metadata::Orientation::NoTransforms {
        picture.changes.insert(0, "turned as the camera noted".to_owned());
    }
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;

    #[test]
    fn a_picture_is_read_whatever_its_pixels_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.png");
        GrayImage::from_pixel(30, 20, Luma([7])).save(&path).expect("can be written");
        let picture = read(&path).expect("it is one");
        assert_eq!((picture.size_px, picture.name().as_str()), ([30, 20], "a.png"));
        let renamed = folder.path().join("a.jpeg");
        std::fs::rename(&path, &renamed).expect("it is there");
        assert_eq!(read(&renamed).map(|picture| picture.size_px), Ok([30, 20]), "the content decides");
    }

    #[test]
    fn what_is_no_picture_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("broken.png");
        std::fs::write(&path, b"\x89PNG\r\n\x1a\nand no more").expect("can be written");
        let why = read(&path).map(|_| ()).expect_err("it is broken");
        assert!(why.contains("broken.png") && why.contains("no picture"), "{why}");
        let why = read(Path::new("/nowhere/a.png")).map(|_| ()).expect_err("there is none");
        assert!(why.contains("/nowhere/a.png") && why.contains("cannot be read"), "{why}");
    }
}
