//! The `partwright` program.

fn main() {}
