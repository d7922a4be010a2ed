//! Muting: the speaker sees and hears nothing of somebody, who is not told. It can end by itself.

use std::time::Duration;

use bauta_model::{AccountId, Clock, CoarseTime};
use bauta_store::blocks::{self, Mute};

use super::{Between, change, exists, not_oneself};
use crate::{App, Refused, Speaker};

/// How to mute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Notifications are hidden as well.
    pub hide_notifications: bool,
    /// For how long; for good where nothing is said.
    pub lasting: Option<Duration>,
}

impl Default for Silence {
    fn default() -> Self {
        Self {
            hide_notifications: true,
            lasting: None,
        }
    }
}

/// The longest mute that ends by itself: a year, and more than any app offers.
const LONGEST: Duration = Duration::from_hours(24 * 366);

/// Mutes an account, or changes how it is muted.
///
/// # Errors
/// [`Refused::NotFound`]; [`Refused::Invalid`] for more than a year.
pub async fn mute(
    app: &App,
    speaker: &Speaker,
    other: AccountId,
    silence: Silence,
) -> Result<Between, Refused> {
    speaker.speaks()?;
    not_oneself(speaker, other)?;
    if silence.lasting.is_some_and(|lasting| lasting > LONGEST) {
        return Err(Refused::invalid(
            "duration",
            "A mute lasts a year at most, or until you end it.",
        ));
    }
    let how = Mute {
        hide_notifications: silence.hide_notifications,
        until: silence.lasting.map(|lasting| end(&app.clock, lasting)),
    };
    let me = speaker.account;
    change(app, speaker, other, "mute", move |conn| {
        exists(conn, other)?;
        Ok(blocks::mute(conn, me, other, how)?)
    })
    .await
}

/// The first slot that begins when `lasting` is over: a mute never ends early.
fn end(clock: &Clock, lasting: Duration) -> CoarseTime {
    let over = clock.now().plus(lasting + clock.slot());
    clock.slot_of(over.unix_seconds())
}

/// Ends a mute. Nothing happens where there is none.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn unmute(app: &App, speaker: &Speaker, other: AccountId) -> Result<Between, Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    change(app, speaker, other, "unmute", move |conn| {
        exists(conn, other)?;
        blocks::unmute(conn, me, other)?;
        Ok(())
    })
    .await
}
