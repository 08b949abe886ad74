//! Every shader is validated before it ships.

use partwright_tests::{files_below, root};

#[test]
fn no_shader_goes_unvalidated() -> std::io::Result<()> {
    let shaders = files_below(&root().join("shaders"), &["wgsl"])?;
    assert!(shaders.is_empty(), "validate these with naga here, before they ship: {shaders:?}");
    Ok(())
}
