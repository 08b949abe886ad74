//! What is opened, dropped and described: how files become items, and pictures become one.

use std::path::PathBuf;
use std::sync::Arc;

use partwright_geometry::Geometry;

use super::app::Window;
use super::apply::{fail, look_at_new_item, say};
use crate::document::{Input, ItemId, MOST_DESCRIPTION, MOST_PICTURES, Picture, Program, Survey};
use crate::job;

/// Opens files: the pictures among them are views of one part.
pub(super) fn open(window: &mut Window, paths: Vec<PathBuf>) {
    let pictures = load_others(window, paths);
    load_pictures(window, pictures, None, MOST_PICTURES);
}

/// Opens files that were dropped: pictures are added to those of the item looked at, if it has some.
pub(super) fn dropped(window: &mut Window, paths: Vec<PathBuf>) {
    let pictures = load_others(window, paths);
    match window.document.active() {
        Some(item) if matches!(item.input, Input::Pictures(_)) => {
            let (id, room) = (item.id, MOST_PICTURES.saturating_sub(item.input.pictures().len()));
            load_pictures(window, pictures, Some(id), room);
        }
        _ => load_pictures(window, pictures, None, MOST_PICTURES),
    }
}

/// Starts to read all that are no pictures; gives back those that are.
fn load_others(window: &mut Window, paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let (pictures, others): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(|path| job::is_picture(path));
    for path in others {
        job::load(&mut window.jobs, path);
    }
    pictures
}

fn load_pictures(window: &mut Window, mut paths: Vec<PathBuf>, into: Option<ItemId>, room: usize) {
    let surplus = paths.split_off(room.min(paths.len()));
    if let Some(first) = surplus.first() {
        let more = if surplus.len() > 1 { format!(" and {} more", surplus.len() - 1) } else { String::new() };
        say_too_many(window, &format!("'{}'{more}", first.display()));
    }
    if !paths.is_empty() {
        job::load_pictures(&mut window.jobs, paths, into);
    }
}

fn say_too_many(window: &mut Window, left_out: &str) {
    say(window, &format!("A part takes at most {MOST_PICTURES} pictures. Left out: {left_out}. Remove one first"));
}

/// Pictures were read: they become an item, or are added to one.
pub(super) fn pictures_read(
    window: &mut Window,
    into: Option<ItemId>,
    mut pictures: Vec<Picture>,
    faults: Vec<String>,
) {
    for fault in faults {
        fail(window, &fault);
    }
    let Some(first) = pictures.first() else { return };
    for picture in &pictures {
        window.settings.opened(&picture.path);
    }
    let Some(id) = into else {
        let name = match pictures.len() {
            1 => first.name(),
            count => format!("{} and {} more", first.name(), count - 1),
        };
        window.state.log.push(format!("Opened {name}"));
        window.document.add(name, None, Input::Pictures(pictures), Program::default());
        look_at_new_item(window);
        return;
    };
    // Others may have come while these were read.
    let room = window.document.item(id).map_or(0, |item| MOST_PICTURES.saturating_sub(item.input.pictures().len()));
    for surplus in pictures.split_off(room.min(pictures.len())) {
        say_too_many(window, &surplus.name());
    }
    change_pictures(window, id, "adding pictures", |own| own.extend(pictures));
}

/// Puts a picture of the item looked at to another place.
pub(super) fn move_picture(window: &mut Window, from: usize, to: usize) {
    if let Some(id) = window.document.active().map(|item| item.id) {
        change_pictures(window, id, "moving a picture", |pictures| {
            if from < pictures.len() && to < pictures.len() {
                let picture = pictures.remove(from);
                pictures.insert(to, picture);
            }
        });
    }
}

/// Removes a picture of the item looked at.
pub(super) fn remove_picture(window: &mut Window, index: usize) {
    if let Some(id) = window.document.active().map(|item| item.id) {
        change_pictures(window, id, "removing a picture", |pictures| {
            if index < pictures.len() {
                pictures.remove(index);
            }
        });
    }
}

/// A change of an item's pictures as a step of its own.
fn change_pictures(window: &mut Window, id: ItemId, step: &'static str, change: impl FnOnce(&mut Vec<Picture>)) {
    window.document.finish_step();
    window.document.edit(id, step, |item| {
        if let Input::Pictures(pictures) = &mut item.input {
            change(pictures);
        }
    });
    window.document.finish_step();
}

/// Looks for what is to be known of an item's scan, which is new.
pub(super) fn survey(window: &mut Window, id: ItemId) {
    if let Some(scan) = window.document.item(id).and_then(|item| item.input.scan()) {
        job::survey(&mut window.jobs, id, scan);
    }
}

/// A scan was surveyed, which may be another one by now.
pub(super) fn surveyed(window: &mut Window, id: ItemId, prepared: &Arc<Geometry>, survey: Arc<Survey>) {
    if let Some(Input::Scan(scan)) = window.document.item_mut(id).map(|item| &mut item.input)
        && Arc::ptr_eq(&scan.prepared, prepared)
    {
        scan.survey = Some(survey);
    }
}

/// Begins an item of a description.
pub(super) fn describe(window: &mut Window) {
    window.document.add("Description", None, Input::Description(String::new()), Program::default());
    window.state.focus_description = true;
    look_at_new_item(window);
}

/// The description of the item looked at is now this, as far as it is not too long.
pub(super) fn set_description(window: &mut Window, mut text: String) {
    if let Some((end, _)) = text.char_indices().nth(MOST_DESCRIPTION) {
        text.truncate(end);
    }
    if let Some(id) = window.document.active().map(|item| item.id) {
        window.document.edit(id, "describing", |item| {
            if let Input::Description(own) = &mut item.input {
                *own = text;
            }
        });
    }
}
