//! Checks the arguments of a call against its parameters.

use glam::DVec3;

use super::arguments::{Argument, Arguments, Combine, Placement, PlaneArgument, Until};
use super::nearest::nearest;
use super::parameter::{Default, Kind, Parameter};
use super::table::Method;
use crate::Value;
use crate::api::error::Fault;
use crate::api::object::{Item, Object, ObjectId};
use crate::api::selector::Selector;
use crate::api::session::Session;

/// The longest list of points a call takes; a longer one would only cost memory.
const MAX_POINTS: usize = 100_000;

/// Binds positional and keyword arguments to a method's parameters.
///
/// # Errors
/// Missing, unknown, repeated, superfluous arguments; arguments of the wrong kind.
pub(crate) fn bind(
    session: &Session,
    method: &'static Method,
    args: &[Value],
    kwargs: &[(String, Value)],
) -> Result<Arguments, Fault> {
    let parameters = method.parameters;
    let signature = || method.signature();
    if args.len() > parameters.len() {
        let (given, allowed) = (args.len(), parameters.len());
        return Err(Fault::TooManyArguments { given, allowed, signature: signature() });
    }
    let mut given: Vec<Option<&Value>> = vec![None; parameters.len()];
    for (slot, value) in given.iter_mut().zip(args) {
        *slot = Some(value);
    }
    for (name, value) in kwargs {
        let Some(index) = parameters.iter().position(|parameter| parameter.name == name) else {
            let nearest = nearest(name, parameters.iter().map(|parameter| parameter.name));
            return Err(Fault::UnknownArgument {
                name: name.chars().take(40).collect(),
                nearest,
                signature: signature(),
            });
        };
        if given[index].replace(value).is_some() {
            return Err(Fault::RepeatedArgument { parameter: parameters[index].name, signature: signature() });
        }
    }
    let mut values = Vec::with_capacity(parameters.len());
    for (parameter, value) in parameters.iter().zip(given) {
        values.push(match value {
            Some(value) => convert(session, parameter, value)?,
            None => default(parameter)
                .ok_or_else(|| Fault::MissingArgument { parameter: parameter.name, signature: signature() })?,
        });
    }
    Ok(Arguments { parameters, values })
}

fn default(parameter: &Parameter) -> Option<Argument> {
    Some(match (parameter.default, parameter.kind) {
        (Default::Required, _) => return None,
        (Default::None, _) => Argument::Absent,
        (Default::Number(value), _) => Argument::Number(value),
        (Default::Flag(value), Kind::Centering2 | Kind::Centering3) => Argument::Centering([value; 3]),
        (Default::Flag(value), Kind::Combine) => Argument::Combine(if value { Combine::Fuse } else { Combine::Keep }),
        (Default::Flag(value), _) => Argument::Flag(value),
        (Default::Text(text), Kind::Plane) => Argument::Plane(PlaneArgument::Name(text.to_owned())),
        (Default::Text(text), _) => Argument::Text(text.to_owned()),
        (Default::Point(p), _) => Argument::Point(DVec3::from_array(p)),
    })
}

fn convert(session: &Session, parameter: &Parameter, value: &Value) -> Result<Argument, Fault> {
    let wrong = || Fault::WrongArgument {
        parameter: parameter.name,
        expected: parameter.kind.expectation().to_owned(),
        found: describe(value),
    };
    if matches!(value, Value::None) && matches!(parameter.default, Default::None) {
        return Ok(Argument::Absent);
    }
    let finite = |number: Option<f64>| match number {
        Some(number) if number.is_finite() => Ok(number),
        Some(_) => Err(Fault::NotFinite { parameter: parameter.name }),
        None => Err(wrong()),
    };
    Ok(match parameter.kind {
        Kind::Number => Argument::Number(finite(number(value))?),
        Kind::Integer => Argument::Integer(integer(value).ok_or_else(wrong)?),
        Kind::Flag => Argument::Flag(truth(value).ok_or_else(wrong)?),
        Kind::Text => match value {
            Value::Str(text) => Argument::Text(text.clone()),
            _ => return Err(wrong()),
        },
        Kind::Point => {
            let point = point(session, value).ok_or_else(wrong)?;
            finite(Some(point.x + point.y + point.z))?;
            Argument::Point(point)
        }
        Kind::Points => {
            let placement = |value: &Value| match session.item(value) {
                Some(Item::Location(motion)) => Some(Placement::Motion(*motion)),
                _ => point(session, value).map(Placement::Point),
            };
            let list = sequence(value).ok_or_else(wrong)?.iter().map(placement).collect::<Option<Vec<_>>>();
            let list = list.ok_or_else(wrong)?;
            let finite_point = |placement: &Placement| !matches!(placement, Placement::Point(p) if !p.is_finite());
            if !list.iter().all(finite_point) {
                return Err(Fault::NotFinite { parameter: parameter.name });
            }
            Argument::Placements(list)
        }
        Kind::PointList => {
            let list = sequence(value).ok_or_else(wrong)?.iter().map(|value| point(session, value));
            let list = list.collect::<Option<Vec<_>>>().ok_or_else(wrong)?;
            if !list.iter().all(|point| point.is_finite()) {
                return Err(Fault::NotFinite { parameter: parameter.name });
            }
            Argument::Points(list)
        }
        Kind::Centering2 => Argument::Centering(centering(value, 2).ok_or_else(wrong)?),
        Kind::Centering3 => Argument::Centering(centering(value, 3).ok_or_else(wrong)?),
        Kind::Combine => Argument::Combine(match value {
            Value::Str(mode) if mode == "a" => Combine::Fuse,
            Value::Str(mode) if mode == "s" || mode == "cut" => Combine::Cut,
            _ => match truth(value) {
                Some(true) => Combine::Fuse,
                Some(false) => Combine::Keep,
                None => return Err(wrong()),
            },
        }),
        Kind::Until => Argument::Until(match value {
            Value::Str(text) if text == "next" => Until::Next,
            Value::Str(text) if text == "last" => Until::Last,
            _ => Until::Distance(finite(number(value))?),
        }),
        Kind::Selector => match value {
            // An empty string selects everything, as no selector does.
            Value::Str(text) if text.is_empty() => Argument::Absent,
            Value::Str(text) => Argument::Selector(Selector::parse(text)?),
            _ => match session.object_of(value) {
                Some(Object::Selector(selector)) => Argument::Selector(selector.clone()),
                _ => return Err(wrong()),
            },
        },
        Kind::Plane => Argument::Plane(match value {
            Value::Str(name) => PlaneArgument::Name(name.clone()),
            Value::Object(handle) => match session.object_of(value) {
                Some(Object::Plane(plane)) => PlaneArgument::Plane(*plane),
                Some(Object::Item(_) | Object::Sketch(_)) => PlaneArgument::Object(ObjectId(handle.id as usize)),
                _ => return Err(wrong()),
            },
            _ => return Err(wrong()),
        }),
        Kind::Object => match value {
            Value::Object(handle) => Argument::Object(ObjectId(handle.id as usize)),
            _ => return Err(wrong()),
        },
        Kind::Objects => {
            let one = std::slice::from_ref(value);
            let list = sequence(value).unwrap_or(one).iter().map(|value| match value {
                Value::Object(handle) => Some(ObjectId(handle.id as usize)),
                _ => None,
            });
            Argument::Objects(list.collect::<Option<Vec<_>>>().ok_or_else(wrong)?)
        }
        Kind::Anything => Argument::Anything(value.clone()),
    })
}

/// The value as an error message names it: its type, and itself when it is short.
pub(super) fn describe(value: &Value) -> String {
    let shown = match value {
        Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::None => value.to_string(),
        Value::Str(text) if text.len() <= 30 => value.to_string(),
        Value::Tuple(items) | Value::List(items) if items.len() <= 3 => {
            let flat = !items.iter().any(|item| matches!(item, Value::Tuple(_) | Value::List(_) | Value::Dict(_)));
            if flat { value.to_string().chars().take(60).collect() } else { value.type_name().to_owned() }
        }
        _ => value.type_name().to_owned(),
    };
    if shown.is_empty() { "nothing".to_owned() } else { shown }
}

/// Python counts True and False as numbers.
fn number(value: &Value) -> Option<f64> {
    match *value {
        Value::Bool(flag) => Some(f64::from(u8::from(flag))),
        _ => value.as_number(),
    }
}

fn integer(value: &Value) -> Option<i64> {
    match *value {
        Value::Int(value) => Some(value),
        Value::Bool(flag) => Some(i64::from(flag)),
        Value::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => Some(value as i64),
        _ => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match *value {
        Value::Bool(flag) => Some(flag),
        Value::Int(value) => Some(value != 0),
        Value::Float(value) => Some(value != 0.0),
        Value::None => Some(false),
        _ => None,
    }
}

fn sequence(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Tuple(items) | Value::List(items) if items.len() <= MAX_POINTS => Some(items),
        _ => None,
    }
}

/// A point from a Vector, a Vertex or two or three numbers.
pub(crate) fn point(session: &Session, value: &Value) -> Option<DVec3> {
    if let Some(Item::Point(point) | Item::Vertex(point, _)) = session.item(value) {
        return Some(*point);
    }
    match *sequence(value)? {
        [ref x, ref y] => Some(DVec3::new(number(x)?, number(y)?, 0.0)),
        [ref x, ref y, ref z] => Some(DVec3::new(number(x)?, number(y)?, number(z)?)),
        _ => None,
    }
}

fn centering(value: &Value, axes: usize) -> Option<[bool; 3]> {
    if let Some(all) = truth(value) {
        return Some([all; 3]);
    }
    let flags = sequence(value)?;
    if flags.len() != axes {
        return None;
    }
    let mut centered = [true; 3];
    for (axis, flag) in centered.iter_mut().zip(flags) {
        *axis = truth(flag)?;
    }
    Some(centered)
}
