//! The report of a part for people: one HTML page with pictures, numbers and the program, complete in itself.
//!
//! It is made from an [`Item`] alone, so it says what the window shows. Everything that comes from outside (names,
//! programs, reasons) is escaped by the page's template; the page runs no script and loads nothing.

mod page;
mod pictures;

use crate::document::Item;
use crate::render::{Gpu, Heat};

/// The page of an item; deviations up to `tolerance`, in the item's unit, are green in its pictures.
///
/// # Errors
/// When the device is lost.
pub(crate) fn html(item: &Item, gpu: &Gpu, tolerance: Option<f64>) -> Result<String, String> {
    let heat = heat(item, tolerance);
    let pictures = pictures::draw(item, gpu, heat)?;
    Ok(page::page(item, heat, &pictures))
}

/// How the scan is coloured. `None` without deviations.
pub(crate) fn heat(item: &Item, tolerance: Option<f64>) -> Option<Heat> {
    let scan = item.input.scan()?;
    let p95 = item.program.current_comparison()?.deviation.map_or(0.0, |deviation| deviation.p95);
    Some(Heat::fitting(tolerance, scan.bounds.longest_side(), p95))
}
