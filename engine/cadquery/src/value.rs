//! What a program hands to the API and gets back.

use std::fmt;

use monty_types::StringRepr;

/// The name of an API class as Python shows it: `Workplane`, `Sketch`, `Vector`, `Face`, ...
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassId(pub &'static str);

/// A handle: the object itself lives in the [`Api`](crate::Api), Python holds this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ObjectRef {
    /// Its class; `isinstance` and `type(x)` in a program go by it.
    pub class: ClassId,
    /// The API's own number for it (below 2^48), unique over all its classes.
    pub id: u64,
}

/// A value on the border between a program and the API.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`. Python counts them as integers; the API decides whether to take them as numbers.
    Bool(bool),
    /// An integer of 64 bits. Wider ones arrive as [`Value::Float`], or not at all when no float can hold them.
    Int(i64),
    /// A float; may be NaN or infinite.
    Float(f64),
    /// A string.
    Str(String),
    /// A list.
    List(Vec<Value>),
    /// A tuple. Named tuples and sets arrive as tuples too.
    Tuple(Vec<Value>),
    /// A dictionary in insertion order.
    Dict(Vec<(Value, Value)>),
    /// An object of the API.
    Object(ObjectRef),
    /// A class of the API itself (`cq.Workplane` without a call), by name.
    Class(String),
    /// Something the API cannot look into (a function, an iterator, a range, an object of a class of the program,
    /// bytes, ...), by its description, for error messages.
    Opaque(String),
}

impl Value {
    /// The Python type's name, for error messages.
    pub fn type_name(&self) -> &str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Object(object) => object.class.0,
            Self::Class(_) => "type",
            Self::Opaque(description) => description,
        }
    }

    /// Writes what [`Display`](fmt::Display) would write, until `text` is about `length` bytes long; whether it all fitted.
    pub(crate) fn write_short(&self, text: &mut String, length: usize) -> bool {
        struct Bounded<'a>(&'a mut String, usize);
        impl fmt::Write for Bounded<'_> {
            fn write_str(&mut self, part: &str) -> fmt::Result {
                let mut room = self.1.saturating_sub(self.0.len()).min(part.len());
                while !part.is_char_boundary(room) {
                    room -= 1;
                }
                self.0.push_str(&part[..room]);
                if room < part.len() { Err(fmt::Error) } else { Ok(()) }
            }
        }
        fmt::write(&mut Bounded(text, length), format_args!("{self}")).is_ok()
    }

    /// The number it is, if it is one (`True` is not).
    pub fn as_number(&self) -> Option<f64> {
        match *self {
            Self::Int(value) => Some(value as f64),
            Self::Float(value) => Some(value),
            _ => None,
        }
    }
}

/// As Python's `repr` would print it; objects are printed as `<Workplane>`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn list(f: &mut fmt::Formatter<'_>, items: &[Value]) -> fmt::Result {
            for (index, item) in items.iter().enumerate() {
                write!(f, "{}{item}", if index > 0 { ", " } else { "" })?;
            }
            Ok(())
        }
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Str(text) => write!(f, "{}", StringRepr(text)),
            Self::List(items) => {
                f.write_str("[")?;
                list(f, items)?;
                f.write_str("]")
            }
            Self::Tuple(items) => {
                f.write_str("(")?;
                list(f, items)?;
                f.write_str(if items.len() == 1 { ",)" } else { ")" })
            }
            Self::Dict(pairs) => {
                f.write_str("{")?;
                for (index, (key, value)) in pairs.iter().enumerate() {
                    write!(f, "{}{key}: {value}", if index > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
            Self::Object(object) => write!(f, "<{}>", object.class.0),
            Self::Class(name) => write!(f, "<class '{name}'>"),
            Self::Opaque(description) => write!(f, "<{description}>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_print_as_python_prints_them() {
        let check = |value: Value, expected: &str| assert_eq!(value.to_string(), expected);
        check(Value::None, "None");
        check(Value::Bool(true), "True");
        check(Value::Int(-3), "-3");
        check(Value::Float(2.0), "2.0");
        check(Value::Float(-7.5), "-7.5");
        check(Value::Str("a'b".into()), "\"a'b\"");
        check(Value::Str(">Z".into()), "'>Z'");
        check(Value::Tuple(vec![Value::Int(1)]), "(1,)");
        check(Value::List(vec![Value::Int(1), Value::Tuple(vec![Value::Int(2), Value::None])]), "[1, (2, None)]");
        check(Value::Dict(vec![(Value::Str("a".into()), Value::Int(1))]), "{'a': 1}");
        check(Value::Object(ObjectRef { class: ClassId("Workplane"), id: 1 }), "<Workplane>");
    }
}
