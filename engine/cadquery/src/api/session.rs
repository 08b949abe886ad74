//! One run's objects, and the dispatch of calls to them.

use partwright_brep::{CallId, Shape};

use super::binding::{self, Arguments, Method};
use super::error::Fault;
use super::object::{Context, ContextId, Item, Object, ObjectId, Sketch, Workplane};
use super::solid::Solid;
use crate::{Api, ApiError, Attribute, Call, ClassId, Member, ObjectRef, Value};

/// What a call answers.
pub(crate) type Answer = Result<Value, Fault>;

/// The objects of one run of one program.
#[derive(Debug, Default)]
pub struct Session {
    objects: Vec<Object>,
    contexts: Vec<Context>,
    /// The call being made; bodies carry it.
    pub(crate) call: CallId,
}

impl Session {
    /// A session without objects.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps an object.
    pub(crate) fn keep_id(&mut self, object: Object) -> ObjectId {
        self.objects.push(object);
        ObjectId(self.objects.len() - 1)
    }

    /// Keeps an object and gives its handle.
    pub(crate) fn keep(&mut self, object: Object) -> Value {
        let id = self.keep_id(object);
        self.handle(id)
    }

    /// A stack item as a value of the program.
    pub(crate) fn keep_item(&mut self, item: Item) -> Value {
        match item {
            Item::Sketch(id) => self.handle(id),
            item => self.keep(Object::Item(item)),
        }
    }

    /// The handle of an object that is kept already.
    pub(crate) fn handle(&self, id: ObjectId) -> Value {
        let class = ClassId(self.object(id).map_or("object", Object::class));
        Value::Object(ObjectRef { class, id: id.0 as u64 })
    }

    pub(crate) fn new_context(&mut self) -> ContextId {
        self.contexts.push(Context::default());
        ContextId(self.contexts.len() - 1)
    }

    pub(crate) fn object(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(id.0)
    }

    /// The object behind a value, if there is one.
    pub(crate) fn object_of(&self, value: &Value) -> Option<&Object> {
        if let Value::Object(handle) = value { self.object(ObjectId(handle.id as usize)) } else { None }
    }

    /// The stack item behind a value, if it is one.
    pub(crate) fn item(&self, value: &Value) -> Option<&Item> {
        if let Some(Object::Item(item)) = self.object_of(value) { Some(item) } else { None }
    }

    pub(crate) fn workplane(&self, id: ObjectId) -> Result<&Workplane, Fault> {
        match self.object(id) {
            Some(Object::Workplane(workplane)) => Ok(workplane),
            other => Err(wrong_class("a Workplane", other)),
        }
    }

    pub(crate) fn workplane_mut(&mut self, id: ObjectId) -> Result<&mut Workplane, Fault> {
        match self.objects.get_mut(id.0) {
            Some(Object::Workplane(workplane)) => Ok(workplane),
            other => Err(wrong_class("a Workplane", other.map(|object| &*object))),
        }
    }

    pub(crate) fn sketch(&self, id: ObjectId) -> Result<&Sketch, Fault> {
        match self.object(id) {
            Some(Object::Sketch(sketch)) => Ok(sketch),
            other => Err(wrong_class("a Sketch", other)),
        }
    }

    pub(crate) fn sketch_mut(&mut self, id: ObjectId) -> Result<&mut Sketch, Fault> {
        match self.objects.get_mut(id.0) {
            Some(Object::Sketch(sketch)) => Ok(sketch),
            other => Err(wrong_class("a Sketch", other.map(|object| &*object))),
        }
    }

    pub(crate) fn context(&self, id: ObjectId) -> Result<&Context, Fault> {
        let ContextId(index) = self.workplane(id)?.context;
        self.contexts.get(index).ok_or(Fault::Rule("internal: a Workplane without a context"))
    }

    pub(crate) fn context_mut(&mut self, id: ObjectId) -> Result<&mut Context, Fault> {
        let ContextId(index) = self.workplane(id)?.context;
        self.contexts.get_mut(index).ok_or(Fault::Rule("internal: a Workplane without a context"))
    }

    /// `Workplane.newObject`: a child of `parent` on the same plane, in the same context, with a new stack.
    pub(crate) fn derive(&mut self, parent: ObjectId, items: Vec<Item>) -> Answer {
        let child = self.derive_id(parent, items)?;
        Ok(self.handle(child))
    }

    /// As [`Session::derive`].
    pub(crate) fn derive_id(&mut self, parent: ObjectId, items: Vec<Item>) -> Result<ObjectId, Fault> {
        let Workplane { plane, context, .. } = *self.workplane(parent)?;
        Ok(self.keep_id(Object::Workplane(Workplane { plane, items, parent: Some(parent), context })))
    }

    /// The same with one solid on the stack.
    pub(crate) fn derive_solid(&mut self, parent: ObjectId, solid: Solid) -> Answer {
        self.derive(parent, vec![Item::Solid(solid)])
    }

    fn call_method(&mut self, methods: &'static [Method], this: ObjectId, call: &Call<'_>) -> Option<Answer> {
        let overloads: Vec<&'static Method> = methods.iter().filter(|method| method.name == call.function).collect();
        let mut fault = None;
        for method in &overloads {
            match binding::bind(self, method, &call.args, &call.kwargs) {
                Ok(arguments) => return Some((method.run)(self, this, &arguments)),
                // Of several forms the one with as many parameters explains the fault best; else the first.
                Err(error) if fault.is_none() || method.takes(call.args.len() + call.kwargs.len()) => {
                    fault = Some(error);
                }
                Err(_) => {}
            }
        }
        fault.map(Err)
    }

    /// The solids among items as one; `None` when there is none.
    pub(crate) fn solids_among(&self, items: &[Item]) -> Option<Solid> {
        let solids =
            items.iter().filter_map(|item| if let Item::Solid(solid) = item { Some(solid.clone()) } else { None });
        Solid::compound(solids.collect(), self.call)
    }

    fn solid_of(&self, value: &Value) -> Option<Solid> {
        match value {
            Value::List(values) | Value::Tuple(values) => {
                Solid::compound(values.iter().filter_map(|value| self.solid_of(value)).collect(), self.call)
            }
            Value::Object(_) => match self.object_of(value)? {
                Object::Workplane(workplane) => self.solids_among(&workplane.items),
                Object::Item(item) => self.solids_among(std::slice::from_ref(item)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The fault of a name that a class does not have.
fn unknown(class: &str, name: &str, methods: &'static [Method]) -> Fault {
    if binding::unsupported_members(class).contains(&name) {
        return Fault::NotSupported { what: format!("{class}.{name}"), instead: binding::instead(class, name) };
    }
    let nearest = binding::nearest(name, methods.iter().map(|method| method.name));
    Fault::UnknownMember { class: class.to_owned(), name: name.chars().take(40).collect(), nearest }
}

pub(crate) fn wrong_class(expected: &str, found: Option<&Object>) -> Fault {
    let found = found.map_or("nothing", Object::class);
    Fault::RuleWith(format!("{expected} is needed here, not an object of class {found}"))
}

impl Api for Session {
    fn member(&self, path: &str) -> Option<Member> {
        binding::member(path)
    }

    fn call(&mut self, call: &Call<'_>) -> Result<Value, ApiError> {
        self.call = call.id;
        let answer = if let Some(receiver) = call.receiver {
            let this = ObjectId(receiver.id as usize);
            let class = self.object(this).map_or("object", Object::class);
            let methods = binding::methods_of(class);
            self.call_method(methods, this, call).unwrap_or_else(|| Err(unknown(class, call.function, methods)))
        } else {
            let functions = binding::FUNCTIONS;
            let nobody = ObjectId(usize::MAX);
            self.call_method(functions, nobody, call)
                .unwrap_or_else(|| Err(unknown("cadquery", call.function, functions)))
        };
        answer.map_err(ApiError::from)
    }

    fn attribute(&mut self, receiver: ObjectRef, name: &str) -> Result<Attribute, ApiError> {
        let this = ObjectId(receiver.id as usize);
        if let Some(value) = self.property(this, name) {
            return Ok(Attribute::Value(value));
        }
        let class = self.object(this).map_or("object", Object::class);
        let methods = binding::methods_of(class);
        if methods.iter().any(|method| method.name == name) || binding::unsupported_members(class).contains(&name) {
            return Ok(Attribute::Method);
        }
        Err(unknown(class, name, methods).into())
    }

    fn body(&self, object: ObjectRef) -> Option<Shape> {
        self.solid_of(&Value::Object(object)).map(|solid| solid.shape)
    }

    fn result(&mut self, value: &Value) -> Result<Shape, ApiError> {
        self.solid_of(value).map(|solid| solid.shape).ok_or_else(|| {
            let holds = match self.object_of(value) {
                Some(Object::Workplane(workplane)) => match workplane.items.as_slice() {
                    [] => "an empty Workplane".to_owned(),
                    [Item::Sketch(_), ..] => "a Sketch that is not extruded".to_owned(),
                    [item, ..] => format!("a Workplane with a {} on its stack", item.class()),
                },
                Some(object) => format!("a {}", object.class()),
                None => format!("a {}", value.type_name()),
            };
            Fault::RuleWith(format!("the result holds no solid, it is {holds}")).into()
        })
    }
}

impl Method {
    fn takes(&self, count: usize) -> bool {
        let required = self.parameters.iter().filter(|p| matches!(p.default, binding::Default::Required)).count();
        (required..=self.parameters.len()).contains(&count)
    }
}

/// A function behind a name of the table.
pub(crate) type Run = fn(&mut Session, ObjectId, &Arguments) -> Answer;
