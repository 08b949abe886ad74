//! Decoding that can only write programs of the dialect.
//!
//! A pushdown automaton reads a program byte by byte and knows at every place which bytes may follow ([`Acceptor`]). The
//! vocabulary is a trie of bytes ([`TokenTrie`]); walking both at once gives the tokens that leave a beginning which some
//! program of the dialect continues ([`Writing`]); [`Dialect`] holds the samples of a network to them. Beyond the paper: a
//! program is then never refused for its syntax, for an unknown method or for a name that it does not define; whether it makes
//! a solid is another question.

mod acceptor;
mod dialect;
mod trie;
mod words;
mod writing;

pub use acceptor::Acceptor;
pub use dialect::Dialect;
pub use trie::TokenTrie;
pub use writing::{Mask, Writing};
