//! The model store against a hub on loopback that behaves as badly as hubs and networks do.

mod faults;
mod folders;
mod hub;
mod server;
mod whole;
