//! Prints what is found in a cloud: `show_surfaces SCAN`.

#![expect(clippy::print_stdout, reason = "a command-line tool prints its table")]

use partwright_fit::primitive::detect;
use partwright_fit::{CloudTarget, Deadline};
use partwright_geometry::{Geometry, format};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("usage: show_surfaces SCAN")?;
    let Geometry::Cloud(cloud) = format::read(std::path::Path::new(&file))?.geometry else {
        return Err("not a cloud".into());
    };
    let target = CloudTarget::new(&cloud).ok_or("too few points")?;
    let certain = target.certainty.iter().sum::<f64>() / target.certainty.len() as f64;
    println!(
        "{} of {} points, size {:.4}, spacing {:.4}, noise {:.4}, tolerance {:.4}, certainty {certain:.2}",
        target.points.len(),
        cloud.positions.len(),
        target.size,
        target.spacing,
        target.noise,
        target.tolerance(),
    );
    println!("frame {:?}", target.scan_from_part.to_cols_array().map(|v| (v * 1e3).round() / 1e3));
    for d in &target.directions {
        println!("direction {:.3} weight {:.3}", d.axis, d.weight);
    }
    let found = detect(&target, &Deadline::default());
    for p in &found.planes {
        println!("plane {:.3} at {:.4}: {} points", p.normal, p.offset, p.inliers.len());
    }
    for c in &found.cylinders {
        let (axis, kind) = (c.plane.normal, if c.solid { "boss" } else { "hole" });
        let at = c.plane.world(c.circle.center, 0.0);
        println!(
            "{kind} {axis:.3} at {at:.3} radius {:.4}: {} points, {:.3?}",
            c.circle.radius,
            c.inliers.len(),
            c.spans
        );
    }
    for g in &found.gaps {
        let at = g.plane.world(g.circle.center, g.height);
        println!("gap {:.3} at {at:.3} radius {:.4}", g.plane.normal, g.circle.radius);
    }
    Ok(())
}
