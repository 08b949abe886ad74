//! Draws the four views of meshes and compares them with pictures that `Open3D` and scikit-image made of the same meshes.
//!
//!     cargo run --release -p partwright-geometry --example compare_views -- OUT [MESH REFERENCE.png ..]
//!
//! Without meshes those of `../shared/fixtures/open3d-views` are taken, where that folder is. Prints one line for each: the mean
//! absolute and the largest difference of a byte, SSIM (Gaussian window of 11 x 11 pixels, standard deviation 1.5), how many pixels
//! differ, and milliseconds for the grid. Writes `OUT/NAME.png`: ours, theirs, and the difference on grey, ten times as strong.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use image::{RgbImage, imageops};
use partwright_geometry::{
    Geometry, TriMesh, format,
    view::{Picture, ViewConfig, difference, four_views},
};

/// How much stronger the differences are drawn.
const STRONGER: i32 = 10;

fn main() -> ExitCode {
    match compare(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "{failure}");
            ExitCode::FAILURE
        }
    }
}

fn compare(arguments: &[String]) -> Result<(), String> {
    let Some((out, files)) = arguments.split_first() else {
        return Err("usage: compare_views OUT [MESH REFERENCE.png ..]".into());
    };
    let out = Path::new(out);
    std::fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    let pairs: Vec<[PathBuf; 2]> = if files.is_empty() {
        references()?
    } else {
        files.as_chunks::<2>().0.iter().map(|pair| pair.clone().map(PathBuf::from)).collect()
    };
    let (mut worst, mut sums) = (f64::INFINITY, [0.0; 5]);
    for [mesh_path, reference_path] in &pairs {
        let mesh = read(mesh_path)?;
        let theirs = image::open(reference_path).map_err(|error| format!("{}: {error}", reference_path.display()))?;
        let theirs = theirs.to_rgb8();
        let reference = Picture::from_rgb(theirs.width(), theirs.clone().into_raw());
        let started = Instant::now();
        let ours = four_views(&mesh, &ViewConfig::default());
        let milliseconds = started.elapsed().as_secs_f64() * 1e3;
        let ours = ours.ok_or_else(|| format!("{} has no triangle", mesh_path.display()))?;
        let found = reference.and_then(|reference| difference(&ours, &reference));
        let found = found.ok_or_else(|| format!("{} has another size than our grid", reference_path.display()))?;
        let name = reference_path.file_stem().unwrap_or_default().to_string_lossy();
        let unequal = (1.0 - found.equal) * f64::from(ours.side_px() * ours.side_px());
        let numbers = [found.mean_absolute, f64::from(found.largest), found.ssim, unequal, milliseconds];
        let triangles = mesh.triangles.len();
        print(&format!("{name:28} {triangles:6} triangles"), numbers)?;
        worst = worst.min(found.ssim);
        for (sum, number) in sums.iter_mut().zip(numbers) {
            *sum += number;
        }
        let path = out.join(format!("{name}.png"));
        side_by_side(&ours, &theirs).save(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    print("mean", sums.map(|sum| sum / pairs.len() as f64))?;
    writeln!(io::stdout(), "worst SSIM {worst:.7}").map_err(|error| error.to_string())
}

fn print(title: &str, numbers: [f64; 5]) -> Result<(), String> {
    let [mean_absolute, largest, ssim, unequal, milliseconds] = numbers;
    let quality = format!("mean {mean_absolute:.6} largest {largest:.1} SSIM {ssim:.7} unequal {unequal:.1}");
    writeln!(io::stdout(), "{title:46} {quality} in {milliseconds:.1} ms").map_err(|error| error.to_string())
}

/// The meshes of the reference pictures, found by the pictures' names, and the pictures.
fn references() -> Result<Vec<[PathBuf; 2]>, String> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = shared.join("fixtures/open3d-views");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut pairs = Vec::new();
    for picture in entries.flatten().map(|entry| entry.path()) {
        let Some(name) = picture.file_stem().filter(|_| picture.extension().is_some_and(|ending| ending == "png"))
        else {
            continue;
        };
        let classes =
            ["A_deepcad", "B_fusion360"].map(|class| shared.join("bench").join(class).join(name).join("gt.ply"));
        if let Some(mesh) = classes.into_iter().find(|path| path.exists()) {
            pairs.push([mesh, picture]);
        }
    }
    pairs.sort();
    Ok(pairs)
}

fn side_by_side(ours: &Picture, theirs: &RgbImage) -> RgbImage {
    let side = ours.side_px();
    let pixel = |column, row| image::Rgb(ours.pixel(column, row).unwrap_or_default());
    let ours = RgbImage::from_fn(side, side, pixel);
    let change = |a: u8, b: u8| (128 + STRONGER * (i32::from(a) - i32::from(b))).clamp(0, 255) as u8;
    let differences = RgbImage::from_fn(side, side, |column, row| {
        let (a, b) = (ours.get_pixel(column, row).0, theirs.get_pixel(column, row).0);
        image::Rgb(std::array::from_fn(|channel| change(a[channel], b[channel])))
    });
    let mut all = RgbImage::new(3 * side, side);
    for (place, picture) in (0..).zip([&ours, theirs, &differences]) {
        imageops::replace(&mut all, picture, place * i64::from(side), 0);
    }
    all
}

fn read(path: &Path) -> Result<TriMesh, String> {
    match format::read(path).map_err(|error| error.to_string())?.geometry {
        Geometry::Mesh(mesh) => Ok(mesh),
        Geometry::Cloud(_) => Err(format!("{} is a point cloud", path.display())),
    }
}
