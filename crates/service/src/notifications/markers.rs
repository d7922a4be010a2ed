//! Markers: down to where an app says that its owner has read. When they read is kept nowhere: the time that apps show is
//! that of the post or notification.

use bauta_model::CoarseTime;
use bauta_store::markers::{self as rows, List, Marker};

use crate::{App, Refused, Speaker};

/// A place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The list.
    pub list: List,
    /// The newest id that was read.
    pub last_read: i64,
    /// How often it was set.
    pub version: i32,
    /// The slot of what was read last.
    pub at: CoarseTime,
}

/// The speaker's markers.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn markers(app: &App, speaker: &Speaker) -> Result<Vec<Place>, Refused> {
    let me = speaker.account;
    let found = app
        .store
        .read("markers", move |conn| rows::of(conn, me))
        .await
        .map_err(Refused::from)?;
    Ok(found.into_iter().map(|marker| place(app, marker)).collect())
}

/// Sets a marker.
///
/// # Errors
/// [`Refused::Invalid`] for what is no id of that list.
pub async fn set_marker(app: &App, speaker: &Speaker, list: List, last_read: i64) -> Result<Place, Refused> {
    if last_read < 0 || slot(app, last_read) > app.clock.now() {
        return Err(Refused::invalid(
            "last_read_id",
            "There is nothing with this id in the list.",
        ));
    }
    let me = speaker.account;
    let marker = app
        .store
        .write("set_marker", move |conn| rows::set(conn, me, list, last_read))
        .await
        .map_err(Refused::from)?;
    Ok(place(app, marker))
}

fn place(app: &App, marker: Marker) -> Place {
    Place {
        list: marker.list,
        last_read: marker.last_read,
        version: marker.version,
        at: slot(app, marker.last_read),
    }
}

/// Both kinds of ids begin with the second of their slot.
fn slot(app: &App, id: i64) -> CoarseTime {
    app.clock
        .slot_of(bauta_model::NotificationId::new(id).unix_seconds())
}
