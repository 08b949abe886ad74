//! Runs programs in child processes that can be killed.
//!
//! Neither an interpreter loop in native code (`10**10**10`), nor an allocation too many, nor a fault of the kernel can
//! be stopped from inside a process. So the program starts itself again as a worker ([`serve`], the hidden subcommand),
//! hands it one program after another over a pipe, and kills it when it overstays ([`Pool`]).
//!
//! On Unix a worker's address space is limited, so that a program which asks for too much memory ends its worker, not
//! the machine. Other systems have no such limit; there only the time limit stands between a program and the memory.
//!
//! The parent believes nothing a child sends: lengths are bounded before anything is read, and indices are checked.

mod cancel;
mod frame;
mod link;
mod pool;
mod serve;
mod trace;
mod wire;

pub use cancel::Cancel;
pub use pool::{Pool, PoolConfig, PoolError};
pub use serve::serve;
