//! A STEP file and, beside it, the values `tests/python/step_reread.py` must find in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use partwright_brep::Body;
use partwright_brep::step::{self, StepConfig};

/// Writes `NAME.step` and `NAME.json` into `folder`.
pub(crate) fn write(folder: &Path, name: &str, body: &Body) -> Result<(), Box<dyn std::error::Error>> {
    let mut text = Vec::new();
    step::write(&body.solids, &StepConfig { product: name.to_owned(), ..StepConfig::default() }, &mut text)?;
    std::fs::write(folder.join(format!("{name}.step")), text)?;
    std::fs::write(folder.join(format!("{name}.json")), expected(body))?;
    Ok(())
}

/// What a reader must find, as JSON.
fn expected(body: &Body) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for face in &body.faces {
        *kinds.entry(face.surface.kind()).or_default() += 1;
    }
    let mut surfaces = String::new();
    for (kind, count) in kinds {
        let comma = if surfaces.is_empty() { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(surfaces, "{comma}\"{kind}\":{count}");
    }
    let bounds = [body.bounds[0].to_array(), body.bounds[1].to_array()].concat();
    format!(
        "{{\"volume\":{:?},\"area\":{:?},\"bounds\":{bounds:?},\"solids\":{},\"faces\":{},\"surfaces\":{{{surfaces}}}}}",
        body.volume,
        body.area,
        body.solids.len(),
        body.faces.len(),
    )
}
