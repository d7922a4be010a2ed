//! The legal desk's rows: demands with what happened to them, officers, papers, held copies, notices.
//!
//! Facts and findings are texts of JSON here: what they mean is known above. Events are appended and never changed (a
//! trigger says so on both databases); whom a demand is about lies apart from them.

pub mod demands;
pub mod drafts;
pub mod held;
pub mod held_files;
pub mod notices;
pub mod officers;
pub mod papers;
pub mod purged;
#[cfg(test)]
mod tests;
