//! The one place where the document and the state are changed: by actions of the user and by events of jobs.

use std::sync::Arc;

use glam::DVec3;

use super::app::Window;
use super::command::{Action, Command};
use super::file_dialog::Ask;
use super::state::{Layout, Selection, Tab};
use super::toast::Kind;
use super::view::Measuring;
use super::{export, keeper, live, open};
use crate::document::{Input, ItemId, MOST_PICTURES, Program, RunState, edit};
use crate::job::{self, Event, JobKind, Loaded, Outcome};
use crate::render::{Projection, Section};
use crate::settings::{Settings, ThemeChoice};

/// The text of a new program.
pub(super) const NEW_PROGRAM: &str = "import cadquery as cq\n\nwidth = 60.0\ndepth = 40.0\nheight = 10.0\n\nr = cq.Workplane(\"XY\").box(width, depth, height)\n";

/// Where the sample stands in a source tree and beside an installed program.
const SAMPLE: &str = "assets/samples/bracket-scan.ply";

/// Why a command cannot be given now, in words for a tooltip.
pub(super) fn unavailable(window: &Window, command: Command) -> Option<&'static str> {
    let item = window.document.active();
    let need_item = || item.is_none().then_some("Open a scan or a program first");
    match command {
        Command::CloseItem | Command::Find | Command::ToggleComment => need_item(),
        Command::Run | Command::RunToCursor => need_item().or_else(|| {
            item.is_some_and(|item| item.program.text.trim().is_empty())
                .then_some("There is no program yet: reconstruct the scan, or write one")
        }),
        Command::Export(kind) => need_item().or_else(|| item.and_then(|item| export::unavailable(item, kind))),
        Command::Reconstruct => need_item().or_else(|| match item.map(|item| &item.input) {
            Some(Input::Scan(_)) => None,
            Some(Input::Description(text)) if text.trim().is_empty() => Some("Write what the part looks like first"),
            Some(Input::Pictures(_) | Input::Description(_)) if window.networks.current().is_some() => None,
            Some(Input::Pictures(_) | Input::Description(_)) => {
                Some("Pictures and descriptions need a network: choose one in the settings; scans work without one")
            }
            _ => Some("A program alone has nothing to be reconstructed from: open a scan"),
        }),
        Command::AddPictures => match item.map(|item| &item.input) {
            Some(Input::Pictures(pictures)) if pictures.len() < MOST_PICTURES => None,
            Some(Input::Pictures(_)) => Some("A part takes at most four pictures: remove one first"),
            _ => Some("Open a picture first, or drop several at once"),
        },
        Command::ContinueSession => {
            window.keeper.offer.is_none().then_some("There is no earlier session, or it is open already")
        }
        Command::Stop => window.jobs.running().is_empty().then_some("Nothing is running"),
        Command::Undo => window.document.undo_stack().can_undo().is_none().then_some("There is nothing to take back"),
        Command::Redo => window.document.undo_stack().can_redo().is_none().then_some("There is nothing to do again"),
        Command::ToggleHeat => need_item().or_else(|| {
            item.is_some_and(|item| item.program.comparison.is_none())
                .then_some("The part has not been measured against a scan yet")
        }),
        _ => None,
    }
}

/// Does what a panel wants done.
pub(super) fn action(window: &mut Window, ctx: &egui::Context, action: Action) {
    let active = window.document.active().map(|item| item.id);
    match action {
        Action::Command(command) => match unavailable(window, command) {
            Some(why) => say(window, why),
            None => run_command(window, ctx, command),
        },
        Action::OpenPath(path) => open::open(window, vec![path]),
        Action::OpenPaths(paths) => open::open(window, paths),
        Action::Drop(paths) => open::dropped(window, paths),
        Action::MovePicture(from, to) => open::move_picture(window, from, to),
        Action::RemovePicture(index) => open::remove_picture(window, index),
        Action::SetDescription(text) => open::set_description(window, text),
        Action::Activate(id) => {
            window.document.activate(id);
            look_at_new_item(window);
        }
        Action::Close(id) => {
            window.jobs.cancel(|job| job.item == Some(id));
            window.document.close(id);
            free_pictures(window);
            look_at_new_item(window);
        }
        Action::Choose(index) => live::choose(window, index),
        Action::SetText(text) => {
            if let Some(id) = active {
                window.document.edit(id, "typing", |item| item.program.set_text(text));
                let now = ctx.input(|input| input.time);
                window.state.editor.note_typing(id, now, window.settings.run_while_typing);
            }
        }
        Action::Rewrite(text, selection, step) => {
            if let Some(id) = active {
                window.document.finish_step();
                window.document.edit(id, step, |item| item.program.set_text(text));
                window.document.finish_step();
                window.state.editor.select = Some(selection);
                let now = ctx.input(|input| input.time);
                window.state.editor.note_typing(id, now, window.settings.run_while_typing);
            }
        }
        Action::RunTyped => {
            window.state.editor.typed = None;
            if let Some(id) = active {
                run_program(window, id, None);
            }
        }
        Action::SetNumber(text) => {
            if let Some(id) = active {
                window.document.edit(id, "changing a number", |item| item.program.set_text(text));
                run_program(window, id, None);
            }
        }
        Action::FinishStep => window.document.finish_step(),
        Action::SetUnit(unit) => {
            if let Some(id) = active {
                window.document.finish_step();
                window.document.edit(id, "changing the unit", |item| {
                    if let Input::Scan(scan) = &mut item.input {
                        scan.unit = unit;
                    }
                });
                window.document.finish_step();
            }
        }
        Action::SetPreparation(preparation) => {
            if let Some(id) = active {
                window.document.edit(id, "preparing the scan", |item| {
                    if let Input::Scan(scan) = &mut item.input {
                        scan.preparation = preparation;
                    }
                });
                prepare(window, id);
            }
        }
        Action::SelectFace(face) => select_face(window, face),
        Action::SelectEdge(edge) => window.state.selection = Selection { edge: Some(edge), ..Selection::default() },
        Action::MeasureCalls => {
            if let Some(item) = window.document.active()
                && let Some(part) = &item.program.part
            {
                let limits = window.settings.limits();
                job::call_volumes(&mut window.jobs, &window.programs, item.id, &part.source, &limits);
            }
        }
        Action::MarkCall(call) => window.state.selection.call = call,
        Action::GoTo(offset) => {
            window.state.tab = Tab::Code;
            window.state.go_to = Some(offset);
        }
        Action::ExportTo(id, kind, path) => match export::content(window, ctx, id, kind) {
            Some(content) => {
                job::export(&mut window.jobs, &window.programs, content, path);
            }
            None => fail(window, &format!("'{}' was not written: what it was to show is closed", path.display())),
        },
        Action::ChangeSettings(settings) => keeper::change_settings(window, ctx, *settings),
        Action::AnswerRecovery(true) => keeper::restore(window),
        Action::AnswerRecovery(false) => keeper::discard(window),
        Action::SetTolerance(tolerance) => window.state.tolerance = Some(tolerance),
        Action::LookAlong(direction) => window.state.camera.look_along(direction),
        Action::SetSection(section) => window.state.section = Some(section),
        Action::SetPointSize(size) => window.state.point_size = size.clamp(0.5, 6.0),
        Action::Pick(picked) => {
            window.state.measuring = Some(window.state.measuring.unwrap_or_default().with(picked));
        }
    }
}

fn run_command(window: &mut Window, ctx: &egui::Context, command: Command) {
    let active = window.document.active().map(|item| item.id);
    let state = &mut window.state;
    match command {
        Command::Open => window.dialogs.ask(Ask::Open),
        Command::OpenSample => match sample_path() {
            Some(path) => {
                job::load(&mut window.jobs, path);
            }
            None => say(window, "The sample scan is not installed beside this program"),
        },
        Command::ContinueSession => keeper::restore(window),
        Command::NewProgram => {
            let id = window.document.add("New program", None, Input::Program, Program::new(NEW_PROGRAM));
            look_at_new_item(window);
            run_program(window, id, None);
        }
        Command::DescribePart => open::describe(window),
        Command::AddPictures => window.dialogs.ask(Ask::AddPictures),
        Command::CloseItem => {
            if let Some(id) = active {
                action(window, ctx, Action::Close(id));
            }
        }
        Command::Export(kind) => {
            let Some(item) = window.document.active() else { return };
            let name = format!("{}.{}", item.stem(), kind.extension());
            let ask = Ask::Save(item.id, kind, name);
            window.dialogs.ask(ask);
        }
        Command::Quit => window.close = true,
        Command::Undo => {
            let done = window.document.undo();
            after_undo(window, done);
        }
        Command::Redo => {
            let done = window.document.redo();
            after_undo(window, done);
        }
        Command::Find => {
            state.tab = Tab::Code;
            state.find.get_or_insert_default();
            state.editor.focus_find = true;
        }
        Command::ToggleComment => {
            if let Some(item) = window.document.active() {
                let (text, selection) = edit::comment_toggled(&item.program.text, state.editor.selection.clone());
                action(window, ctx, Action::Rewrite(text, selection, "commenting"));
            }
        }
        Command::ToggleRunWhileTyping => {
            let run_while_typing = !window.settings.run_while_typing;
            keeper::change_settings(window, ctx, Settings { run_while_typing, ..window.settings.clone() });
        }
        Command::Settings => state.settings_shown = !state.settings_shown,
        Command::FitView => state.fitted = false,
        Command::LookFrom(view) => state.camera.look_from(view),
        Command::ToggleProjection => {
            state.camera.projection = match state.camera.projection {
                Projection::Perspective => Projection::Parallel,
                Projection::Parallel => Projection::Perspective,
            };
        }
        Command::ToggleEdges => state.edges = !state.edges,
        Command::ToggleWireframe => state.wireframe = !state.wireframe,
        Command::Measure => state.measuring = if state.measuring.is_some() { None } else { Some(Measuring::default()) },
        Command::ToggleHeat => state.heat = !state.heat,
        Command::ToggleSection => {
            window.state.section = if window.state.section.is_some() { None } else { Some(middle_section(window)) };
        }
        Command::LayoutSideBySide => state.layout = Layout::SideBySide,
        Command::LayoutOverlay => state.layout = Layout::Overlay,
        Command::LayoutResult => state.layout = Layout::Result,
        Command::ToggleTheme => {
            let theme = match ctx.theme() {
                egui::Theme::Dark => ThemeChoice::Light,
                egui::Theme::Light => ThemeChoice::Dark,
            };
            keeper::change_settings(window, ctx, Settings { theme, ..window.settings.clone() });
        }
        Command::Reconstruct => live::start(window),
        Command::Run => {
            if let Some(id) = active {
                window.document.finish_step();
                run_program(window, id, None);
            }
        }
        Command::RunToCursor => {
            let cursor = state.cursor;
            if let Some(item) = window.document.active() {
                let call =
                    item.program.part.as_ref().filter(|_| item.program.is_current()).and_then(|p| p.call_at(cursor));
                match (call, item.id) {
                    (Some(call), id) => run_program(window, id, Some(call)),
                    (None, _) => say(window, "Run the program first, and put the cursor on a call"),
                }
            }
        }
        Command::Stop => live::stop(window),
        Command::Palette => {
            state.palette = if state.palette.is_some() { None } else { Some(String::new()) };
        }
        Command::Shortcuts => state.shortcuts = !state.shortcuts,
        Command::Log => state.log_shown = !state.log_shown,
    }
}

/// Does what follows from what a job told.
pub(super) fn event(window: &mut Window, event: Event) {
    match event {
        Event::Progress { .. } => {}
        Event::Proposed { item, proposal, .. } => live::proposed(window, item, *proposal),
        Event::Written { item, written, .. } => {
            if let Some(item) = window.document.item_mut(item) {
                item.write(written);
            }
        }
        Event::Done { outcome, .. } => done(window, outcome),
    }
}

fn done(window: &mut Window, outcome: Outcome) {
    match outcome {
        Outcome::Loaded(Ok(loaded)) => loaded_file(window, *loaded),
        Outcome::Loaded(Err(why)) | Outcome::Exported(Err(why)) | Outcome::Nothing(Some(why)) => fail(window, &why),
        Outcome::Nothing(None) => {}
        Outcome::LoadedAgain { item, result } => keeper::input_read(window, item, result.map(|loaded| *loaded)),
        Outcome::Pictures { into, pictures, faults } => open::pictures_read(window, into, pictures, faults),
        Outcome::PicturesAgain { item, pictures, faults } => keeper::pictures_read(window, item, pictures, faults),
        Outcome::Surveyed { item, prepared, survey } => open::surveyed(window, item, &prepared, survey),
        Outcome::Prepared { item, preparation, scan } => match (window.document.item_mut(item), scan) {
            (Some(item), Some(scan)) if scan.preparation == preparation => {
                let id = item.id;
                let unit = item.unit();
                item.input = Input::Scan(scan);
                if let Input::Scan(scan) = &mut item.input {
                    scan.unit = unit;
                }
                item.program.comparison = None;
                window.state.fitted = false;
                open::survey(window, id);
                compare(window, id);
            }
            (Some(_), None) => fail(window, "Nothing is left of the scan: make the box larger"),
            _ => {}
        },
        Outcome::Reconstructed { item, result, cancelled } => {
            live::reconstructed(window, item, result.map(|r| *r), cancelled);
        }
        Outcome::Ran { item, source, result } => {
            let Some(found) = window.document.item_mut(item) else { return };
            match result {
                Ok(part) => {
                    let first = found.program.part.is_none();
                    found.program.run = RunState::Done;
                    found.program.part = Some(part);
                    window.state.fitted &= !first;
                    window.state.selection = Selection::default();
                    // Its faces were those of the last part.
                    window.state.measuring = window.state.measuring.map(|_| Measuring::default());
                    compare(window, item);
                }
                Err(diagnostic) => {
                    window.state.log.push(diagnostic.to_string());
                    found.program.fail(&source, diagnostic);
                }
            }
        }
        Outcome::Stepped { item, volumes } => {
            if let Some(item) = window.document.item_mut(item) {
                item.program.call_volumes = Some(volumes);
            }
        }
        Outcome::Compared { item, comparison } => {
            if let Some(item) = window.document.item_mut(item) {
                item.program.comparison = comparison;
            }
        }
        Outcome::Exported(Ok(export)) => {
            window.settings.worked_in(&export.path);
            let said = format!("Wrote {} ({} bytes)", export.path.display(), export.bytes);
            window.toasts.add(Kind::Done, &said);
            window.state.log.push(said);
        }
    }
}

fn loaded_file(window: &mut Window, loaded: Loaded) {
    let Loaded { name, path, input, program, notes } = loaded;
    window.state.log.push(format!("Opened {name}"));
    if let Some(path) = &path {
        window.settings.opened(path);
    }
    let is_program = program.is_some();
    let id = window.document.add(name, path, input, Program::new(program.unwrap_or_default()));
    if let Some(item) = window.document.item_mut(id) {
        item.notes = notes;
    }
    look_at_new_item(window);
    open::survey(window, id);
    if is_program {
        run_program(window, id, None);
    }
}

pub(super) fn run_program(window: &mut Window, id: ItemId, after_call: Option<u32>) {
    let Some(item) = window.document.item_mut(id) else { return };
    item.program.run = RunState::Running;
    item.program.run_revision = item.program.revision;
    let source = item.program.text.clone();
    let limits = window.settings.limits();
    job::run(&mut window.jobs, &window.programs, id, &source, &limits, after_call);
}

/// Runs the program of an item, if there is one.
pub(super) fn run_if_written(window: &mut Window, id: ItemId) {
    if window.document.item(id).is_some_and(|item| !item.program.text.trim().is_empty()) {
        run_program(window, id, None);
    }
}

/// Frees the small pictures of what is not open any more.
pub(super) fn free_pictures(window: &mut Window) {
    window.thumbnails.retain(&window.document);
    window.sheet.retain(&window.document);
}

pub(super) fn compare(window: &mut Window, id: ItemId) {
    if live::is_passing(window, id) {
        return;
    }
    let Some(item) = window.document.item(id) else { return };
    if let (Some(scan), Some(part)) = (item.input.scan(), &item.program.part) {
        job::compare(&mut window.jobs, id, scan, &Arc::clone(part));
    }
}

fn prepare(window: &mut Window, id: ItemId) {
    if let Some(scan) = window.document.item(id).and_then(|item| item.input.scan()) {
        job::prepare(&mut window.jobs, id, scan, scan.preparation);
    }
}

fn after_undo(window: &mut Window, done: Option<(ItemId, bool)>) {
    let Some((id, prepared_anew)) = done else { return };
    if prepared_anew {
        prepare(window, id);
    }
    let Some(item) = window.document.item_mut(id) else { return };
    if item.program.is_current() {
        // The part of this text is still there.
        item.program.run = RunState::Done;
        compare(window, id);
    } else if !item.program.text.trim().is_empty() {
        run_program(window, id, None);
    }
}

fn select_face(window: &mut Window, face: Option<u32>) {
    (window.state.selection.face, window.state.selection.edge) = (face, None);
    let part = window.document.active().and_then(|item| item.program.part.clone());
    let call = part.as_ref().and_then(|part| Some(part.faces.get(face? as usize)?.call.0));
    window.state.selection.call = call;
    let start = part.and_then(|part| Some(part.history.get(call? as usize)?.span.start as usize));
    if start.is_some() {
        window.state.go_to = start;
    }
}

/// A section through the middle of what is shown, facing the eye from the front.
fn middle_section(window: &Window) -> Section {
    let item = window.document.active();
    let bounds = item.and_then(|item| {
        let part = item.program.part.as_ref().map(|part| part.bounds());
        item.input.scan().map(|scan| scan.bounds).or(part)
    });
    let center = bounds.map_or(DVec3::ZERO, partwright_geometry::Bounds::center);
    let normal = DVec3::NEG_Y;
    Section { normal, distance: normal.dot(center) }
}

pub(super) fn look_at_new_item(window: &mut Window) {
    let state = &mut window.state;
    state.fitted = false;
    state.section = None;
    state.measuring = None;
    state.tolerance = None;
    state.selection = Selection::default();
    let has_proposals = window.document.active().is_some_and(|item| !item.proposals.is_empty());
    if !has_proposals && state.tab == Tab::Compare {
        state.tab = Tab::Code;
    }
}

pub(super) fn say(window: &mut Window, what: &str) {
    window.toasts.add(Kind::Note, what);
    window.state.log.push(what.to_owned());
}

pub(super) fn fail(window: &mut Window, what: &str) {
    window.toasts.add(Kind::Fault, what);
    window.state.log.push(what.to_owned());
}

/// The sample scan, beside the program, above it (an installed tree) or in the source tree it was built from.
pub(super) fn sample_path() -> Option<std::path::PathBuf> {
    let executable = std::env::current_exe().ok();
    let beside = executable.as_deref().into_iter().flat_map(|path| path.ancestors().skip(1).take(4));
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    beside.chain(own).map(|folder| folder.join(SAMPLE)).find(|path| path.is_file())
}

/// Whether a reconstruction of the item looked at is going on.
pub(super) fn is_reconstructing(window: &Window) -> bool {
    window.document.active().is_some_and(|item| window.jobs.is_running(JobKind::Reconstruct, item.id))
}
