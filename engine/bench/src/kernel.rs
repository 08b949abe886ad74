//! The kernel measured on its cases.
