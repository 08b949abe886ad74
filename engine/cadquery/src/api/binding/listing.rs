//! The table as a list to be read: what an editor offers while a program is typed.

use super::table::{FUNCTIONS, methods_of};

/// A method of a class, or a function or constructor of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodInfo {
    /// Where it stands: a class such as `Workplane`, or `cadquery` and below it `cadquery.Plane`. Solids, faces, wires and
    /// all other shapes have the methods of `Shape`.
    pub class: String,
    /// As `CadQuery` spells it: `box`.
    pub name: &'static str,
    /// With its parameters and their defaults: `box(length, width, height, centered=True, combine=True, clean=True)`.
    pub signature: String,
}

/// The classes, and the name under which the table knows each.
const CLASSES: &[(&str, &str)] = &[
    ("Workplane", "Workplane"),
    ("Sketch", "Sketch"),
    ("Vector", "Vector"),
    ("Plane", "Plane"),
    ("Location", "Location"),
    ("Shape", "Solid"),
];

/// Everything that a program can call, in the order of the table. A name that takes its arguments in several ways stands once
/// for each of them; names that only operators use are left out.
pub fn methods() -> Vec<MethodInfo> {
    let of_classes = CLASSES.iter().flat_map(|(class, table)| {
        let named = methods_of(table).iter().filter(|method| !method.name.starts_with("__"));
        named.map(|method| MethodInfo { class: (*class).to_owned(), name: method.name, signature: method.signature() })
    });
    let of_module = FUNCTIONS.iter().map(|function| {
        let (path, name) = function.name.rsplit_once('.').unwrap_or(("", function.name));
        let class = if path.is_empty() { "cadquery".to_owned() } else { format!("cadquery.{path}") };
        let signature = function.signature();
        let signature = signature.get(function.name.len() - name.len()..).unwrap_or_default().to_owned();
        MethodInfo { class, name, signature }
    });
    of_classes.chain(of_module).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_listed_with_their_class_and_signature() {
        let check = |class: &str, name: &str, signature: &str| {
            let found = methods().into_iter().find(|method| method.class == class && method.name == name);
            assert_eq!(found.map(|method| method.signature).as_deref(), Some(signature), "{class}.{name}");
        };
        check("Workplane", "box", "box(length, width, height, centered=True, combine=True, clean=True)");
        check("Shape", "Volume", "Volume()");
        check("cadquery", "Workplane", "Workplane(inPlane='XY', origin=(0, 0, 0), obj=None)");
        check("cadquery.Plane", "XY", "XY(origin=(0, 0, 0), xDir=None)");
        assert!(methods().iter().all(|method| !method.name.contains('.') && !method.name.starts_with("__")));
        assert!(methods().iter().all(|method| method.signature.starts_with(&format!("{}(", method.name))));
    }
}
