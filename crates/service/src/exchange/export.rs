//! Lists as CSV.

use bauta_model::{LimiterKey, Secret};
use bauta_store::exchange as rows;

use super::{Kind, address};
use crate::accounts::passphrase;
use crate::csv::quoted;
use crate::{App, Refused, Speaker, keepsakes};

/// One of the speaker's lists as a file. It asks for the passphrase.
///
/// # Errors
/// [`Refused::WrongPassphrase`]; [`Refused::Limited`] after many tries.
pub async fn export(
    app: &App,
    speaker: &Speaker,
    kind: Kind,
    own: &Secret<String>,
    limiter: LimiterKey,
) -> Result<String, Refused> {
    passphrase::prove_again(app, speaker, own, limiter).await?;
    file(app, speaker, kind).await
}

/// The file, for whoever has asked for the passphrase.
pub(super) async fn file(app: &App, speaker: &Speaker, kind: Kind) -> Result<String, Refused> {
    let me = speaker.account;
    let (head, lines): (&str, Vec<Vec<String>>) = match kind {
        Kind::Follows => {
            let found = app
                .store
                .read("export", move |conn| rows::following(conn, me))
                .await?;
            let line = |(handle, boosts, notify): (String, bool, bool)| {
                vec![
                    address(app, &handle),
                    boosts.to_string(),
                    notify.to_string(),
                    String::new(),
                ]
            };
            (
                "Account address,Show boosts,Notify on new posts,Languages\n",
                found.into_iter().map(line).collect(),
            )
        }
        Kind::Blocks => {
            let found = app
                .store
                .read("export", move |conn| rows::blocked(conn, me))
                .await?;
            (
                "",
                found.iter().map(|handle| vec![address(app, handle)]).collect(),
            )
        }
        Kind::Mutes => {
            let found = app
                .store
                .read("export", move |conn| rows::muted(conn, me))
                .await?;
            let line = |(handle, hides): (String, bool)| vec![address(app, &handle), hides.to_string()];
            (
                "Account address,Hide notifications\n",
                found.into_iter().map(line).collect(),
            )
        }
        Kind::Lists => {
            let found = app
                .store
                .read("export", move |conn| rows::listed(conn, me))
                .await?;
            let line = |(title, handle): (String, String)| vec![title, address(app, &handle)];
            ("", found.into_iter().map(line).collect())
        }
        Kind::Bookmarks => {
            let found = app
                .store
                .read("export", move |conn| rows::bookmarked(conn, me))
                .await?;
            let base = &app.site.base_url;
            let line = |(id, handle, there): (i64, String, Option<String>)| {
                vec![there.unwrap_or_else(|| format!("{base}/@{handle}/{id}"))]
            };
            ("", found.into_iter().map(line).collect())
        }
        Kind::Domains => {
            let found = keepsakes::blocked_domains(app, speaker).await?;
            ("", found.into_iter().map(|domain| vec![domain]).collect())
        }
    };
    let mut out = head.to_owned();
    for line in lines {
        let cells: Vec<String> = line.iter().map(|cell| quoted(cell)).collect();
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    Ok(out)
}
