//! What all tests share: a real PostgreSQL, a real `bauta serve`, and clients that know no more than a stranger does.
//!
//! It depends on no other crate of the house, so that every one of them can use it in its tests.

pub mod bounds;
pub mod case;
pub mod desk;
pub mod forms;
pub mod html;
pub mod http;
mod lint;
pub mod postgres;
pub mod server;
pub mod sources;
pub mod tls;
pub mod tor;
mod wait;
pub mod websocket;

pub use lint::{fragment_lint, page_lint};
pub use wait::{PATIENCE, eventually, within};
