//! Our own dialog for files: a path to be typed, and what its folder holds to be clicked.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use egui::{Button, Id, Key, Modal, RichText, ScrollArea, TextEdit, Ui};

use crate::window::app::Window;
use crate::window::file_dialog::{Ask, Listing, OPENABLE, PICTURES};
use crate::window::{icon, theme};

/// The dialog, while it is open.
pub(super) fn show(window: &mut Window, ctx: &egui::Context) {
    let Some(own) = window.dialogs.own.clone() else { return };
    let mut typed = own.typed.clone();
    let (mut accepted, mut cancelled) = (false, false);
    let path =
        if typed.ends_with(MAIN_SEPARATOR) { PathBuf::from(&typed) } else { own.ask.completed(PathBuf::from(&typed)) };
    let folder = folder_of(&path);
    window.dialogs.list(folder.to_owned(), ctx);
    let listing = own.listing.as_deref().filter(|listing| listing.folder == folder);
    let problem = problem(&own.ask, &path, listing);
    let modal = Modal::new(Id::unique("file dialog")).show(ctx, |ui| {
        ui.set_width(560.0);
        let colors = theme::of(ui);
        let (title, verb) = match &own.ask {
            Ask::Open => ("Open".to_owned(), "Open"),
            Ask::AddPictures => ("Add pictures".to_owned(), "Add"),
            Ask::Save(_, kind, _) => (format!("Export {}", kind.name()), "Export"),
        };
        ui.heading(title);
        ui.add_space(6.0);
        let field = ui.add(TextEdit::singleline(&mut typed).desired_width(f32::INFINITY).hint_text("Path of the file"));
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path"));
        if ctx.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
        let entered = ui.input(|input| input.key_pressed(Key::Enter));
        accepted |= entered && (field.lost_focus() || field.has_focus());
        ui.add_space(4.0);
        if let Some(clicked) = entries(&own.ask, &path, listing, ui) {
            typed = clicked;
            field.request_focus();
        }
        ui.add_space(4.0);
        match &problem {
            Problem::None => ui.label(""),
            Problem::Replaces(what) => ui.label(RichText::new(what).color(colors.check)),
            Problem::Prevents(why) => ui.label(RichText::new(why).color(colors.text_weak)),
        };
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            let possible = !matches!(problem, Problem::Prevents(_));
            accepted |= ui.add_enabled(possible, Button::new(verb)).clicked();
            cancelled = ui.button("Cancel").clicked();
        });
    });
    if cancelled || modal.should_close() {
        window.dialogs.own = None;
    } else if accepted && !matches!(problem, Problem::Prevents(_)) {
        window.actions.extend(own.ask.actions(vec![path]));
        window.dialogs.own = None;
    } else if let Some(open) = &mut window.dialogs.own {
        open.typed = typed;
    }
}

/// The folder part of a path: all up to the last separator.
fn folder_of(path: &Path) -> &Path {
    let ends = path.to_str().is_some_and(|text| text.ends_with(MAIN_SEPARATOR));
    if ends { path } else { path.parent().unwrap_or(path) }
}

/// What stands between the path and the file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    None,
    Replaces(String),
    Prevents(String),
}

fn problem(ask: &Ask, path: &Path, listing: Option<&Listing>) -> Problem {
    let Some(listing) = listing else { return Problem::Prevents("Reading the folder".to_owned()) };
    let (folders, files) = match &listing.content {
        Ok(content) => content,
        Err(why) => return Problem::Prevents(format!("{}: {why}", listing.folder.display())),
    };
    let name = path.strip_prefix(&listing.folder).ok().and_then(Path::to_str).unwrap_or_default().to_owned();
    let is_file = files.contains(&name);
    match ask {
        _ if name.is_empty() => Problem::Prevents("Choose a file, or type its name".to_owned()),
        _ if folders.contains(&name) => Problem::Prevents(format!("{name} is a folder")),
        Ask::Open | Ask::AddPictures if is_file => Problem::None,
        Ask::Open | Ask::AddPictures => {
            Problem::Prevents(format!("There is no file {name} in {}", listing.folder.display()))
        }
        Ask::Save(..) if is_file => Problem::Replaces(format!("{name} is there already: it will be replaced")),
        Ask::Save(..) => Problem::None,
    }
}

/// The folders and the files that fit, to be clicked; the path of the one that was.
fn entries(ask: &Ask, path: &Path, listing: Option<&Listing>, ui: &mut Ui) -> Option<String> {
    let row_height = ui.text_style_height(&egui::TextStyle::Button) + 8.0;
    let mut clicked = None;
    let Some(Listing { folder, content: Ok((folders, files)) }) = listing else {
        ui.add_space(10.0 * row_height);
        return None;
    };
    let fits = |name: &&String| {
        let extension = Path::new(name.as_str()).extension().and_then(|e| e.to_str()).unwrap_or_default();
        let extension = extension.to_lowercase();
        match ask {
            Ask::Open => OPENABLE.contains(&extension.as_str()),
            Ask::AddPictures => PICTURES.contains(&extension.as_str()),
            Ask::Save(_, kind, _) => extension == kind.extension(),
        }
    };
    let files: Vec<&String> = files.iter().filter(fits).collect();
    let up = usize::from(folder.parent().is_some());
    let rows = up + folders.len() + files.len();
    let area = ScrollArea::vertical().max_height(10.0 * row_height).auto_shrink([false, false]);
    area.show_rows(ui, row_height, rows, |ui, shown| {
        for row in shown {
            let (symbol, name, is_folder) = match row.checked_sub(up) {
                None => (icon::ARROW_U_UP_LEFT, "..", true),
                Some(index) if index < folders.len() => (icon::FOLDER_OPEN, folders[index].as_str(), true),
                Some(index) => (icon::FILE_CODE, files[index - folders.len()].as_str(), false),
            };
            let target = if name == ".." { folder.parent().unwrap_or(folder).to_owned() } else { folder.join(name) };
            let button = Button::selectable(path == target, format!("{symbol}  {name}")).truncate();
            let left = egui::Layout::top_down_justified(egui::Align::LEFT);
            if ui.with_layout(left, |ui| ui.add(button)).inner.clicked() {
                let kept = match (ask, is_folder) {
                    // The name of a file to be written is kept on the way through folders.
                    (Ask::Save(_, _, name), true) => target.join(path.file_name().map_or(name.as_ref(), Path::new)),
                    (Ask::Open | Ask::AddPictures, true) => target.join(""),
                    (_, false) => target,
                };
                clicked = kept.to_str().map(str::to_owned);
            }
        }
    });
    clicked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::ItemId;
    use crate::job::ExportKind;

    #[test]
    fn what_is_typed_is_judged_by_its_folder() {
        let listing = Listing {
            folder: PathBuf::from("/parts"),
            content: Ok((vec!["old".to_owned()], vec!["a.step".to_owned(), "scan.stl".to_owned()])),
        };
        let save = Ask::Save(ItemId(0), ExportKind::Step, "a.step".to_owned());
        let check = |ask: &Ask, typed: &str, expected: fn(&Problem) -> bool| {
            let found = problem(ask, Path::new(typed), Some(&listing));
            assert!(expected(&found), "{typed}: {found:?}");
        };
        check(&save, "/parts/new.step", |p| *p == Problem::None);
        check(&save, "/parts/a.step", |p| matches!(p, Problem::Replaces(_)));
        check(&save, "/parts/old", |p| matches!(p, Problem::Prevents(_)));
        check(&save, "/parts/", |p| matches!(p, Problem::Prevents(_)));
        check(&Ask::Open, "/parts/scan.stl", |p| *p == Problem::None);
        check(&Ask::Open, "/parts/none.stl", |p| matches!(p, Problem::Prevents(_)));
        assert!(matches!(problem(&save, Path::new("/x/a.step"), None), Problem::Prevents(_)));
    }

    #[test]
    fn the_folder_of_a_path_ends_at_its_last_separator() {
        assert_eq!(folder_of(Path::new("/parts/a.step")), Path::new("/parts"));
        assert_eq!(folder_of(Path::new("/parts/")), Path::new("/parts/"));
        assert_eq!(folder_of(Path::new("/")), Path::new("/"));
    }
}
