//! CadQuery's own semantics: what every call of a program means.
