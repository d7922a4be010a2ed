//! What happens by itself: gags that reach their end, copies whose day is over, papers whose three years are over.

use bauta_legal::{Fact, GagFact, OfficerId, PreservationFact, PreservationPosition};
use bauta_store::desk::{demands, drafts, held, papers};

use crate::case::Entry;
use crate::{Case, Desk, Officer, Refused};

impl Desk {
    /// Records what a clock alone decides, and destroys what is over. To be called now and then; it tells whether there
    /// was anything to do.
    ///
    /// # Errors
    /// [`Refused::Failed`] where the store fails.
    pub async fn keep(&self) -> Result<bool, Refused> {
        self.store
            .write("desk_keep", |conn| {
                let today = conn.now().day();
                let mut done = papers::destroy_due(conn, today)? > 0;
                done |= drafts::destroy_due(conn, today)? > 0;
                for row in demands::all(conn)? {
                    let case = Case::load(conn, row.id)?;
                    let mut entry = Entry {
                        conn: &mut *conn,
                        case,
                        officer: Officer::at_the_machine(),
                    };
                    done |= settle(&mut entry)?;
                }
                Ok(done)
            })
            .await
    }
}

fn settle(entry: &mut Entry<'_>) -> Result<bool, Refused> {
    let now = entry.now();
    let mut done = false;
    let gag = &entry.case.state.gag;
    // Once its end has come it is no longer in force, so that nobody is shut out who records it.
    if gag.ended.is_none() && gag.ends.is_some_and(|ends| ends <= now) {
        entry.add_as(OfficerId::SERVER, Fact::Gag(GagFact::Expired {}))?;
        done = true;
    }
    let preservation = &entry.case.state.preservation;
    let kept = matches!(
        preservation.position,
        PreservationPosition::Active | PreservationPosition::Extended
    );
    if kept && preservation.until.is_some_and(|until| until <= now) {
        entry.add_as(
            OfficerId::SERVER,
            Fact::Preservation(PreservationFact::Released {}),
        )?;
        held::release(entry.conn, entry.case.id)?;
        done = true;
    }
    Ok(done)
}
