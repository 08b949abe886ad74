//! `cq.Sketch`: faces and edges in a plane.

pub(crate) mod draw;
pub(crate) mod faces;
pub(crate) mod place;
pub(crate) mod select;
pub(crate) mod topology;
