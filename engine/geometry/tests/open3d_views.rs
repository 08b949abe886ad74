//! The four views against twenty pictures that `Open3D` 0.18 and scikit-image made of the same meshes.

use std::path::{Path, PathBuf};

use partwright_geometry::{
    Geometry, format,
    view::{Picture, ViewConfig, difference, four_views},
};

/// The least similarity of a picture, of 1. Measured: 0.999 998 6 at worst.
const LEAST_SSIM: f64 = 0.9999;
/// The largest mean difference of a byte, of 255. Measured: 0.000 16 at worst.
const LARGEST_MEAN: f64 = 0.001;
/// The least share of pixels that are the same to the byte. Measured: 0.999 74 at worst; 12 pictures have all.
const LEAST_EQUAL: f64 = 0.999;

#[test]
fn the_pictures_are_those_of_open3d() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let Ok(entries) = std::fs::read_dir(shared.join("fixtures/open3d-views")) else {
        eprintln!("skipped: the reference pictures in ../shared/fixtures/open3d-views are not there");
        return;
    };
    let is_picture = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "png");
    let mut pictures: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_picture).collect();
    pictures.sort();
    assert_eq!(pictures.len(), 20);
    let mut compared = 0;
    for path in &pictures {
        let name = path.file_stem().unwrap();
        let places =
            ["A_deepcad", "B_fusion360"].map(|class| shared.join("bench").join(class).join(name).join("gt.ply"));
        let Some(mesh) = places.iter().find(|place| place.exists()) else { continue };
        let Geometry::Mesh(mesh) = format::read(mesh).unwrap().geometry else { panic!("{name:?} is a mesh") };
        let theirs = image::open(path).unwrap().to_rgb8();
        let theirs = Picture::from_rgb(theirs.width(), theirs.into_raw()).unwrap();
        let ours = four_views(&mesh, &ViewConfig::default()).unwrap();
        let found = difference(&ours, &theirs).unwrap();
        assert!(found.ssim >= LEAST_SSIM, "{name:?}: {found:?}");
        assert!(found.mean_absolute <= LARGEST_MEAN, "{name:?}: {found:?}");
        assert!(found.equal >= LEAST_EQUAL, "{name:?}: {found:?}");
        compared += 1;
    }
    if compared == 0 {
        eprintln!("skipped: the meshes of the reference pictures in ../shared/bench are not there");
    } else {
        assert_eq!(compared, pictures.len(), "only some of the meshes are there");
    }
}
