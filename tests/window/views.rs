//! The 3D views and what lies over them.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use glam::{DVec3, Vec3};
use partwright::window::{Action, Command, EdgeGeometry, Element, Layout, Picked};

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

/// Types into a field of a number, reached by the keyboard alone.
fn type_number(driver: &mut Driver, label: &str, number: &str) {
    driver.harness.get_by_role_and_label(Role::SpinButton, label).focus();
    driver.harness.run_steps(3);
    driver.press(Modifiers::COMMAND, Key::A);
    driver.harness.get_by_role_and_label(Role::SpinButton, label).type_text(number);
    driver.harness.run_steps(2);
    driver.press(Modifiers::NONE, Key::Enter);
    driver.harness.run_steps(2);
}

#[test]
fn the_place_of_the_section_can_be_typed() {
    let Some(mut driver) = Driver::open(Vec::new()) else { return };
    driver.act(Action::Command(Command::NewProgram));
    driver.until_idle();
    driver.act(Action::Command(Command::ToggleSection));
    driver.harness.run_steps(2);
    type_number(&mut driver, "Section position", "-7.5");
    let section = driver.window().state.section.expect("it is on");
    assert!((section.normal * section.distance).distance(DVec3::new(0.0, -7.5, 0.0)) < 1e-9, "{section:?}");
    driver.harness.get_by_label("Flip the section").click();
    driver.harness.run_steps(3);
    let flipped = driver.window().state.section.expect("it is on");
    assert_eq!((flipped.normal, flipped.distance.to_bits()), (-section.normal, (-section.distance).to_bits()));
    // Beyond the box the plane stops at its side.
    type_number(&mut driver, "Section position", "500");
    let section = driver.window().state.section.expect("it is on");
    assert!((section.normal * section.distance).distance(DVec3::new(0.0, 20.0, 0.0)) < 1e-9, "{section:?}");
}

/// Puts the pointer where a point of the part or scan is seen in a view, and clicks.
fn click_at(driver: &mut Driver, view: &str, point: DVec3, click: bool) {
    let area = driver.harness.get_by_label(view).rect();
    let state = &driver.window().state;
    let at = state.camera.project((point - state.scene_origin).as_vec3()).expect("in view");
    let at = area.center() + egui::vec2(at.x, at.y) * area.height();
    driver.harness.hover_at(at);
    driver.harness.run_steps(2);
    if click {
        for pressed in [true, false] {
            let button = egui::PointerButton::Primary;
            driver.harness.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
        }
        driver.harness.run_steps(2);
    }
}

#[test]
fn edges_are_hovered_selected_and_told() {
    let Some(mut driver) = Driver::open(Vec::new()) else { return };
    driver.act(Action::Command(Command::NewProgram));
    driver.until_idle();
    driver.harness.run_steps(3);
    let part = driver.item().program.part.clone().expect("it runs");
    let selected = |driver: &Driver| {
        let edge = driver.window().state.selection.edge.expect("an edge is selected");
        EdgeGeometry::of(&part.mesh.edges[edge as usize], &part.mesh.mesh.positions).expect("it has points")
    };
    // The box is 60 x 40 x 10 about the origin; its upper front edge is seen from above, right and front.
    let middle = DVec3::new(0.0, -20.0, 5.0);
    click_at(&mut driver, "Result view", middle, false);
    assert!(matches!(driver.window().state.selection.hovered, Some(Element::Edge(_))));
    click_at(&mut driver, "Result view", middle, true);
    let EdgeGeometry::Line { from, to } = selected(&driver) else { panic!("it is straight") };
    assert!((from.y + 20.0).abs().max((from.z - 5.0).abs()) < 1e-9 && (from.distance(to) - 60.0).abs() < 1e-9);
    // Farther from the edge the face wins, and the edge is not selected any more.
    click_at(&mut driver, "Result view", DVec3::new(0.0, -10.0, 5.0), true);
    assert_eq!(driver.window().state.selection.edge, None);
    assert!(driver.window().state.selection.face.is_some());
    // The lower back edge lies behind the body.
    click_at(&mut driver, "Result view", DVec3::new(0.0, 20.0, -5.0), true);
    assert_eq!(driver.window().state.selection.edge, None);
}

#[test]
fn vertices_and_scan_points_are_snapped_to_and_measured() {
    let Some(mut driver) = Driver::open(Vec::new()) else { return };
    driver.act(Action::Command(Command::NewProgram));
    driver.until_idle();
    driver.act(Action::Command(Command::Measure));
    driver.harness.run_steps(2);
    for corner in [DVec3::new(30.0, -20.0, 5.0), DVec3::new(-30.0, -20.0, 5.0)] {
        // Two points of the screen beside it, at most.
        click_at(&mut driver, "Result view", corner + DVec3::new(0.1, 0.1, 0.0), true);
    }
    let measured = "Vertex to Vertex: distance 60, dx -60, dy 0, dz 0 (exact)";
    assert!(driver.harness.query_by_label(measured).is_some(), "the status bar says it");

    let Some(mut driver) = Driver::open(vec![repository("assets/samples/bracket-scan.ply")]) else { return };
    driver.until_idle();
    driver.harness.run_steps(3);
    driver.act(Action::Command(Command::Measure));
    // What the scan is picked with is made when measuring begins.
    driver.harness.run_steps(2);
    driver.until_idle();
    driver.harness.get_by_label("Input view").click();
    driver.harness.run_steps(3);
    let picked = driver.window().state.measuring.and_then(|m| m.picked().next()).expect("there is a point");
    assert_eq!(picked.element, Element::ScanPoint);
    let partwright_geometry::Geometry::Cloud(cloud) = &*driver.item().input.scan().expect("a scan").prepared else {
        panic!("the sample is a cloud")
    };
    assert!(cloud.positions.contains(&picked.point), "a point of the scan itself");
}

#[test]
fn measuring_says_the_distance_of_faces_and_ends_with_escape() {
    let Some(mut driver) = Driver::open(Vec::new()) else { return };
    driver.act(Action::Command(Command::NewProgram));
    driver.until_idle();
    let part = driver.item().program.part.clone().expect("it runs");
    let face = |z: f64| {
        let index = part.faces.iter().position(|face| (face.center.z - z).abs() < 1e-9).expect("there is such a face");
        Picked { point: part.faces[index].center, element: Element::Face(index as u32) }
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
    driver.harness.get_by_role_and_label(Role::Slider, "Tolerance, slider").increment_accesskit();
    driver.harness.run_steps(3);
    assert_ne!(driver.window().state.tolerance, before);
    type_number(&mut driver, "Tolerance", "0.25");
    assert!(driver.window().state.tolerance.is_some_and(|tolerance| (tolerance - 0.25).abs() < 1e-9));
    for layout in [Command::LayoutOverlay, Command::ToggleWireframe, Command::ToggleSection] {
        driver.act(Action::Command(layout));
        driver.harness.run_steps(2);
    }
    assert_eq!(driver.window().state.layout, Layout::Overlay);
    assert!(driver.harness.query_by_label("Deviation scale").is_some());
}
