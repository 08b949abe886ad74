//! The handles that have been given to Python.

use monty_types::MontyObject;
use rustc_hash::FxHashMap;

use super::identity::Identity;
use crate::{ClassId, ObjectRef};

/// Objects, classes and modules that Python may name.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    objects: FxHashMap<u64, ObjectRef>,
    /// Paths of modules, classes and functions below `cadquery`; the module itself has the empty path.
    paths: Vec<String>,
}

impl Registry {
    /// The object with the given number.
    pub(crate) fn object(&self, id: u64) -> Option<ObjectRef> {
        self.objects.get(&id).copied()
    }

    /// The path of a module or a class.
    pub(crate) fn path(&self, index: u64) -> &str {
        self.paths.get(index as usize).map_or("", String::as_str)
    }

    /// The handle of an object.
    pub(crate) fn object_handle(&mut self, object: ObjectRef) -> MontyObject {
        self.objects.insert(object.id, object);
        let ClassId(name) = object.class;
        let known = self.paths.iter().position(|path| path.rsplit('.').next() == Some(name));
        let index = known.map_or_else(|| self.index(name), |index| index as u64);
        let class = MontyObject::class_type(name, Identity::Class(index).uuid(), true, false, []);
        // The number makes `==` compare identities, which is what CadQuery's own objects do.
        let number = (MontyObject::string("_number"), MontyObject::int(object.id as i64));
        MontyObject::class_instance(class, Identity::Object(object.id).uuid(), [number])
    }

    /// The handle of a class.
    pub(crate) fn class_handle(&mut self, path: &str) -> MontyObject {
        let index = self.index(path);
        let name = path.rsplit('.').next().unwrap_or(path);
        MontyObject::class_type(name, Identity::Class(index).uuid(), true, false, [])
    }

    /// The handle of a function.
    pub(crate) fn function_handle(&mut self, path: &str) -> MontyObject {
        self.index(path);
        MontyObject::function(path, None)
    }

    /// Whether a handle of the class, module or function at `path` has been given out.
    pub(crate) fn knows(&self, path: &str) -> bool {
        self.paths.iter().any(|known| known == path)
    }

    /// The handle of `cadquery` (the empty path) or of a submodule: an object, so that its names are asked for when used.
    pub(crate) fn module_handle(&mut self, path: &str) -> MontyObject {
        let index = self.index(path);
        let class = MontyObject::class_type("module", Identity::Module(u64::MAX).uuid(), true, false, []);
        MontyObject::class_instance(class, Identity::Module(index).uuid(), [])
    }

    fn index(&mut self, path: &str) -> u64 {
        let index = self.paths.iter().position(|known| known == path).unwrap_or_else(|| {
            self.paths.push(path.to_owned());
            self.paths.len() - 1
        });
        index as u64
    }
}
