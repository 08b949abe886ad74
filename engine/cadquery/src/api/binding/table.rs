//! The table: every name of `CadQuery` that programs can use, with its parameters and their defaults as upstream has
//! them. The only place where camelCase is spelled.

mod functions;
mod instead;
mod shapes;
mod sketch;
mod workplane;

use super::parameter::{Default, Parameter};
use crate::Member;
use crate::api::session::Run;

pub(crate) use functions::FUNCTIONS;
pub(crate) use instead::instead;

/// One callable: a method of a class, or a function or constructor of the module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) run: Run,
}

const fn method(name: &'static str, parameters: &'static [Parameter], run: Run) -> Method {
    Method { name, parameters, run }
}

impl Method {
    /// As a user would read it: `box(length, width, height, centered=True, combine=True, clean=True)`.
    pub(crate) fn signature(&self) -> String {
        let parameter = |parameter: &Parameter| match parameter.default {
            Default::Required => parameter.name.to_owned(),
            Default::None => format!("{}=None", parameter.name),
            Default::Number(value) => format!("{}={value}", parameter.name),
            Default::Flag(true) => format!("{}=True", parameter.name),
            Default::Flag(false) => format!("{}=False", parameter.name),
            Default::Text(text) => format!("{}='{text}'", parameter.name),
            Default::Point([x, y, z]) => format!("{}=({x}, {y}, {z})", parameter.name),
        };
        format!("{}({})", self.name, self.parameters.iter().map(parameter).collect::<Vec<_>>().join(", "))
    }
}

/// The methods of a class.
pub(crate) fn methods_of(class: &str) -> &'static [Method] {
    match class {
        "Workplane" => workplane::METHODS,
        "Sketch" => sketch::METHODS,
        "Vector" => shapes::VECTOR,
        "Plane" => shapes::PLANE,
        "Location" => shapes::LOCATION,
        "Solid" | "Compound" | "Face" | "Wire" | "Edge" | "Vertex" => shapes::SHAPE,
        _ => &[],
    }
}

/// Names that `CadQuery` has and this program does not have yet.
pub(crate) fn unsupported_members(class: &str) -> &'static [&'static str] {
    match class {
        "Workplane" => workplane::UNSUPPORTED,
        "Sketch" => sketch::UNSUPPORTED,
        "Solid" | "Compound" | "Face" | "Wire" | "Edge" | "Vertex" => shapes::UNSUPPORTED,
        "cadquery" => functions::UNSUPPORTED,
        _ => &[],
    }
}

/// What a dotted name below the `cadquery` module stands for.
pub(crate) fn member(path: &str) -> Option<Member> {
    if functions::MODULES.contains(&path) {
        return Some(Member::Module);
    }
    if functions::CLASSES.contains(&path) {
        return Some(Member::Class);
    }
    let known = FUNCTIONS.iter().any(|function| function.name == path) || functions::UNSUPPORTED.contains(&path);
    known.then_some(Member::Function)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_parameters_come_first_and_names_are_unique() {
        for class in ["Workplane", "Sketch", "Vector", "Plane", "Location", "Solid"] {
            for method in methods_of(class) {
                let names: std::collections::BTreeSet<_> = method.parameters.iter().map(|p| p.name).collect();
                assert_eq!(names.len(), method.parameters.len(), "{class}.{}", method.name);
                let first_optional = method.parameters.iter().position(|p| p.default != Default::Required);
                let optional = first_optional.map_or(&[][..], |at| &method.parameters[at..]);
                assert!(optional.iter().all(|p| p.default != Default::Required), "{class}.{}", method.name);
                assert!(!unsupported_members(class).contains(&method.name), "{class}.{} is both", method.name);
            }
        }
    }

    #[test]
    fn signatures_read_as_python() {
        let cuboid = methods_of("Workplane").iter().find(|method| method.name == "box").unwrap();
        assert_eq!(cuboid.signature(), "box(length, width, height, centered=True, combine=True, clean=True)");
    }
}
