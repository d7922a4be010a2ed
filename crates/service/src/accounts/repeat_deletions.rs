//! After a restore: what was deleted since the backup is deleted again.

use bauta_model::MediaId;
use bauta_store::deletions::Deleted;

use super::delete_account::erase_account;
use crate::{App, Refused};

/// Deletes each of `deletions` that came back. What is not there is as it should be.
pub async fn repeat_deletions(app: &App, deletions: Vec<Deleted>) -> Result<u64, Refused> {
    let mut repeated = 0;
    for deleted in deletions {
        let done = match deleted {
            Deleted::Account(account) => erase_account(app, account).await,
            Deleted::Post(post) => crate::posts::remove(app, post).await,
            Deleted::Media(picture) => erase_picture(app, picture).await,
        };
        match done {
            Ok(()) => repeated += 1,
            Err(Refused::NotFound) => {}
            Err(refused) => return Err(refused),
        }
    }
    Ok(repeated)
}

async fn erase_picture(app: &App, picture: MediaId) -> Result<(), Refused> {
    let place = app
        .store
        .write("erase_picture", move |conn| {
            bauta_store::media::take_off(conn, picture)
        })
        .await?
        .ok_or(Refused::NotFound)?;
    crate::pictures::Eraser::of(app).erase(vec![place]);
    Ok(())
}
