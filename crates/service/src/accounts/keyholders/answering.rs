//! Answering notices of demands: whoever is alone answers at once; where there are several, what gives something away is
//! decided together.

use bauta_desk::UserAnswer;
use bauta_model::{Duty, NoticeId};

use super::{Matter, propose};
use crate::{App, Refused, Speaker};

/// What came of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// It is given; counsel's link, where counsel was named.
    Now(Option<String>),
    /// It is proposed to the others behind the account.
    Proposed,
}

/// Answers a notice. To object, and to take a consent back, is at once: neither gives anything away.
///
/// # Errors
/// [`Refused::Forbidden`] for somebody who does not answer notices; else as the desk, and as [`propose`].
pub async fn answer(
    app: &App,
    speaker: &Speaker,
    notice: NoticeId,
    answer: UserAnswer,
) -> Result<Given, Refused> {
    speaker.may(Duty::Answer)?;
    let matter = match &answer {
        UserAnswer::Consent {} => Some(Matter::Consent(notice)),
        UserAnswer::ConsentToPublish {} => Some(Matter::Publish(notice)),
        UserAnswer::Counsel { key } => Some(Matter::Counsel(notice, key.clone())),
        UserAnswer::Object { .. } | UserAnswer::Revoke {} => None,
    };
    let account = speaker.account;
    let people = app
        .store
        .read("count_keyholders", move |conn| {
            bauta_store::keyholders::count(conn, account)
        })
        .await?;
    match matter {
        Some(matter) if people > 1 => {
            propose(app, speaker, matter).await?;
            Ok(Given::Proposed)
        }
        _ => Ok(Given::Now(
            app.desk.answer(speaker.owner(), notice, answer).await?,
        )),
    }
}
