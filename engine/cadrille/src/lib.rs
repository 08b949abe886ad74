//! The networks that write CadQuery programs: cadrille (arXiv 2505.22914) and its relatives, in candle.
//!
//! A checkpoint is a folder as the model hub has it. It is read as it is; nothing of it is shipped.

pub mod checkpoint;
pub mod config;
pub mod constrain;
pub mod device;
pub mod input;
pub mod network;
pub mod sampling;
pub mod store;
pub mod writer;
