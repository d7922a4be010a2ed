//! What is held about an account: one truth for its owner, the operator and a court (law 12).

use bauta_inventory::{Holdings, Values};
use bauta_model::{
    Account, AccountId, Handle, Preferences, QuotePolicy, ReplyPolicy, Role, Standing, Theme, Visibility,
};
use bauta_store::notification_policy::{Answer, Policy};

use crate::{App, Refused, Speaker};

/// What is held about the speaker, with their own values.
pub async fn own(app: &App, speaker: &Speaker) -> Result<Holdings, Refused> {
    let account = speaker.account;
    of(app, move |conn| bauta_store::accounts::by_id(conn, account)).await
}

/// What is held about a handle, as `bauta inventory holdings` prints it.
///
/// # Errors
/// [`Refused::NotFound`] when there is no such account.
pub async fn by_operator(app: &App, handle: &Handle) -> Result<Holdings, Refused> {
    let handle = handle.clone();
    of(app, move |conn| bauta_store::accounts::by_handle(conn, &handle)).await
}

async fn of(
    app: &App,
    find: impl FnOnce(&mut bauta_store::Conn) -> bauta_store::Result<Option<Account>> + Send + 'static,
) -> Result<Holdings, Refused> {
    let inventory = app.inventory;
    app.store
        .read("holdings", move |conn| {
            let found = find(conn)?;
            let id = found
                .as_ref()
                .map_or_else(AccountId::random, |account| account.id);
            let counts = bauta_store::holdings::count(conn, inventory, id)?;
            let preferences = bauta_store::accounts::preferences(conn, id)?;
            let account = found.ok_or(Refused::NotFound)?;
            let policy = bauta_store::notification_policy::of(conn, id)?;
            let mut values = values(&account, &preferences);
            values.extend(answers(policy));
            Ok(bauta_inventory::holdings(
                inventory,
                account.handle.as_str(),
                &counts,
                &values,
            ))
        })
        .await
}

/// The account's values, in words.
fn values(account: &Account, preferences: &Preferences) -> Values {
    let yes_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let fields: Vec<String> = account
        .fields
        .iter()
        .map(|field| format!("{}: {}", field.name, field.value))
        .collect();
    let picture = |id: Option<bauta_model::MediaId>| id.map(|_| "one".to_owned()).unwrap_or_default();
    [
        ("accounts.handle", account.handle.as_str().to_owned()),
        ("accounts.display_name", account.display_name.clone()),
        ("accounts.bio", account.bio.clone()),
        ("accounts.fields", fields.join("; ")),
        ("accounts.avatar_id", picture(account.avatar)),
        ("accounts.header_id", picture(account.header)),
        ("accounts.locked", yes_no(account.locked)),
        ("accounts.bot", yes_no(account.bot)),
        ("accounts.discoverable", yes_no(account.discoverable)),
        ("accounts.indexable", yes_no(account.indexable)),
        ("accounts.hide_collections", yes_no(account.hide_collections)),
        ("accounts.joined_month", account.joined.long()),
        ("accounts.role", role(account.role).to_owned()),
        ("accounts.standing", standing(account.standing).to_owned()),
        (
            "preferences.default_visibility",
            audience(preferences.default_visibility).to_owned(),
        ),
        (
            "preferences.default_sensitive",
            yes_no(preferences.default_sensitive),
        ),
        (
            "preferences.default_language",
            preferences.default_language.clone().unwrap_or_default(),
        ),
        ("preferences.theme", theme(preferences.theme).to_owned()),
        (
            "preferences.direct_from_strangers",
            yes_no(preferences.direct_from_strangers),
        ),
        ("preferences.expand_warnings", yes_no(preferences.expand_warnings)),
        (
            "preferences.default_quote_policy",
            quoters(preferences.default_quote_policy).to_owned(),
        ),
        (
            "preferences.default_reply_policy",
            repliers(preferences.default_reply_policy).to_owned(),
        ),
    ]
    .map(|(column, text)| (column.to_owned(), text))
    .into()
}

/// What becomes of notifications, in words.
fn answers(policy: Policy) -> [(String, String); 5] {
    let word = |answer: Answer| match answer {
        Answer::Accept => "let in",
        Answer::Filter => "wait aside",
        Answer::Drop => "not kept",
    };
    [
        ("not_following", policy.not_following),
        ("not_followers", policy.not_followers),
        ("new_accounts", policy.new_accounts),
        ("private_mentions", policy.private_mentions),
        ("limited_accounts", policy.limited_accounts),
    ]
    .map(|(column, answer)| (format!("notification_policies.{column}"), word(answer).to_owned()))
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::User => "a person",
        Role::Moderator => "moderator",
        Role::Operator => "operator",
    }
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Good => "nothing decided",
        Standing::Limited => "limited",
        Standing::Suspended => "suspended",
    }
}

const fn audience(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Followers => "followers only",
        Visibility::Direct => "direct",
    }
}

const fn quoters(policy: QuotePolicy) -> &'static str {
    match policy {
        QuotePolicy::Public => "everybody",
        QuotePolicy::Followers => "followers",
        QuotePolicy::Nobody | QuotePolicy::Ask | QuotePolicy::AskFollowers => "nobody",
    }
}

const fn repliers(policy: ReplyPolicy) -> &'static str {
    match policy {
        ReplyPolicy::Everybody => "everybody",
        ReplyPolicy::Followers => "followers",
        ReplyPolicy::Mentioned => "whom a post names",
        ReplyPolicy::Nobody => "nobody",
    }
}

const fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "as the browser says",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}
