//! Parts to write programs for: what is seen of each, and the part itself.

use std::sync::Arc;

use partwright_geometry::normalize::PROGRAM_FRAME_SIDE;
use partwright_geometry::{Geometry, LengthUnit, TriMesh, normalize, sample};

use crate::generate::{GeneratorConfig, generate};
use crate::{Sample, Views};

/// Parts by number: the same number always gives the same part.
pub trait Parts: Send + Sync {
    /// What may be seen of a part, and its closed surface; `None` where there is none of this number.
    fn part(&self, number: u64) -> Option<(Sample, Arc<TriMesh>)>;
}

/// Parts made at random, without end.
#[derive(Clone, Debug)]
pub struct RandomParts {
    /// What kind.
    pub config: GeneratorConfig,
    /// Numbers of the generator that are taken, round and round; all where it is empty. For parts that are hard.
    pub only: Vec<u64>,
}

/// Parts for examinations are numbered from here, whatever the parts to learn from are.
pub const HELD_OUT: u64 = 1 << 40;

impl Parts for RandomParts {
    fn part(&self, number: u64) -> Option<(Sample, Arc<TriMesh>)> {
        let index = match number.checked_rem(self.only.len() as u64) {
            Some(place) if number < HELD_OUT => self.only[place as usize],
            _ => number,
        };
        let made = generate(&self.config, index)?;
        Some((made.sample, Arc::new(made.body.mesh.clone())))
    }
}

/// Parts of which nothing but the surface is known, round and round: nobody has to know a program. Of twenty or more every
/// twentieth is kept for examinations; of fewer none is, and examinations show what was learned by heart.
#[derive(Clone, Debug)]
pub struct Meshes {
    /// The surfaces, closed, in any unit and place.
    pub meshes: Vec<Arc<TriMesh>>,
    /// Points that are sampled on each.
    pub points: usize,
    /// Whether the views are drawn.
    pub views: bool,
}

/// One mesh of so many is kept for examinations.
const HELD_SHARE: usize = 20;

impl Parts for Meshes {
    fn part(&self, number: u64) -> Option<(Sample, Arc<TriMesh>)> {
        let (learned, held_out) = self.meshes.split_at(self.meshes.len() - self.meshes.len() / HELD_SHARE);
        let (among, number) = match number.checked_sub(HELD_OUT) {
            Some(number) if !held_out.is_empty() => (held_out, number),
            Some(number) => (learned, number),
            None => (learned, number),
        };
        let mesh = among.get(number.checked_rem(among.len() as u64)? as usize)?;
        let framed = normalize::in_program_frame(&Geometry::Mesh((**mesh).clone()), LengthUnit::Unknown)?;
        let Geometry::Mesh(framed) = framed.geometry else { return None };
        let points = sample::surface(&framed, self.points, number).positions;
        let scale = PROGRAM_FRAME_SIDE / 2.0;
        let framed = Arc::new(framed);
        let views = if self.views { Views::ToDraw(Arc::clone(&framed)) } else { Views::Absent };
        let sample = Sample {
            program: String::new(),
            points: points.iter().map(|p| (*p / scale).as_vec3().to_array()).collect(),
            captions: Vec::new(),
            views,
        };
        Some((sample, framed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_the_same_for_the_same_number() {
        let config = GeneratorConfig { points: 64, ..GeneratorConfig::default() };
        let all = RandomParts { config: config.clone(), only: Vec::new() };
        let some = RandomParts { config, only: vec![7, 9] };
        let program = |parts: &RandomParts, number: u64| parts.part(number).unwrap().0.program;
        assert_eq!(program(&some, 1), program(&all, 9));
        assert_eq!(program(&some, 2), program(&all, 7));
        assert_eq!(program(&some, HELD_OUT), program(&all, HELD_OUT));
        let (_, mesh) = all.part(3).unwrap();
        let meshes = Meshes { meshes: vec![mesh], points: 50, views: false };
        let (seen, again) = (meshes.part(4).unwrap().0, meshes.part(4).unwrap().0);
        assert_eq!(seen, again);
        let reach = seen.points.iter().flatten().fold(0f32, |reach, x| reach.max(x.abs()));
        assert!((0.9..1.001).contains(&reach) && seen.program.is_empty(), "{reach}");
        assert!(Meshes { meshes: Vec::new(), ..meshes }.part(0).is_none());
    }

    #[test]
    fn meshes_for_examinations_are_not_learned_from() {
        let config = GeneratorConfig { points: 16, ..GeneratorConfig::default() };
        let parts = RandomParts { config, only: Vec::new() };
        let meshes = |count: u64| Meshes {
            meshes: (0..count).map(|number| parts.part(number).unwrap().1).collect(),
            points: 16,
            views: false,
        };
        let volume = |set: &Meshes, number: u64| {
            let (_, mesh) = set.part(number).unwrap();
            (partwright_geometry::metric::signed_volume(&mesh) * 1e3).round() as i64
        };
        let check = |count: u64, kept: u64| {
            let set = meshes(count);
            let learned: std::collections::BTreeSet<i64> = (0..2 * count).map(|number| volume(&set, number)).collect();
            assert_eq!(learned.len() as u64, count - kept);
            for number in 0..3 {
                assert_eq!(learned.contains(&volume(&set, HELD_OUT + number)), kept == 0);
            }
        };
        check(3, 0);
        check(21, 1);
    }
}
