//! `cq.Workplane`: the fluent chain.

pub(crate) mod combine;
pub(crate) mod draw;
pub(crate) mod feature;
pub(crate) mod hole;
pub(crate) mod motion;
pub(crate) mod on_face;
pub(crate) mod outline;
pub(crate) mod place;
pub(crate) mod planes;
pub(crate) mod primitive;
pub(crate) mod select;
pub(crate) mod split;
pub(crate) mod stack;
