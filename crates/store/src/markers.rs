//! Down to where an app says that its owner has read. When they read is not kept.

use bauta_model::{AccountId, NotificationId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::markers;
use crate::{Conn, Error, Result};

/// A list that has a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// The home timeline; ids are posts'.
    Home,
    /// The notifications; ids are theirs.
    Notifications,
}

impl List {
    const fn code(self) -> i16 {
        match self {
            Self::Home => 0,
            Self::Notifications => 1,
        }
    }

    const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Home),
            1 => Some(Self::Notifications),
            _ => None,
        }
    }
}

/// A place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The list.
    pub list: List,
    /// The newest id that was read. Both kinds of ids hold their slot.
    pub last_read: i64,
    /// How often it was set, from 1.
    pub version: i32,
}

/// The markers of an account.
pub fn of(conn: &mut Conn, account: AccountId) -> Result<Vec<Marker>> {
    let rows: Vec<(i16, i64, i32)> = on!(conn, c => markers::table
        .filter(markers::account_id.eq(account.get()))
        .order(markers::timeline)
        .select((markers::timeline, markers::last_read_id, markers::version))
        .load(c))?;
    rows.into_iter()
        .map(|(code, last_read, version)| {
            let list = List::from_code(code).ok_or(Error::Unknown("markers.timeline"))?;
            Ok(Marker {
                list,
                last_read,
                version,
            })
        })
        .collect()
}

/// Sets a marker.
pub fn set(conn: &mut Conn, account: AccountId, list: List, last_read: i64) -> Result<Marker> {
    let version: i32 = on!(conn, c => diesel::insert_into(markers::table)
        .values((
            markers::account_id.eq(account.get()),
            markers::timeline.eq(list.code()),
            markers::last_read_id.eq(last_read),
            markers::version.eq(1),
        ))
        .on_conflict((markers::account_id, markers::timeline))
        .do_update()
        .set((markers::last_read_id.eq(last_read), markers::version.eq(markers::version + 1)))
        .returning(markers::version)
        .get_result(c))?;
    Ok(Marker {
        list,
        last_read,
        version,
    })
}

/// Down to where notifications were read.
pub(crate) fn notifications_read(conn: &mut Conn, account: AccountId) -> Result<NotificationId> {
    let last: Option<i64> = on!(conn, c => markers::table
        .find((account.get(), List::Notifications.code()))
        .select(markers::last_read_id)
        .first(c)
        .optional())?;
    Ok(NotificationId::new(last.unwrap_or(0)))
}
