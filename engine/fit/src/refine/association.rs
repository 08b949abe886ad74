//! Which face of the part each point of the scan belongs to.

use glam::DVec3;

use super::evidence::Sample;
use super::face::{Face, contains};
use super::view::{Span, View};
use crate::part::FeatureKind;

/// A part with its faces, at given numbers.
#[derive(Clone, Copy)]
pub(super) struct Posed<'a> {
    pub(super) view: &'a View,
    pub(super) faces: &'a [Face],
    pub(super) values: &'a [f64],
}

/// How a point's face is found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Farther points belong to no face.
    pub(super) tolerance: f64,
    /// Points that lie as close to another face, within this, belong to none: at edges nobody can tell.
    pub(super) margin: f64,
    /// Half the thickness of the layer in which a face has to separate material from air to be seen.
    pub(super) skin: f64,
}

/// Within so many margins of another face a point may be a stray of that one: strays at its edges would draw a face that
/// nobody saw into the part. With margins of 1.5 times the noise, six strays of a thousand are left.
const EDGE: f64 = 5.0 / 3.0;
/// A normal has to agree with its face's within 45 degrees.
const LEAST_AGREEMENT: f64 = 0.7;

impl Posed<'_> {
    /// For each sample the index of its face.
    pub(super) fn associated(&self, samples: &[Sample], reach: Reach) -> Vec<Option<usize>> {
        let boxes = self.boxes(reach.tolerance);
        samples.iter().map(|s| self.face_of(*s, &boxes, reach)).collect()
    }

    fn face_of(&self, sample: Sample, boxes: &[[DVec3; 2]], reach: Reach) -> Option<usize> {
        let p = sample.position;
        let mut near: Vec<(f64, usize)> = Vec::new();
        for (i, [low, high]) in boxes.iter().enumerate() {
            if p.cmpge(*low).all() && p.cmple(*high).all() {
                let distance = self.faces[i].distance(self.view, self.values, p);
                if distance <= reach.tolerance && self.agrees(i, sample) {
                    near.push((distance, i));
                }
            }
        }
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        // Faces on one surface are one, and faces within the material are none.
        let mut seen = near.into_iter().filter(|&(_, i)| self.is_seen(i, p, reach.skin));
        let (distance, best) = seen.next()?;
        let other = seen.find(|&(_, i)| self.faces[i].numbers != self.faces[best].numbers);
        other.is_none_or(|(d, _)| d > distance + reach.margin && d > EDGE * reach.margin).then_some(best)
    }

    fn agrees(&self, face: usize, sample: Sample) -> bool {
        sample.normal.is_none_or(|n| {
            self.faces[face].offset(self.view, self.values, sample.position).1.dot(n).abs() >= LEAST_AGREEMENT
        })
    }

    /// Whether the face separates material from air where `p` is nearest to its surface.
    fn is_seen(&self, face: usize, p: DVec3, skin: f64) -> bool {
        let (offset, normal) = self.faces[face].offset(self.view, self.values, p);
        let foot = p - normal * offset;
        self.is_solid(foot + normal * skin) != self.is_solid(foot - normal * skin)
    }

    fn is_solid(&self, p: DVec3) -> bool {
        self.view.features.iter().fold(false, |solid, feature| {
            let adds = feature.kind == FeatureKind::Add;
            if solid == adds {
                return solid;
            }
            let [u, v, w] = feature.plane.local(p).to_array();
            let at = match feature.span {
                Span::Extrude { from, to } if w < from.of(self.values) || w > to.of(self.values) => return solid,
                Span::Extrude { .. } => glam::DVec2::new(u, v),
                Span::Revolve { x, normal } => {
                    glam::DVec2::new((u - x.of(self.values)).hypot(w - normal.of(self.values)), v)
                }
            };
            if feature.regions.iter().any(|curves| contains(curves, self.values, at)) { adds } else { solid }
        })
    }

    fn boxes(&self, margin: f64) -> Vec<[DVec3; 2]> {
        self.faces
            .iter()
            .map(|f| {
                let [low, high] = f.bounds(self.view, self.values);
                [low - margin, high + margin]
            })
            .collect()
    }

    /// Root mean square distance of the samples from the nearest face; what is farther than `most` counts as `most`.
    pub(super) fn residual(&self, samples: &[Sample], most: f64) -> f64 {
        let boxes = self.boxes(most);
        let squares = samples.iter().map(|s| {
            let p = s.position;
            let nearest = boxes
                .iter()
                .enumerate()
                .filter(|(_, [low, high])| p.cmpge(*low).all() && p.cmple(*high).all())
                .map(|(i, _)| self.faces[i].distance(self.view, self.values, p))
                .fold(most, f64::min);
            nearest * nearest
        });
        (squares.sum::<f64>() / samples.len().max(1) as f64).sqrt()
    }
}
