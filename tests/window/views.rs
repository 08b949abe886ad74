//! The 3D views and what lies over them.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use glam::{DVec3, Vec3};
use partwright::window::{Action, Command, Layout, Picked};

use crate::driver::{Driver, repository};

/// The scan of a flange beside the part of its own program.
fn scan_and_part() -> Option<Driver> {
    let mut driver = Driver::open(vec![repository("assets/samples/flange.stl")])?;
    driver.until_idle();
    let text = std::fs::read_to_string(repository("assets/samples/flange.py")).expect("the sample is there");
    driver.act(Action::SetText(text));
    driver.act(Action::Command(Command::Run));
    driver.until_idle();
    driver.harness.run_steps(2);
    Some(driver)
}

#[test]
fn narrow_views_show_the_whole_part() {
    let Some(mut driver) = scan_and_part() else { return };
    let radius = driver.item().input.scan().expect("a scan").bounds.diagonal() * 0.5;
    driver.act(Action::Command(Command::FitView));
    driver.until("it is fitted", |window| window.state.fitted);
    let area = driver.harness.get_by_label("Input view").rect();
    let half_width = driver.window().state.camera.half_height * area.width() / area.height();
    assert!(area.width() < area.height());
    assert!(f64::from(half_width) >= radius, "{half_width} {radius}");
}

#[test]
fn the_cube_looks_from_where_it_is_clicked() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.py")]) else { return };
    driver.until_idle();
    for (name, towards_eye) in [
        ("Look from top front right", Vec3::new(1.0, -1.0, 1.0)),
        ("Look from top", Vec3::Z),
        ("Look from top", Vec3::Z),
    ] {
        driver.harness.get_by_label(name).click();
        driver.harness.run_steps(3);
        let camera = driver.window().state.camera;
        assert!(camera.towards_eye().distance(towards_eye.normalize()) < 1e-3, "{name}: {camera:?}");
    }
    driver.harness.get_by_label("Look from top front").click();
    driver.harness.run_steps(3);
    let expected = Vec3::new(0.0, -1.0, 1.0).normalize();
    assert!(driver.window().state.camera.towards_eye().distance(expected) < 1e-3);
}

#[test]
fn the_section_bar_turns_and_flips_the_plane() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.py")]) else { return };
    driver.until_idle();
    driver.act(Action::Command(Command::ToggleSection));
    driver.harness.run_steps(2);
    for (name, normal) in [("Cut across X", DVec3::X), ("Flip the section", DVec3::NEG_X), ("Cut across Z", DVec3::Z)] {
        driver.harness.get_by_label(name).click();
        driver.harness.run_steps(3);
        assert_eq!(driver.window().state.section.map(|section| section.normal), Some(normal), "{name}");
    }
    driver.harness.get_by_label("End the section").click();
    driver.harness.run_steps(3);
    assert_eq!(driver.window().state.section, None);
}

#[test]
fn measuring_says_the_distance_of_faces_and_ends_with_escape() {
    let Some(mut driver) = Driver::open(Vec::new()) else { return };
    driver.act(Action::Command(Command::NewProgram));
    driver.until_idle();
    let part = driver.item().program.part.clone().expect("it runs");
    let face = |z: f64| {
        let index = part.faces.iter().position(|face| (face.center.z - z).abs() < 1e-9).expect("there is such a face");
        Picked { point: part.faces[index].center, face: Some(index as u32) }
    };
    driver.act(Action::Command(Command::Measure));
    driver.act(Action::Pick(face(5.0)));
    driver.act(Action::Pick(face(-5.0)));
    driver.harness.run_steps(2);
    assert!(driver.harness.query_by_label_contains("distance 10").is_some(), "the status bar says it");
    driver.press(Modifiers::NONE, Key::Escape);
    assert_eq!(driver.window().state.measuring, None);
}

#[test]
fn a_click_in_a_view_measures_while_the_tool_is_on() {
    let Some(mut driver) = Driver::open(Vec::new()) else { return };
    driver.act(Action::Command(Command::NewProgram));
    driver.until_idle();
    driver.harness.run_steps(5);
    driver.act(Action::Command(Command::Measure));
    driver.harness.get_by_label("Result view").click();
    driver.harness.run_steps(3);
    let measuring = driver.window().state.measuring.expect("it is on");
    assert_eq!(measuring.picked().count(), 1);
    assert_eq!(driver.window().state.selection.face, None, "nothing is selected meanwhile");
}

#[test]
fn the_heat_map_has_a_legend_with_a_tolerance() {
    let Some(mut driver) = scan_and_part() else { return };
    driver.act(Action::Command(Command::ToggleHeat));
    driver.harness.run_steps(3);
    assert!(driver.harness.query_by_label("Deviation scale").is_some());
    let before = driver.window().state.tolerance;
    driver.harness.get_by_role_and_label(Role::Slider, "Tolerance").increment_accesskit();
    driver.harness.run_steps(3);
    assert_ne!(driver.window().state.tolerance, before);
    for layout in [Command::LayoutOverlay, Command::ToggleWireframe, Command::ToggleSection] {
        driver.act(Action::Command(layout));
        driver.harness.run_steps(2);
    }
    assert_eq!(driver.window().state.layout, Layout::Overlay);
    assert!(driver.harness.query_by_label("Deviation scale").is_some());
}
