//! What the programs' system calls tell: as text, which packet each of them made, and where a program went wrong.

mod assign;
pub mod findings;
pub mod owner;
pub mod packets;
pub mod source;
pub mod survey;
#[cfg(test)]
mod testkit;
pub mod text;
pub mod unused;
