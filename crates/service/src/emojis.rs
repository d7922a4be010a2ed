//! Small pictures with a name: moderators add and remove them, texts use them as `:name:`.
//!
//! All of them are known in memory, since every post and every profile that is rendered asks for some.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bauta_model::{Account, EmojiId};
use bauta_store::Store;
use bauta_store::custom_emojis::{self as rows, Bytes};
use bauta_store::remote_emojis;
use parking_lot::RwLock;

pub use bauta_store::custom_emojis::Emoji;

use crate::pictures::refused;
use crate::{App, Refused, Speaker, at_start};

type Known = BTreeMap<String, Arc<Emoji>>;

/// The small pictures as memory holds them: this server's, and those of others by the domain that names them.
#[derive(Default)]
pub struct Emojis(RwLock<Arc<Known>>, RwLock<Arc<HashMap<String, Known>>>);

impl Emojis {
    /// Reads them at the start.
    pub(crate) fn open(store: &Store) -> Result<Self, bauta_store::Error> {
        let emojis = Self::default();
        emojis.put(at_start::read(store, "custom_emojis", rows::all)?);
        emojis.put_elsewhere(at_start::read(store, "remote_emojis", remote_emojis::all)?);
        Ok(emojis)
    }

    fn put(&self, all: Vec<Emoji>) {
        let known = all
            .into_iter()
            .map(|emoji| (emoji.shortcode.clone(), Arc::new(emoji)));
        *self.0.write() = Arc::new(known.collect());
    }

    pub(crate) fn put_elsewhere(&self, all: Vec<(String, Emoji)>) {
        let mut known: HashMap<String, Known> = HashMap::new();
        for (domain, emoji) in all {
            let of = known.entry(domain).or_default();
            of.insert(emoji.shortcode.clone(), Arc::new(emoji));
        }
        *self.1.write() = Arc::new(known);
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.0.read())
    }

    /// Every one, by name.
    pub fn all(&self) -> Vec<Arc<Emoji>> {
        self.known().values().map(Arc::clone).collect()
    }

    /// The one of a name.
    pub fn get(&self, shortcode: &str) -> Option<Arc<Emoji>> {
        self.known().get(shortcode).map(Arc::clone)
    }

    /// The one that a name means where `author` writes it: people of other servers name pictures of theirs, not ours.
    pub fn named_by(&self, author: &Account, shortcode: &str) -> Option<Arc<Emoji>> {
        match author.handle.domain() {
            None => self.get(shortcode),
            Some(domain) => self.1.read().get(domain)?.get(shortcode).map(Arc::clone),
        }
    }

    /// Those that `texts` of this server use, each once, in order.
    pub fn of<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Vec<Arc<Emoji>> {
        used(&self.known(), texts)
    }

    /// Those that `texts` of `author` use.
    pub fn of_author<'t>(
        &self,
        author: &Account,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Vec<Arc<Emoji>> {
        let Some(domain) = author.handle.domain() else {
            return self.of(texts);
        };
        let all = Arc::clone(&self.1.read());
        all.get(domain).map_or_else(Vec::new, |known| used(known, texts))
    }
}

fn used<'t>(known: &Known, texts: impl IntoIterator<Item = &'t str>) -> Vec<Arc<Emoji>> {
    let mut found: Vec<Arc<Emoji>> = Vec::new();
    if known.is_empty() {
        return found;
    }
    for name in texts.into_iter().flat_map(bauta_text::shortcodes) {
        if let Some(emoji) = known.get(name)
            && !found.iter().any(|one| one.id == emoji.id)
        {
            found.push(Arc::clone(emoji));
        }
    }
    found
}

/// A small picture that a moderator adds.
pub struct New {
    /// Its name, with or without colons.
    pub shortcode: String,
    /// Under what it is found in apps; may be empty.
    pub category: String,
    /// The file, as sent.
    pub file: Vec<u8>,
}

/// The most bytes of a file, before and after it is rebuilt.
pub const MOST_BYTES: usize = 256 * 1024;
/// The longest side, in pixels.
const LONGEST_SIDE: u32 = 512;
/// How many there may be.
const MOST: usize = 1000;
/// The longest category, in characters.
const CATEGORY_CHARS: usize = 40;

/// Adds one, rebuilt from its pixels.
///
/// # Errors
/// [`Refused::Forbidden`] for everybody but moderators; [`Refused::Invalid`] names `shortcode`, `category` or `file`.
pub async fn add(app: &App, speaker: &Speaker, new: New) -> Result<(), Refused> {
    speaker.speaks()?;
    moderates(speaker)?;
    add_by_operator(app, new).await
}

/// As [`add`], by the operator at the machine.
///
/// # Errors
/// [`Refused::Invalid`] names `shortcode`, `category` or `file`.
pub async fn add_by_operator(app: &App, new: New) -> Result<(), Refused> {
    let shortcode = new.shortcode.trim().trim_matches(':').to_owned();
    let wrong = |field, why: &str| Err(Refused::invalid(field, why));
    if !bauta_text::is_shortcode(&shortcode) {
        return wrong(
            "shortcode",
            "A name has 2 to 64 letters from A to Z, digits and underscores.",
        );
    }
    let category = bauta_text::clean_name(&new.category);
    if category.chars().count() > CATEGORY_CHARS {
        return wrong("category", "A category has at most 40 characters.");
    }
    if new.file.is_empty() {
        return wrong("file", "A picture is missing.");
    }
    if new.file.len() > MOST_BYTES {
        return wrong("file", "The picture has more than 256 KB: make it smaller.");
    }
    if app.emojis.known().len() >= MOST {
        return wrong("shortcode", "There are 1,000 already: remove some.");
    }
    let (bytes, (width, height)) = rebuilt(app, new.file).await?;
    let emoji = Emoji {
        id: EmojiId::random(),
        shortcode,
        category,
        in_picker: true,
        mime: bytes.mime.clone(),
        width,
        height,
    };
    change(app, move |conn| {
        if rows::insert(conn, &emoji, &bytes)? {
            Ok(())
        } else {
            Err(Refused::invalid("shortcode", "This name is taken."))
        }
    })
    .await
}

/// A file made anew from its pixels, with its sides.
pub(crate) async fn rebuilt(app: &App, file: Vec<u8>) -> Result<(Bytes, (i32, i32)), Refused> {
    let made = app.worker.attachment(file).await;
    let made = made.map_err(|error| refused("file", error))?;
    let (file, still) = (made.file, made.preview);
    if file.width.max(file.height) > LONGEST_SIDE || file.bytes.len() > MOST_BYTES {
        return Err(Refused::invalid(
            "file",
            "The picture is too large: at most 512 pixels a side, and 256 KB.",
        ));
    }
    let bytes = Bytes {
        mime: file.mime.to_owned(),
        picture: file.bytes,
        still: if made.moves { still.bytes } else { Vec::new() },
    };
    Ok((bytes, (file.width.cast_signed(), file.height.cast_signed())))
}

/// Removes one: its name is a word again.
///
/// # Errors
/// [`Refused::Forbidden`] for everybody but moderators; [`Refused::NotFound`].
pub async fn remove(app: &App, speaker: &Speaker, id: EmojiId) -> Result<(), Refused> {
    speaker.speaks()?;
    moderates(speaker)?;
    remove_by_operator(app, id).await
}

/// As [`remove`], by the operator at the machine.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn remove_by_operator(app: &App, id: EmojiId) -> Result<(), Refused> {
    change(app, move |conn| {
        if rows::delete(conn, id)? {
            Ok(())
        } else {
            Err(Refused::NotFound)
        }
    })
    .await
}

/// Changes the rows, then memory, then forgets what was rendered with the old ones.
async fn change(
    app: &App,
    work: impl FnOnce(&mut bauta_store::Conn) -> Result<(), Refused> + Send + 'static,
) -> Result<(), Refused> {
    let (emojis, cards, accounts) = (
        Arc::clone(&app.emojis),
        Arc::clone(&app.cards),
        Arc::clone(&app.accounts),
    );
    app.store
        .write_then(
            "change_emojis",
            move |conn| {
                work(conn)?;
                rows::all(conn).map_err(Refused::from)
            },
            move |all| {
                emojis.put(all.clone());
                cards.forget_pieces();
                accounts.forget_pieces();
            },
        )
        .await?;
    Ok(())
}

const fn moderates(speaker: &Speaker) -> Result<(), Refused> {
    if speaker.role.moderates() {
        Ok(())
    } else {
        Err(Refused::Forbidden("This is for moderators."))
    }
}

/// The picture of one, and its format; `still` for the form that does not move.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn picture(app: &App, id: EmojiId, still: bool) -> Result<(&'static str, Vec<u8>), Refused> {
    let bytes = app
        .store
        .read("emoji", move |conn| match rows::bytes(conn, id)? {
            None => remote_emojis::bytes(conn, id),
            found => Ok(found),
        })
        .await?
        .ok_or(Refused::NotFound)?;
    if still && !bytes.still.is_empty() {
        return Ok((mime_of(&bytes.still), bytes.still));
    }
    Ok((mime_of(&bytes.picture), bytes.picture))
}

/// The format of what was encoded here, by its first byte.
pub(crate) fn mime_of(file: &[u8]) -> &'static str {
    match file.first() {
        Some(b'G') => "image/gif",
        Some(0xFF) => "image/jpeg",
        _ => "image/png",
    }
}
