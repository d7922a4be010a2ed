//! Changing a profile: its texts are cleaned and rendered, its pictures rebuilt from their pixels.

use std::sync::Arc;

use bauta_model::{Account, Field, Handle, MediaId, Standing};
use bauta_store::Conn;
use bauta_store::media::{Kind, Medium, Place};
use bauta_store::outbox;

use crate::pictures::{self, Eraser};
use crate::{App, Refused, Speaker, search};

/// What is to change; what is not named stays.
#[derive(Default)]
pub struct Changes {
    /// Any Unicode.
    pub display_name: Option<String>,
    /// As typed.
    pub bio: Option<String>,
    /// Labels and values, as typed. Empty lines are dropped.
    pub fields: Option<Vec<(String, String)>>,
    /// Follows need consent.
    pub locked: Option<bool>,
    /// Posts are made by a program.
    pub bot: Option<bool>,
    /// May be suggested to others.
    pub discoverable: Option<bool>,
    /// Public posts may be found by full text.
    pub indexable: Option<bool>,
    /// Followers and following are counts to others.
    pub hide_collections: Option<bool>,
    /// The avatar.
    pub avatar: PictureChange,
    /// The header.
    pub header: PictureChange,
}

/// What becomes of a picture.
#[derive(Default)]
pub enum PictureChange {
    /// It stays.
    #[default]
    Keep,
    /// It goes, and its bytes are erased.
    Remove,
    /// This file takes its place.
    Replace(Vec<u8>),
}

/// Changes the speaker's profile, and gives it as it is now.
///
/// # Errors
/// [`Refused::Invalid`] names `display_name`, `note`, `fields`, `avatar` or `header`.
pub async fn update_profile(app: &App, speaker: &Speaker, changes: Changes) -> Result<Account, Refused> {
    speaker.speaks()?;
    let texts = Texts::read(app, &changes).await?;
    let pictures = Pictures::take(app, speaker, changes.avatar, changes.header).await?;
    let flags = [
        changes.locked,
        changes.bot,
        changes.discoverable,
        changes.indexable,
        changes.hide_collections,
    ];
    let id = speaker.account;
    let (accounts, eraser) = (Arc::clone(&app.accounts), Eraser::of(app));
    let searched =
        changes.display_name.is_some() || changes.indexable.is_some() || changes.discoverable.is_some();
    let unwritten = pictures.places();
    let written = app
        .store
        .write_then(
            "update_profile",
            move |conn| {
                let mut account = bauta_store::accounts::by_id(conn, id)?.ok_or(Refused::NotSignedIn)?;
                texts.put(&mut account);
                put_flags(&mut account, flags);
                let erased = pictures.put(conn, &mut account)?;
                bauta_store::accounts::update_profile(conn, &account)?;
                outbox::note(conn, &outbox::Change::new(outbox::Kind::Profile, id, 0))?;
                Ok::<_, Refused>((account, erased))
            },
            move |(_, erased)| {
                accounts.invalidate(id);
                eraser.erase(erased.clone());
            },
        )
        .await;
    match written {
        Ok((account, _)) => {
            if searched {
                search::refresh_behind(app, id);
            }
            Ok(account)
        }
        Err(refused) => {
            Eraser::of(app).erase(unwritten);
            Err(refused)
        }
    }
}

fn put_flags(account: &mut Account, flags: [Option<bool>; 5]) {
    let places = [
        &mut account.locked,
        &mut account.bot,
        &mut account.discoverable,
        &mut account.indexable,
        &mut account.hide_collections,
    ];
    for (place, flag) in places.into_iter().zip(flags) {
        *place = flag.unwrap_or(*place);
    }
}

/// Texts that were cleaned, measured and rendered.
struct Texts {
    display_name: Option<String>,
    bio: Option<(String, String)>,
    fields: Option<Vec<Field>>,
}

impl Texts {
    async fn read(app: &App, changes: &Changes) -> Result<Self, Refused> {
        let limits = &app.site.limits;
        let display_name = changes.display_name.as_deref().map(bauta_text::clean_name);
        if longer(display_name.as_deref(), limits.name_chars) {
            return Err(too_long("display_name", "A display name", limits.name_chars));
        }
        let bio = changes.bio.as_deref().map(bauta_text::clean_text);
        if bio
            .as_deref()
            .is_some_and(|bio| bauta_text::count(bio, "") > limits.bio_chars)
        {
            return Err(too_long("note", "A bio", limits.bio_chars));
        }
        let lines = changes
            .fields
            .as_deref()
            .map(|lines| clean_lines(lines, limits))
            .transpose()?;
        let known = known_handles(app, bio.as_deref(), lines.as_deref()).await?;
        let site = bauta_text::Site {
            domain: &app.site.domain,
            base: &app.site.base_url,
        };
        let resolve = |named: &Handle| known.iter().find(|handle| *handle == named).cloned();
        Ok(Self {
            display_name,
            bio: bio.map(|bio| {
                let html = bauta_text::render(&bio, site, resolve).html;
                (bio, html)
            }),
            fields: lines.map(|lines| {
                lines
                    .into_iter()
                    .map(|(name, value)| Field {
                        name,
                        value_html: bauta_text::render_field(&value, site, resolve).html,
                        value,
                    })
                    .collect()
            }),
        })
    }

    fn put(self, account: &mut Account) {
        if let Some(name) = self.display_name {
            account.display_name = name;
        }
        if let Some((bio, html)) = self.bio {
            account.bio = bio;
            account.bio_html = html;
        }
        if let Some(fields) = self.fields {
            account.fields = fields;
        }
    }
}

fn clean_lines(lines: &[(String, String)], limits: &crate::Limits) -> Result<Vec<(String, String)>, Refused> {
    let lines: Vec<_> = lines
        .iter()
        .map(|(name, value)| (bauta_text::clean_line(name), bauta_text::clean_line(value)))
        .filter(|(name, value)| !name.is_empty() || !value.is_empty())
        .collect();
    if lines.len() > limits.fields {
        return Err(Refused::invalid(
            "fields",
            format!("A profile has at most {} fields.", limits.fields),
        ));
    }
    let long = |text: &String| longer(Some(text.as_str()), limits.field_chars);
    if lines.iter().any(|(name, value)| long(name) || long(value)) {
        return Err(too_long(
            "fields",
            "The label or value of a field",
            limits.field_chars,
        ));
    }
    if lines.iter().any(|(name, _)| name.is_empty()) {
        return Err(Refused::invalid("fields", "A field has a label."));
    }
    Ok(lines)
}

fn longer(text: Option<&str>, most: usize) -> bool {
    text.is_some_and(|text| text.chars().count() > most)
}

fn too_long(field: &'static str, what: &str, most: usize) -> Refused {
    Refused::invalid(field, format!("{what} has at most {most} characters."))
}

/// The handles in the texts that somebody has, as their owners write them.
async fn known_handles(
    app: &App,
    bio: Option<&str>,
    lines: Option<&[(String, String)]>,
) -> Result<Vec<Handle>, Refused> {
    let site = bauta_text::Site {
        domain: &app.site.domain,
        base: &app.site.base_url,
    };
    let mut named: Vec<Handle> = bio.map(|bio| bauta_text::named(bio, site)).unwrap_or_default();
    for (_, value) in lines.unwrap_or_default() {
        named.extend(bauta_text::named(value, site));
    }
    if named.is_empty() {
        return Ok(named);
    }
    let known = app
        .store
        .read("known_handles", move |conn| {
            bauta_store::accounts::by_handles(conn, &named)
        })
        .await?;
    Ok(known
        .into_iter()
        .filter(|account| account.standing != Standing::Suspended)
        .map(|account| account.handle)
        .collect())
}

/// Pictures whose bytes are on the disk and whose rows are not yet.
struct Pictures {
    avatar: Change,
    header: Change,
}

enum Change {
    Keep,
    Remove,
    Replace(Medium),
}

impl Pictures {
    async fn take(
        app: &App,
        speaker: &Speaker,
        avatar: PictureChange,
        header: PictureChange,
    ) -> Result<Self, Refused> {
        let avatar = change(app, speaker, Kind::Avatar, avatar).await?;
        let header = match change(app, speaker, Kind::Header, header).await {
            Ok(header) => header,
            Err(refused) => {
                if let Change::Replace(medium) = &avatar {
                    Eraser::of(app).erase(vec![medium.place]);
                }
                return Err(refused);
            }
        };
        Ok(Self { avatar, header })
    }

    /// Where bytes lie that no row names yet.
    fn places(&self) -> Vec<Place> {
        [&self.avatar, &self.header]
            .into_iter()
            .filter_map(|change| match change {
                Change::Replace(medium) => Some(medium.place),
                Change::Keep | Change::Remove => None,
            })
            .collect()
    }

    /// Writes the rows. Gives the places of what was replaced.
    fn put(self, conn: &mut Conn, account: &mut Account) -> Result<Vec<Place>, Refused> {
        let mut erased = Vec::new();
        put_one(conn, &mut account.avatar, self.avatar, &mut erased)?;
        put_one(conn, &mut account.header, self.header, &mut erased)?;
        Ok(erased)
    }
}

fn put_one(
    conn: &mut Conn,
    current: &mut Option<MediaId>,
    change: Change,
    erased: &mut Vec<Place>,
) -> Result<(), Refused> {
    let new = match change {
        Change::Keep => return Ok(()),
        Change::Remove => None,
        Change::Replace(medium) => {
            bauta_store::media::insert(conn, &medium)?;
            Some(medium.id)
        }
    };
    if let Some(old) = current.take() {
        erased.extend(bauta_store::media::delete(conn, old)?);
    }
    *current = new;
    Ok(())
}

async fn change(app: &App, speaker: &Speaker, kind: Kind, change: PictureChange) -> Result<Change, Refused> {
    match change {
        PictureChange::Keep => Ok(Change::Keep),
        PictureChange::Remove => Ok(Change::Remove),
        PictureChange::Replace(file) => {
            let medium = pictures::take_in(app, speaker.account, kind, file).await?;
            Ok(Change::Replace(medium))
        }
    }
}
