//! The running server as the verbs see it.

use std::sync::Arc;

use bauta_inventory::Inventory;
use bauta_model::Clock;
use bauta_store::Store;

use crate::Site;

/// Everything that a verb may need. One per process, shared.
pub struct App {
    /// What the operator decided.
    pub site: Site,
    /// The only source of time.
    pub clock: Clock,
    /// What is held, declared.
    pub inventory: Arc<Inventory>,
    /// The database.
    pub store: Store,
}
