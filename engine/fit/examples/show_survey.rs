//! Prints the survey of scans and the time it took: `show_survey SCAN...`.

#![expect(clippy::print_stdout, reason = "a command-line tool prints its table")]

use std::time::Instant;

use partwright_fit::{Deadline, Survey};
use partwright_geometry::format;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for file in std::env::args().skip(1) {
        let scan = format::read(std::path::Path::new(&file))?.geometry;
        let start = Instant::now();
        let Some(survey) = Survey::of_geometry(&scan, &Deadline::default()) else {
            println!("{file}: nothing to survey");
            continue;
        };
        let secs = start.elapsed().as_secs_f64();
        println!(
            "{file}: {secs:.3} s, exact {}, size {:.4}, noise {:.2e}, spacing {:.4}, explained {:.3}, {:?}",
            survey.exact, survey.size, survey.noise, survey.spacing, survey.explained, survey.missing
        );
        for (k, s) in survey.segments.iter().enumerate() {
            println!(
                "  {k} {:.4?} area {:.4} rms {:.1e} hollow {:?} length {:.4} width {:.4} turn {:.0} std r {:.1e} place {:.1e}",
                s.surface,
                s.area,
                s.residual,
                s.hollow,
                s.extent.length,
                s.extent.width,
                s.extent.turn_rad.to_degrees(),
                s.covariance.radius().unwrap_or(0.0),
                s.covariance.place(),
            );
        }
        for e in &survey.edges {
            println!(
                "  edge {:?} {:?} {:.1} deg, length {:.4}",
                e.between,
                e.crease,
                e.angle_rad.to_degrees(),
                e.length
            );
        }
        for g in &survey.blend_groups {
            println!("  {} x {:.4?} convex {}", g.members.len(), g.kind, g.convex);
        }
        for s in &survey.symmetries {
            println!("  {s:.4?}");
        }
        for p in &survey.patterns {
            println!("  {p:.4?}");
        }
    }
    Ok(())
}
