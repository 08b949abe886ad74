//! Proposes CadQuery programs for a scan without any weights.
//!
//! The way: [`understand`] the scan (size, noise, directions, levels), cut [`section`]s, fit [`profile`]s to their loops,
//! [`mod@propose`] competing models, [`select`] what is worth its price, [`refine`] the constants, [`emit`] the program.
//! What a proposal consists of is the small feature model in [`part`]. Programs are only written here, never run: whoever
//! runs them decides by the exact measure which one is best.

pub mod complex;
pub mod emit;
pub mod part;
pub mod primitive;
pub mod profile;
pub mod progress;
pub mod propose;
pub mod refine;
pub mod section;
pub mod select;
pub mod survey;
pub mod understand;

pub use progress::{CancelToken, Deadline, Progress, Silent};
pub use propose::{Origin, Proposal, ProposeConfig, propose, propose_for_cloud};
pub use refine::Precision;
pub use survey::Survey;
pub use understand::{CloudTarget, Target};
