//! Work that needs the data: done by the running server through `admin.sock`, or by this process when there is none.
//!
//! One writer, always: a subcommand opens the database itself only when it gets the lock that a server holds.

mod client;
mod emoji;
mod peers;
mod request;
mod server;

use std::sync::Arc;

use serde_json::Value;

use crate::cli::Settings;
use crate::config::Config;
use crate::failure::Outcome;
use crate::serve;

pub use emoji::Emoji;
pub use peers::{Peers, Wish};
pub use request::Request;
pub use server::{bind, listen};

/// Has `request` done, by whoever holds the data.
pub fn ask(settings: &Settings, request: &Request) -> Outcome<Value> {
    let config = Config::load(settings)?;
    if let Some(answer) = client::ask(&config.admin_socket(), request)? {
        return answer;
    }
    let runtime = serve::runtime()?;
    let (app, _lock) = serve::open(&config)?;
    let app = Arc::new(app);
    runtime.block_on(async {
        if matches!(request, Request::Desk { .. })
            && let Some(log) = serve::open_log(&config, &app)?
        {
            app.desk.join_log(log);
        }
        request::handle(&app, request.clone()).await
    })
}

/// Asks a running server only: nothing where none runs.
pub fn ask_running(settings: &Settings, request: &Request) -> Outcome<Option<Value>> {
    let config = Config::load(settings)?;
    client::ask(&config.admin_socket(), request)?.transpose()
}
