//! Writing: one form, for new posts, replies and edits. What was typed is never lost to a mistake.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Hold, Incident, Visibility};
use bauta_service::posts::Draft;
use bauta_service::reading::Shown;
use bauta_service::{App, Refused, Speaker, accounts, posts};

use super::pictures::{self, Composed, Picture, Small, Told};
use super::{Mistake, aside, leak, place, scheduled};
use crate::ask::Ask;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::holds;
use crate::posts::{List, Reader};
use crate::quotes::{policies, reply_policies};
use crate::visitor::Visitor;
use crate::words_speaking::{EN, Words};

pub use super::fields::{Fields, Step};

/// What the composer says of what was just done.
#[derive(Clone, PartialEq, Eq)]
pub enum After {
    /// Nothing.
    Nothing,
    /// A find of the leak check was mended.
    Mended,
    /// Pictures were taken in, and all was looked at once more.
    Attached(Looked),
    /// A picture has no description: the author is asked for it once.
    Nudged,
}

/// What was seen when the author asked to look.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// What files carried beside their pixels.
    pub found: Vec<Told>,
    /// Phrases that the author uses again and again.
    pub habits: Vec<String>,
}

/// What the form is for.
pub enum Purpose {
    /// A new post, below the one that it answers, if any.
    New(List),
    /// New words for the post of this path.
    Edit(String),
}

impl Purpose {
    /// Where the form is sent.
    pub fn action(&self) -> String {
        match self {
            Self::New(_) => "/compose".to_owned(),
            Self::Edit(place) => format!("{place}/edit"),
        }
    }

    /// True for an edit.
    pub const fn is_edit(&self) -> bool {
        matches!(self, Self::Edit(_))
    }
}

/// One way of who sees a post.
struct Audience {
    code: &'static str,
    name: &'static str,
    hint: &'static str,
}

/// Languages to choose from, each by its own name. Apps can say any other.
const LANGUAGES: &[(&str, &str)] = &[
    ("ar", "العربية"),
    ("be", "Беларуская"),
    ("bn", "বাংলা"),
    ("cs", "Čeština"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("my", "မြန်မာ"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ru", "Русский"),
    ("sw", "Kiswahili"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

#[derive(Template)]
#[template(path = "speaking/compose.html")]
struct Compose {
    frame: Frame,
    say: &'static Words,
    trouble: &'static str,
    mistake: Option<Mistake>,
    mended: bool,
    fields: Fields,
    purpose: Purpose,
    pictures: Vec<Picture>,
    looked: Looked,
    /// Films and sounds are taken.
    films: bool,
    /// The author is asked to describe the pictures.
    nudge: bool,
    audiences: Vec<Audience>,
    holds: Vec<holds::Choice>,
    quoters: [(&'static str, &'static str, bool); 3],
    repliers: [(&'static str, &'static str, bool); 4],
    languages: Vec<(String, String)>,
    most: usize,
    most_of_option: usize,
    now: String,
    times: &'static [(&'static str, &'static str)],
    lifetimes: &'static [(&'static str, &'static str)],
}

impl Compose {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }

    fn opens_later(&self) -> bool {
        !self.fields.at.is_empty() || self.is_wrong("at")
    }

    fn opens_poll(&self) -> bool {
        self.fields.options().iter().any(|option| !option.is_empty()) || self.is_wrong("option1")
    }

    fn opens_options(&self) -> bool {
        !self.fields.warning.is_empty()
            || !self.fields.shorten.is_empty()
            || !self.fields.lasts.is_empty()
            || self.is_wrong("lasts")
            || self.is_wrong("warning")
            || self.is_wrong("language")
    }
}

/// The composer with what was typed.
pub fn form(
    app: &App,
    visitor: &Visitor,
    purpose: Purpose,
    fields: Fields,
    (status, mistake, after): (StatusCode, Option<Mistake>, After),
) -> Response {
    let title = match &purpose {
        Purpose::New(_) if !fields.quote.is_empty() => EN.quote,
        Purpose::New(_) if fields.reply.is_empty() => EN.compose,
        Purpose::New(_) => EN.reply_to,
        Purpose::Edit(_) => EN.edit,
    };
    let mut languages: Vec<_> = LANGUAGES
        .iter()
        .map(|(code, name)| ((*code).to_owned(), (*name).to_owned()))
        .collect();
    let code = fields.language.clone();
    if !code.is_empty() && code.len() <= 16 && !languages.iter().any(|(known, _)| *known == code) {
        languages.push((code.clone(), code));
    }
    let quoters = policies(&fields.quoters);
    let repliers = reply_policies(&fields.repliers);
    let compose = Compose {
        frame: Frame::new(app, visitor, title, Here::Elsewhere),
        say: &EN,
        trouble: if purpose.is_edit() {
            EN.not_saved
        } else {
            EN.not_sent
        },
        mistake,
        mended: after == After::Mended,
        nudge: after == After::Nudged,
        films: app.site.takes_films(),
        pictures: fields.pictures(),
        looked: match after {
            After::Attached(looked) => looked,
            _ => Looked::default(),
        },
        holds: holds::choices(Hold::from_api(&fields.hold).unwrap_or_default()),
        fields,
        purpose,
        audiences: audiences(),
        quoters,
        repliers,
        languages,
        most: app.site.limits.post_chars,
        most_of_option: app.site.limits.option_chars,
        now: scheduled::written(app.clock.now()),
        times: super::poll::TIMES,
        lifetimes: aside::LIFETIMES,
    };
    page(status, &compose)
}

/// The composer again, with what was refused and what was typed.
pub fn again(app: &App, visitor: &Visitor, purpose: Purpose, fields: Fields, refused: &Refused) -> Response {
    let ids = [
        ("status", "text"),
        ("visibility", "audience"),
        ("language", "language"),
        ("file", "files"),
        ("media_ids", "files"),
        ("description", "pictures"),
        ("poll", "option1"),
        ("scheduled_at", "at"),
        ("expires_in", "lasts"),
        ("hold", "hold"),
    ];
    let mut mistake = Mistake::of(refused, &ids);
    let mut status = error::status(refused);
    if matches!(refused, Refused::NotFound) {
        EN.parent_gone.clone_into(&mut mistake.why);
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    form(
        app,
        visitor,
        purpose,
        fields,
        (status, Some(mistake), After::Nothing),
    )
}

/// `GET /compose`
pub async fn begin(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, first(&app, &visitor, &ask).await)
}

async fn first(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let preferences = accounts::preferences(app, speaker).await?;
    let mut fields = Fields {
        text: ask.text("text").to_owned(),
        visibility: preferences.default_visibility.as_api().to_owned(),
        language: preferences.default_language.unwrap_or_default(),
        reply: ask.text("reply").to_owned(),
        hold: preferences.hold.as_api().to_owned(),
        quote: ask.text("quote").to_owned(),
        quoters: preferences.default_quote_policy.as_api().to_owned(),
        repliers: preferences.default_reply_policy.as_api().to_owned(),
        key: Incident::random().to_string(),
        open_for: super::poll::A_DAY.to_owned(),
        sensitive: if preferences.default_sensitive {
            "yes".to_owned()
        } else {
            String::new()
        },
        ..Fields::default()
    };
    aside::open(app, speaker, ask, &mut fields).await?;
    let gone = !fields.aside.is_empty() && forget_gone(app, visitor, &mut fields).await;
    let parent = other(app, visitor, &fields.reply).await?;
    let quoted = other(app, visitor, &fields.quote).await?;
    let others = parent.iter().chain(&quoted);
    for shown in others.filter(|_| fields.aside.is_empty()) {
        // An answer reaches no more people than what it answers, and a quote no more than what it quotes.
        let widest = shown.card.post.visibility;
        if widest.code() > preferences.default_visibility.code() {
            widest.as_api().clone_into(&mut fields.visibility);
        }
    }
    if let Some(parent) = &parent
        && fields.text.is_empty()
    {
        fields.text = named(parent, visitor);
    }
    let purpose = purpose_of(app, visitor, ask, &fields).await;
    let mistake = gone.then(|| Mistake {
        field: "",
        why: EN.parent_gone.to_owned(),
    });
    Ok(form(
        app,
        visitor,
        purpose,
        fields,
        (StatusCode::OK, mistake, After::Nothing),
    ))
}

/// Leaves out what is answered or quoted where it is not there any more. True where there was something to leave out.
async fn forget_gone(app: &App, visitor: &Visitor, fields: &mut Fields) -> bool {
    let mut gone = false;
    for id in [&mut fields.reply, &mut fields.quote] {
        if !id.is_empty() && other(app, visitor, id).await.is_err() {
            id.clear();
            gone = true;
        }
    }
    gone
}

/// The post of a number that is answered or quoted, if one is.
async fn other(app: &App, visitor: &Visitor, id: &str) -> Result<Option<Shown>, Refused> {
    if id.is_empty() {
        return Ok(None);
    }
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    posts::read(app, visitor.speaker.as_ref(), id).await.map(Some)
}

/// A new post, below what it answers and what it quotes, as far as they are still there.
async fn purpose_of(app: &App, visitor: &Visitor, ask: &Ask, fields: &Fields) -> Purpose {
    let mut above = Vec::new();
    for id in [&fields.reply, &fields.quote] {
        above.extend(other(app, visitor, id).await.unwrap_or_default());
    }
    Purpose::New(List::whole(&above, &Reader::new(app, visitor, ask)))
}

/// Whom an answer names: the author and whoever the post named, but not whoever writes.
fn named(parent: &Shown, visitor: &Visitor) -> String {
    let me = visitor.handle.as_deref().unwrap_or_default();
    let mut handles = vec![parent.author.account.handle.as_str()];
    for mention in &parent.card.post.mentions {
        if !handles.contains(&mention.handle.as_str()) {
            handles.push(mention.handle.as_str());
        }
    }
    handles.retain(|handle| *handle != me);
    handles.iter().flat_map(|handle| ["@", handle, " "]).collect()
}

/// `POST /compose`
pub async fn send(State(app): State<Arc<App>>, ask: Ask, sent: Composed) -> Response {
    let (visitor, fields) = (sent.visitor, sent.fields);
    error::answer(
        &app,
        &visitor,
        publish(&app, &visitor, &ask, fields, sent.files).await,
    )
}

async fn publish(
    app: &Arc<App>,
    visitor: &Visitor,
    ask: &Ask,
    mut fields: Fields,
    files: Vec<Vec<u8>>,
) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let preferred = accounts::preferences(app, speaker).await?;
    if fields.quote_policy().is_none() {
        preferred
            .default_quote_policy
            .as_api()
            .clone_into(&mut fields.quoters);
    }
    if fields.reply_policy().is_none() {
        preferred
            .default_reply_policy
            .as_api()
            .clone_into(&mut fields.repliers);
    }
    let attaches = !files.is_empty() || fields.step() == Step::Attach;
    let settled = pictures::settle(app, speaker, &mut fields, files).await;
    let after = match settled {
        Ok(found) if attaches => Some(After::Attached(Looked {
            found,
            habits: posts::habits(app, speaker, &fields.text).await?,
        })),
        Ok(_) if fields.step() == Step::Post && fields.wants_words() => {
            "yes".clone_into(&mut fields.nudged);
            Some(After::Nudged)
        }
        Ok(_) => None,
        Err(refused) => {
            let purpose = purpose_of(app, visitor, ask, &fields).await;
            return Ok(again(app, visitor, purpose, fields, &refused));
        }
    };
    if let Some(after) = after {
        let purpose = purpose_of(app, visitor, ask, &fields).await;
        return Ok(form(app, visitor, purpose, fields, (StatusCode::OK, None, after)));
    }
    let made = match fields.step() {
        Step::Post | Step::Anyway => match fields.draft(app) {
            Ok(draft) => made(app, speaker, draft, &fields).await,
            Err(refused) => Err(refused),
        },
        Step::Aside => put_aside(app, speaker, &fields).await,
        Step::Change | Step::Mend(_) | Step::Attach => {
            let purpose = purpose_of(app, visitor, ask, &fields).await;
            return Ok(leak::changed(app, visitor, purpose, fields));
        }
    };
    let refused = match made {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(Refused::NotSignedIn) => return Err(Refused::NotSignedIn),
        Err(refused) => refused,
    };
    if matches!(refused, Refused::Leak(_)) {
        return Ok(leak::page_of(
            app,
            visitor,
            &Purpose::New(List::default()),
            fields,
        ));
    }
    forget_gone(app, visitor, &mut fields).await;
    let purpose = purpose_of(app, visitor, ask, &fields).await;
    Ok(again(app, visitor, purpose, fields, &refused))
}

/// Puts a draft aside with all that was chosen, and gives the path where it is listed.
async fn put_aside(app: &App, speaker: &Speaker, fields: &Fields) -> Result<String, Refused> {
    posts::aside::put(app, speaker, fields.draft(app)?, fields.when(app)?).await?;
    Ok("/drafts".to_owned())
}

/// Publishes a draft, now or later, and gives the path where it is seen.
async fn made(app: &App, speaker: &Speaker, draft: Draft, fields: &Fields) -> Result<String, Refused> {
    if !fields.at.trim().is_empty() {
        let seconds = scheduled::seconds(&fields.at)?;
        posts::schedule(app, speaker, draft, seconds).await?;
        return Ok("/scheduled".to_owned());
    }
    let hold = match fields.held()? {
        None => accounts::preferences(app, speaker).await?.hold,
        Some(hold) => hold,
    };
    let Some(span) = hold.span() else {
        return Ok(place(&posts::post(app, speaker, draft).await?));
    };
    posts::hold(app, speaker, draft, span).await?;
    Ok("/scheduled".to_owned())
}

fn audiences() -> Vec<Audience> {
    Visibility::ALL
        .into_iter()
        .map(|visibility| {
            let (name, hint) = match visibility {
                Visibility::Public => (EN.public, EN.public_hint),
                Visibility::Unlisted => (EN.unlisted, EN.unlisted_hint),
                Visibility::Followers => (EN.followers, EN.followers_hint),
                Visibility::Direct => (EN.direct, EN.direct_hint),
            };
            Audience {
                code: visibility.as_api(),
                name,
                hint,
            }
        })
        .collect()
}
