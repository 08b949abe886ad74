//! Training as a whole, on networks so small that it takes seconds.

mod gradients;
mod learning;
mod resuming;
mod runs;
