//! Values across the border: the interpreter's arena of nodes here, [`Value`] there.

use monty_types::unstable::{self, MontyNode};
use monty_types::{CallArgs, MontyObject, ObjectRef as MontyRef};

use super::identity::Identity;
use super::registry::Registry;
use crate::Value;

/// An integer beyond this many bits is larger than every float.
const FLOAT_BITS: u64 = 1024;

/// Why a value cannot go to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConvertError {
    /// More values or longer text than the limits allow.
    TooLarge,
    /// An integer that no float can hold.
    IntegerTooLarge,
}

/// Positional and keyword arguments of a call.
pub(crate) type Arguments = (Vec<Value>, Vec<(String, Value)>);

/// The arguments of a call, of at most `limit` values.
pub(crate) fn arguments(args: &CallArgs, names: &Registry, limit: usize) -> Result<Arguments, ConvertError> {
    let mut importer = Importer { names, left: limit };
    let positional = args.args().map(|arg| importer.value(arg)).collect::<Result<_, _>>()?;
    let keyword = args
        .kwargs()
        .map(|(key, value)| Ok((key.as_str().unwrap_or_default().to_owned(), importer.value(value)?)))
        .collect::<Result<_, _>>()?;
    Ok((positional, keyword))
}

/// The items of the tuple that a program ends with; an item that cannot be converted becomes [`Value::Opaque`].
pub(crate) fn items(tuple: &MontyObject, names: &Registry, limit: usize) -> Vec<Value> {
    let items = tuple.as_ref().items().unwrap_or_default();
    items
        .into_iter()
        .map(|item| {
            let mut importer = Importer { names, left: limit };
            importer.value(item).unwrap_or_else(|_| Value::Opaque(item.type_name().to_owned()))
        })
        .collect()
}

struct Importer<'a> {
    names: &'a Registry,
    left: usize,
}

impl Importer<'_> {
    fn spend(&mut self, values: usize) -> Result<(), ConvertError> {
        self.left = self.left.checked_sub(values).ok_or(ConvertError::TooLarge)?;
        Ok(())
    }

    // Recursion is bounded: the interpreter exports nothing deeper than its own recursion limit.
    fn value(&mut self, value: MontyRef<'_>) -> Result<Value, ConvertError> {
        self.spend(1)?;
        let list = |importer: &mut Self, ids: &[unstable::NodeId]| {
            ids.iter().map(|id| importer.value(unstable::child(value, *id))).collect::<Result<Vec<_>, _>>()
        };
        Ok(match unstable::node(value) {
            MontyNode::None => Value::None,
            MontyNode::Bool(flag) => Value::Bool(*flag),
            MontyNode::Int(number) => Value::Int(*number),
            MontyNode::Float(number) => Value::Float(*number),
            MontyNode::BigInt(number) if number.bits() > FLOAT_BITS => return Err(ConvertError::IntegerTooLarge),
            MontyNode::BigInt(number) => match number.to_string().parse::<f64>() {
                Ok(float) if float.is_finite() => Value::Float(float),
                _ => return Err(ConvertError::IntegerTooLarge),
            },
            MontyNode::Decimal(text) => text.parse().map_or_else(|_| Value::Opaque("Decimal".into()), Value::Float),
            MontyNode::String(text) => {
                // Text is charged by length, sixteen bytes being what a value takes.
                self.spend(text.len() / 16)?;
                Value::Str(text.clone())
            }
            MontyNode::List(ids) => Value::List(list(self, ids)?),
            MontyNode::Tuple(ids)
            | MontyNode::Set(ids)
            | MontyNode::FrozenSet(ids)
            | MontyNode::NamedTuple { values: ids, .. } => Value::Tuple(list(self, ids)?),
            MontyNode::Dict(pairs) => Value::Dict(
                pairs
                    .iter()
                    .map(|(key, item)| {
                        Ok((self.value(unstable::child(value, *key))?, self.value(unstable::child(value, *item))?))
                    })
                    .collect::<Result<_, _>>()?,
            ),
            MontyNode::ClassInstance { instance_id, .. } => match Identity::of(*instance_id) {
                Some(Identity::Object(id)) => match self.names.object(id) {
                    Some(object) => Value::Object(object),
                    None => Value::Opaque("object".into()),
                },
                _ => Value::Opaque(value.type_name().to_owned()),
            },
            MontyNode::ClassType(class) => match Identity::of(class.id) {
                Some(Identity::Class(index)) => Value::Class(self.names.path(index).to_owned()),
                _ => Value::Opaque(format!("class {}", class.name)),
            },
            MontyNode::Function { .. } | MontyNode::BuiltinFunction(_) => Value::Opaque("function".into()),
            MontyNode::Repr(text) => {
                // `<function f at 0x...>`, `range(0, 3)`: enough for a message, without addresses.
                let short = text.trim_start_matches('<').split(" at 0x").next().unwrap_or_default();
                Value::Opaque(short.trim_end_matches('>').chars().take(60).collect())
            }
            _ => Value::Opaque(value.type_name().to_owned()),
        })
    }
}

/// A value for Python.
pub(crate) fn to_monty(value: Value, handles: &mut Registry) -> MontyObject {
    match value {
        Value::None => MontyObject::none(),
        Value::Bool(flag) => MontyObject::bool(flag),
        Value::Int(number) => MontyObject::int(number),
        Value::Float(number) => MontyObject::float(number),
        Value::Str(text) => MontyObject::string(text),
        Value::List(items) => {
            let items: Vec<_> = items.into_iter().map(|item| to_monty(item, handles)).collect();
            MontyObject::list(items)
        }
        Value::Tuple(items) => {
            let items: Vec<_> = items.into_iter().map(|item| to_monty(item, handles)).collect();
            MontyObject::tuple(items)
        }
        Value::Dict(pairs) => {
            let pairs: Vec<_> =
                pairs.into_iter().map(|(key, item)| (to_monty(key, handles), to_monty(item, handles))).collect();
            MontyObject::dict(pairs)
        }
        Value::Object(object) => handles.object_handle(object),
        Value::Class(path) => handles.class_handle(&path),
        Value::Opaque(description) => MontyObject::string(description),
    }
}
