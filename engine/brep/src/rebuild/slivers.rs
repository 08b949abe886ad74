//! Faces that have facets but no width: where round surfaces touch, facets of the one stand out of the other.

use std::f64::consts::PI;

use super::chains::Chains;
use super::pairing::HalfedgeMesh;
use super::regions::{Key, Region, Regions};
use crate::canonical::{SurfaceTable, natural_normal};
use crate::topology::Face;
use crate::{Surface, measure};

/// A face narrower than this part of the size of everything may be an artefact of facets; what has more is not looked at.
const NARROW: f64 = 0.05;
/// Width, as a part of the size of everything, below which a face is none. Points of surfaces that touch are known to
/// about the root of the tolerance.
const NONE: f64 = 1e-5;
/// Cosine of the angle between outward normals up to which a face may take over a neighbour without width.
const ALIKE: f64 = 0.5;

/// The measures of a face's facets.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    area: f64,
    boundary: f64,
}

/// For every face of the mesh whether it is none: its facets are narrow and its edges, where they truly are, enclose
/// nothing. `faces` are the faces built, if any.
pub(super) fn slivers(
    mesh: &HalfedgeMesh,
    regions: &Regions,
    chains: &Chains,
    surfaces: &SurfaceTable,
    faces: &[Option<&Face>],
) -> Vec<bool> {
    let mut extents = vec![Extent::default(); regions.faces.len()];
    for (t, region) in regions.of_triangle.iter().enumerate() {
        extents[*region as usize].area += mesh.double_area(t).length() / 2.0;
    }
    for h in chains.all.iter().flatten() {
        let length = mesh.position(mesh.from(*h)).distance(mesh.position(mesh.to(*h)));
        for region in regions.sides(mesh, *h) {
            extents[region as usize].boundary += length;
        }
    }
    let size = surfaces.extent();
    let judge = |(face, extent): (Option<&Face>, &Extent)| {
        if extent.boundary == 0.0 || extent.area > NARROW * size * extent.boundary {
            return false;
        }
        let Some(face) = face else { return true };
        let reference = face.vertex_iter().next().map_or(face.surface().frame().origin, |v| crate::span::position(&v));
        let Ok(moments) = measure::moments(face, reference) else { return false };
        // On a closed surface an area just below nothing comes out as just below all of it.
        let area = match face.surface() {
            Surface::Sphere { radius, .. } => whole(moments.area, 4.0 * PI * radius * radius),
            Surface::Torus { major_radius, minor_radius, .. } => {
                whole(moments.area, 4.0 * PI.powi(2) * major_radius * minor_radius)
            }
            _ => moments.area.abs(),
        };
        area <= NONE * size * extent.boundary
    };
    faces.iter().copied().zip(&extents).map(judge).collect()
}

/// Distance of an area from nothing or from all of a closed surface.
fn whole(area: f64, all: f64) -> f64 {
    area.abs().min((all - area).abs())
}

/// The keys of the triangles once those of faces that are none belong to the neighbour they share most of their boundary
/// with and look the same way as; `None` when no face has such a neighbour.
pub(super) fn dissolved(
    mesh: &HalfedgeMesh,
    regions: &Regions,
    chains: &Chains,
    surfaces: &SurfaceTable,
    none: &[bool],
) -> Option<Vec<Key>> {
    let outward = |region: u32, h: u32| {
        let region = &regions.faces[region as usize];
        let normal = natural_normal(surfaces.surface(region.surface), mesh.position(mesh.from(h)));
        if region.natural { normal } else { -normal }
    };
    let mut shared: Vec<Vec<(u32, f64)>> = vec![Vec::new(); none.len()];
    for chain in &chains.all {
        let length: f64 = chain.iter().map(|h| mesh.position(mesh.from(*h)).distance(mesh.position(mesh.to(*h)))).sum();
        let [f, g] = regions.sides(mesh, chain[0]);
        let middle = chain[chain.len() / 2];
        if outward(f, middle).dot(outward(g, middle)) <= ALIKE {
            continue;
        }
        for (one, other) in [(f, g), (g, f)] {
            if none[one as usize] && !none[other as usize] {
                match shared[one as usize].iter_mut().find(|(r, _)| *r == other) {
                    Some((_, sum)) => *sum += length,
                    None => shared[one as usize].push((other, length)),
                }
            }
        }
    }
    let heir = |list: &Vec<(u32, f64)>| {
        let (most, _) = list.iter().fold((None, 0.0), |best, s| if s.1 > best.1 { (Some(s.0), s.1) } else { best });
        most.map(|r| &regions.faces[r as usize])
    };
    let heirs: Vec<Option<&Region>> = shared.iter().map(heir).collect();
    if heirs.iter().all(Option::is_none) {
        return None;
    }
    let key = |(region, key): (&u32, &Key)| {
        heirs[*region as usize].map_or(*key, |heir| {
            let triangle = heir.largest as usize;
            regions.keys[triangle]
        })
    };
    Some(regions.of_triangle.iter().zip(&regions.keys).map(key).collect())
}

/// For every triangle whether its whole shell is made of faces that are none, or encloses no more than rounding.
pub(super) fn hollow(mesh: &HalfedgeMesh, faces: Option<(&Regions, &[bool])>, tolerance: f64) -> Vec<bool> {
    let mut of_triangle = vec![false; mesh.triangles.len()];
    for shell in mesh.shells() {
        let origin = mesh.position(mesh.triangles[shell[0]][0]);
        let (mut volume, mut area) = (0.0, 0.0);
        for &t in &shell {
            let [a, b, c] = mesh.triangles[t].map(|v| mesh.position(v) - origin);
            volume += a.dot(b.cross(c)) / 6.0;
            area += mesh.double_area(t).length() / 2.0;
        }
        let thin = f64::abs(volume) <= 10.0 * tolerance * area;
        let is_none =
            |(regions, none): (&Regions, &[bool])| shell.iter().all(|t| none[regions.of_triangle[*t] as usize]);
        if thin || faces.is_some_and(is_none) {
            for t in shell {
                of_triangle[t] = true;
            }
        }
    }
    of_triangle
}
