//! Who speaks in the story, and what they say on which day.

use std::sync::Arc;

use bauta_model::{AccountId, Day, Handle, PostId, Role, Secret, SessionId, Visibility};
use bauta_service::accounts::update_profile::Changes;
use bauta_service::posts::{self, Draft};
use bauta_service::{App, Scopes, SessionKind, Speaker};

use crate::failure::{Failure, Outcome};

/// One of the cast.
pub struct Player {
    /// The account.
    pub account: AccountId,
    /// Its handle.
    pub handle: String,
    /// To try the account out.
    pub passphrase: Secret<String>,
    speaker: Speaker,
}

/// Who the story is about.
pub struct Cast {
    /// The account that somebody wants unmasked.
    pub engineers: Player,
    /// The fund whose lawyers represent it.
    pub fund: Player,
    /// The newspaper.
    pub gazette: Player,
    /// A reader who answers.
    pub reader: Player,
    /// The engineers' post on the day of the withdrawal.
    pub statement: PostId,
    /// The fund's.
    pub thanks: PostId,
    /// The engineers', on the day of the fax.
    pub asked: PostId,
    /// The newspaper's, when it is in court.
    pub filed: PostId,
    /// The engineers', when the paper comes again.
    pub asked_again: PostId,
}

/// Who somebody is in the story.
struct Part<'a> {
    handle: &'a str,
    name: &'a str,
    bio: &'a str,
    fields: &'a [(&'a str, &'a str)],
    joined: (i32, u32, u32),
}

/// Makes the cast.
pub async fn cast(app: &Arc<App>) -> Outcome<Cast> {
    let engineers = player(app, &Part {
        handle: "ALT_Waterways",
        name: "ALT🌊 River engineers",
        bio: "Measurements and opinions of people who work on rivers. We do not speak for the Waterways Office. #rivers",
        fields: &[("What we measure", "levels, flow, sediment"), ("Who we are", "you don't need to know")],
        joined: (2017, 1, 21),
    }).await?;
    let fund = player(
        app,
        &Part {
            handle: "OpenWaterFund",
            name: "Open Water Legal Fund",
            bio: "We stand up in court for people who speak about water. Made up, like everything here.",
            fields: &[("Office hours", "Tuesday and Thursday")],
            joined: (2017, 1, 5),
        },
    )
    .await?;
    let gazette = player(
        app,
        &Part {
            handle: "LockGazette",
            name: "The Lock Gazette",
            bio: "News from both banks since 1871, in this story.",
            fields: &[("Letters", "to the editor, by hand, at the lock")],
            joined: (2017, 2, 1),
        },
    )
    .await?;
    let reader = player(
        app,
        &Part {
            handle: "heron_watcher",
            name: "Heron watcher",
            bio: "I count herons.",
            fields: &[],
            joined: (2017, 2, 9),
        },
    )
    .await?;
    Ok(Cast {
        engineers,
        fund,
        gazette,
        reader,
        statement: PostId::new(0),
        thanks: PostId::new(0),
        asked: PostId::new(0),
        filed: PostId::new(0),
        asked_again: PostId::new(0),
    })
}

async fn player(app: &Arc<App>, part: &Part<'_>) -> Outcome<Player> {
    at(app, part.joined, 9, 0);
    let handle = Handle::parse(part.handle).map_err(|error| Failure::new(error.to_string()))?;
    let (account, passphrase) = bauta_service::accounts::create_by_operator(app, &handle, Role::User).await?;
    // Nobody signs in: the story speaks for each of its cast, and leaves no session behind.
    let speaker = Speaker {
        account: account.id,
        keyholder: None,
        duties: bauta_model::Duties::ALL,
        role: account.role,
        session: SessionId::random(),
        kind: SessionKind::Operator,
        scopes: Scopes::all(),
    };
    let profile = Changes {
        display_name: Some(part.name.to_owned()),
        bio: Some(part.bio.to_owned()),
        fields: Some(
            part.fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        ),
        discoverable: Some(true),
        indexable: Some(true),
        ..Changes::default()
    };
    bauta_service::accounts::update_profile(app, &speaker, profile).await?;
    Ok(Player {
        account: account.id,
        handle: part.handle.to_owned(),
        passphrase,
        speaker,
    })
}

/// Sets the clock to a moment of the story (UTC).
pub fn at(app: &App, day: (i32, u32, u32), hour: u64, minute: u64) {
    if let Some(found) = Day::from_civil(day.0, day.1, day.2) {
        app.clock.set(
            found
                .start()
                .plus(std::time::Duration::from_secs(hour * 3600 + minute * 60)),
        );
    }
}

/// What is said before anybody asks who they are.
pub async fn before(app: &Arc<App>, cast: &Cast) -> Outcome<()> {
    at(app, (2017, 1, 21), 18, 4);
    let first = say(
        app,
        &cast.engineers,
        "We measure rivers for a living. From today we also say what we measure. #rivers",
    )
    .await?;
    at(app, (2017, 2, 3), 7, 40);
    say(app, &cast.engineers, "Gauge at the old lock this morning: 4.12 m. The number on the public board: 3.40 m.\n\nOne of them is a photograph of last week.").await?;
    at(app, (2017, 2, 10), 17, 30);
    let asked = say(
        app,
        &cast.reader,
        "@ALT_Waterways Is the path along the weir safe at that level? The herons have moved uphill.",
    )
    .await?;
    at(app, (2017, 2, 10), 19, 12);
    answer(
        app,
        &cast.engineers,
        asked,
        "@heron_watcher Trust the herons. Stay off the weir until it is under 3.8 m.",
    )
    .await?;
    at(app, (2017, 2, 22), 12, 15);
    let post = say(app, &cast.engineers, "A dam report has 212 pages. The page that says when the gate was last greased is missing. We kept a copy: https://example.org/reports/gate-7?utm_source=office&utm_medium=mail #rivers #gate7").await?;
    for one in [first, post] {
        posts::favourite(app, &cast.reader.speaker, one).await?;
    }
    posts::boost(app, &cast.gazette.speaker, post, Visibility::Public).await?;
    at(app, (2017, 3, 2), 8, 5);
    say(
        app,
        &cast.gazette,
        "Reader's question of the week: who greases gate 7? Letters to the lock, please. #gate7",
    )
    .await?;
    Ok(())
}

/// The evening of 14 March.
pub async fn asked(app: &Arc<App>, cast: &mut Cast) -> Outcome<()> {
    at(app, (2017, 3, 14), 20, 31);
    cast.asked = say(app, &cast.engineers, "Somebody asked our host today who we are. Our host told us so, and has given nothing. More when our lawyers say so.").await?;
    Ok(())
}

/// The evening of 6 April.
pub async fn filed(app: &Arc<App>, cast: &mut Cast) -> Outcome<()> {
    at(app, (2017, 4, 6), 21, 10);
    cast.filed = say(app, &cast.gazette, "Tonight: the host of @ALT_Waterways has gone to court rather than name its users. Twenty-five pages, in plain words.").await?;
    posts::boost(app, &cast.engineers.speaker, cast.filed, Visibility::Public).await?;
    Ok(())
}

/// The evening of 7 April, and the morning after.
pub async fn thanked(app: &Arc<App>, cast: &mut Cast) -> Outcome<()> {
    at(app, (2017, 4, 7), 19, 2);
    cast.thanks = say(app, &cast.fund, "The Waterways Office has withdrawn its demand to learn who runs @ALT_Waterways. Speaking about a river under a pen name is as old as rivers. Case note: https://example.org/open-water/case-notes/2017/the-waterways-office-withdraws-its-demand").await?;
    at(app, (2017, 4, 7), 19, 40);
    cast.statement = say(app, &cast.engineers, "Thank you, @OpenWaterFund, and thank you to everyone who stood at the lock with us. We are still here, and we are still measuring. #rivers").await?;
    for player in [&cast.reader, &cast.gazette, &cast.fund] {
        posts::favourite(app, &player.speaker, cast.statement).await?;
    }
    posts::boost(app, &cast.reader.speaker, cast.statement, Visibility::Public).await?;
    posts::pin(app, &cast.engineers.speaker, cast.statement).await?;
    at(app, (2017, 4, 8), 6, 55);
    answer(
        app,
        &cast.reader,
        cast.statement,
        "@ALT_Waterways The herons are back at the weir.",
    )
    .await?;
    Ok(())
}

/// The evening of 22 May.
pub async fn asked_again(app: &Arc<App>, cast: &mut Cast) -> Outcome<()> {
    at(app, (2017, 5, 22), 20, 12);
    cast.asked_again = say(app, &cast.engineers, "The same paper came again today, with a new date. Our host told us the same day. Nothing was given, the first time or now.").await?;
    Ok(())
}

async fn say(app: &Arc<App>, who: &Player, text: &str) -> Outcome<PostId> {
    draft(app, who, text, None).await
}

async fn answer(app: &Arc<App>, who: &Player, to: PostId, text: &str) -> Outcome<PostId> {
    draft(app, who, text, Some(to)).await
}

async fn draft(app: &Arc<App>, who: &Player, text: &str, in_reply_to: Option<PostId>) -> Outcome<PostId> {
    let draft = Draft {
        language: Some("en".to_owned()),
        in_reply_to,
        confirmed: true,
        shorten: true,
        ..Draft::new(text)
    };
    Ok(posts::post(app, &who.speaker, draft).await?.id())
}
