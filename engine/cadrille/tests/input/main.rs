//! Inputs against the reference values that transformers 4.50.3 and Pillow gave (`tests/fixtures/cadrille-tiny`).

mod fixture;
mod picture;
mod prompt;
