//! Deleting an account: everything at once, for good.

use std::sync::Arc;

use bauta_model::{Account, AccountId, LimiterKey, Secret};
use bauta_store::Conn;
use bauta_store::account_deletion::{self, Gone};
use bauta_store::outbox::{self, Change};
use bauta_store::remote;

use super::{passphrase, retired};
use crate::{App, Refused, Speaker, pictures};

/// Deletes the speaker's account: its posts and what others did with them, its pictures, its sessions, its name. It
/// asks for the passphrase. Nobody can take the name again.
///
/// # Errors
/// [`Refused::WrongPassphrase`].
pub async fn delete_account(
    app: &App,
    speaker: &Speaker,
    own: &Secret<String>,
    limiter: LimiterKey,
) -> Result<(), Refused> {
    passphrase::confirm(app, speaker, own, limiter).await?;
    erase_account_and(app, speaker.account, |conn, account| {
        // Somebody may come to it at this moment.
        if bauta_store::keyholders::count(conn, account.id)? > 1 {
            return Err(Refused::Forbidden(
                "You are not the only one behind this account. Propose to the others to delete it.",
            ));
        }
        Ok(())
    })
    .await
}

/// Deletes an account, whoever decided it: the caller has asked whether it may.
///
/// # Errors
/// [`Refused::NotFound`] where there is no such account.
pub(crate) async fn erase_account(app: &App, account: AccountId) -> Result<(), Refused> {
    erase_account_and(app, account, |_, _| Ok(())).await
}

/// As [`erase_account`], after `first` in the same transaction: it may refuse.
pub(crate) async fn erase_account_and(
    app: &App,
    account: AccountId,
    first: impl FnOnce(&mut Conn, &Account) -> Result<(), Refused> + Send + 'static,
) -> Result<(), Refused> {
    let after = Afterwards::of(app, account);
    let base = app.site.base_url.clone();
    app.store
        .write_then(
            "delete_account",
            move |conn| {
                let found = bauta_store::accounts::by_id(conn, account)?.ok_or(Refused::NotFound)?;
                first(conn, &found)?;
                let handle = found.handle;
                let retired = retired::retire(conn, &handle)?;
                if remote::is_known_elsewhere(conn, account)? {
                    let change = Change {
                        detail: format!("{base}/@{handle}"),
                        ..Change::new(outbox::Kind::AccountGone, account, 0)
                    };
                    outbox::note(conn, &change)?;
                }
                account_deletion::delete(conn, account, &retired)?.ok_or(Refused::NotFound)
            },
            move |gone| after.happen(gone),
        )
        .await?;
    Ok(())
}

/// What memory and the media folder are told once the rows are gone. It runs on the writer's thread, so that it happens
/// whoever hung up; erasing bytes goes to a thread of its own.
struct Afterwards {
    account: AccountId,
    sessions: Arc<super::authenticate::SessionCache>,
    preferences: Arc<super::preferences::PreferencesCache>,
    showcases: Arc<crate::showcase::Showcases>,
    filters: Arc<crate::filters::FiltersCache>,
    accounts: Arc<bauta_timeline::Accounts>,
    cards: Arc<bauta_timeline::Cards>,
    timelines: Arc<bauta_timeline::Timelines>,
    search: Arc<bauta_store::search::Search>,
    eraser: pictures::Eraser,
}

impl Afterwards {
    fn of(app: &App, account: AccountId) -> Self {
        Self {
            account,
            sessions: Arc::clone(&app.sessions),
            preferences: Arc::clone(&app.preferences),
            showcases: Arc::clone(&app.showcases),
            filters: Arc::clone(&app.filters),
            accounts: Arc::clone(&app.accounts),
            cards: Arc::clone(&app.cards),
            timelines: Arc::clone(&app.timelines),
            search: Arc::clone(&app.search),
            eraser: pictures::Eraser::of(app),
        }
    }

    fn happen(self, gone: &Gone) {
        self.sessions.forget_account(self.account);
        self.preferences.forget(self.account);
        self.showcases.forget(self.account);
        self.filters.forget(self.account);
        self.timelines.remove_author(self.account);
        self.timelines.drop_reader(self.account);
        self.search.forget(gone.posts.clone());
        self.search.name(vec![(self.account, String::new())]);
        for post in &gone.posts {
            self.timelines.remove(*post);
            self.cards.invalidate(*post);
        }
        for post in &gone.changed_posts {
            self.cards.invalidate(*post);
        }
        self.accounts.invalidate(self.account);
        for account in &gone.counted_accounts {
            self.accounts.invalidate(*account);
        }
        self.eraser.erase(gone.places.clone());
    }
}
