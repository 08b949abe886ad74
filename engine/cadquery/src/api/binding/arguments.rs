//! Arguments that have passed the checks of their parameters.

use glam::DVec3;
use partwright_brep::{Frame, Isometry};

use super::Parameter;
use crate::Value;
use crate::api::error::Fault;
use crate::api::object::ObjectId;
use crate::api::selector::Selector;

/// One argument after binding.
#[derive(Clone, Debug)]
pub(crate) enum Argument {
    /// Left out, or `None`.
    Absent,
    Number(f64),
    Integer(i64),
    Flag(bool),
    Text(String),
    Point(DVec3),
    Placements(Vec<Placement>),
    Points(Vec<DVec3>),
    Centering([bool; 3]),
    Combine(Combine),
    Until(Until),
    Selector(Selector),
    Plane(PlaneArgument),
    Object(ObjectId),
    Objects(Vec<ObjectId>),
    Anything(Value),
}

/// A point or a location in a list of either.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Placement {
    Point(DVec3),
    Motion(Isometry),
}

/// How a result joins the solid before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Combine {
    /// United with it.
    Fuse,
    /// Cut from it.
    Cut,
    /// Kept beside it.
    Keep,
}

/// How far an extrusion goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Until {
    Distance(f64),
    Next,
    Last,
}

/// What a Workplane is made from.
#[derive(Clone, Debug)]
pub(crate) enum PlaneArgument {
    Name(String),
    Plane(Frame),
    /// An object to put on the stack of an XY plane.
    Object(ObjectId),
}

/// The arguments of one call, one per parameter.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    pub(super) parameters: &'static [Parameter],
    pub(super) values: Vec<Argument>,
}

/// A function asked for a parameter that the table gives another kind: a fault of the table, reported, not a panic.
const TABLE: Fault = Fault::Rule("internal: the binding table and the function disagree about this argument");

impl Arguments {
    fn get(&self, name: &str) -> &Argument {
        let index = self.parameters.iter().position(|parameter| parameter.name == name);
        index.and_then(|index| self.values.get(index)).unwrap_or(&Argument::Absent)
    }

    /// Whether the argument was given (and is not `None`).
    pub(crate) fn has(&self, name: &str) -> bool {
        !matches!(self.get(name), Argument::Absent)
    }

    pub(crate) fn number(&self, name: &str) -> Result<f64, Fault> {
        self.optional_number(name)?.ok_or(TABLE)
    }

    pub(crate) fn optional_number(&self, name: &str) -> Result<Option<f64>, Fault> {
        match *self.get(name) {
            Argument::Absent => Ok(None),
            Argument::Number(value) => Ok(Some(value)),
            Argument::Integer(value) => Ok(Some(value as f64)),
            _ => Err(TABLE),
        }
    }

    pub(crate) fn integer(&self, name: &str) -> Result<i64, Fault> {
        match *self.get(name) {
            Argument::Integer(value) => Ok(value),
            Argument::Number(value) => Ok(value as i64),
            _ => Err(TABLE),
        }
    }

    pub(crate) fn flag(&self, name: &str) -> Result<bool, Fault> {
        if let Argument::Flag(value) = *self.get(name) { Ok(value) } else { Err(TABLE) }
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str, Fault> {
        self.optional_text(name)?.ok_or(TABLE)
    }

    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&str>, Fault> {
        match self.get(name) {
            Argument::Absent => Ok(None),
            Argument::Text(text) => Ok(Some(text)),
            _ => Err(TABLE),
        }
    }

    pub(crate) fn point(&self, name: &str) -> Result<DVec3, Fault> {
        self.optional_point(name)?.ok_or(TABLE)
    }

    pub(crate) fn optional_point(&self, name: &str) -> Result<Option<DVec3>, Fault> {
        match *self.get(name) {
            Argument::Absent => Ok(None),
            Argument::Point(point) => Ok(Some(point)),
            _ => Err(TABLE),
        }
    }

    pub(crate) fn placements(&self, name: &str) -> Result<&[Placement], Fault> {
        if let Argument::Placements(list) = self.get(name) { Ok(list) } else { Err(TABLE) }
    }

    pub(crate) fn points(&self, name: &str) -> Result<&[DVec3], Fault> {
        if let Argument::Points(list) = self.get(name) { Ok(list) } else { Err(TABLE) }
    }

    pub(crate) fn centering(&self, name: &str) -> Result<[bool; 3], Fault> {
        if let Argument::Centering(axes) = *self.get(name) { Ok(axes) } else { Err(TABLE) }
    }

    pub(crate) fn combine(&self, name: &str) -> Result<Combine, Fault> {
        if let Argument::Combine(mode) = *self.get(name) { Ok(mode) } else { Err(TABLE) }
    }

    pub(crate) fn until(&self, name: &str) -> Result<Until, Fault> {
        if let Argument::Until(until) = *self.get(name) { Ok(until) } else { Err(TABLE) }
    }

    pub(crate) fn selector(&self, name: &str) -> Result<Option<&Selector>, Fault> {
        match self.get(name) {
            Argument::Absent => Ok(None),
            Argument::Selector(selector) => Ok(Some(selector)),
            _ => Err(TABLE),
        }
    }

    pub(crate) fn plane(&self, name: &str) -> Result<&PlaneArgument, Fault> {
        if let Argument::Plane(plane) = self.get(name) { Ok(plane) } else { Err(TABLE) }
    }

    pub(crate) fn object(&self, name: &str) -> Result<ObjectId, Fault> {
        self.optional_object(name)?.ok_or(TABLE)
    }

    pub(crate) fn optional_object(&self, name: &str) -> Result<Option<ObjectId>, Fault> {
        match *self.get(name) {
            Argument::Absent => Ok(None),
            Argument::Object(id) => Ok(Some(id)),
            _ => Err(TABLE),
        }
    }

    pub(crate) fn objects(&self, name: &str) -> Result<&[ObjectId], Fault> {
        if let Argument::Objects(list) = self.get(name) { Ok(list) } else { Err(TABLE) }
    }

    pub(crate) fn anything(&self, name: &str) -> Option<&Value> {
        if let Argument::Anything(value) = self.get(name) { Some(value) } else { None }
    }
}
