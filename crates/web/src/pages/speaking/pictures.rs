//! Pictures in the composer: taken in when the form is sent, shown with a field for what each shows, taken away again.
//! Which they are wanders with the form; what their files carried is told once, on the page that answers, and kept
//! nowhere.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use bauta_model::{Attachment, AttachmentKind, Focus, MediaId};
use bauta_service::attachments::{self, Carried, Described, Found, New, Progress, Uploaded, Wait};
use bauta_service::{App, Refused, Speaker};

use super::compose::Fields;
use crate::csrf::Form;
use crate::upload::Upload;
use crate::visitor::Visitor;
use crate::words_speaking::EN;

/// Pictures of a post, at most.
pub const MOST: usize = 4;

/// A picture of the form.
pub struct Picture {
    /// From 1.
    pub number: usize,
    /// Its file.
    pub id: MediaId,
    /// How the form shows it.
    pub small: Small,
    /// What is said of it, as typed.
    pub said: String,
}

/// The smaller form of a medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Small {
    /// This file, which may be the medium itself.
    File(MediaId),
    /// It is a sound, and can't be shown.
    Sound,
    /// It is being worked on.
    Working,
}

impl Small {
    fn of_word(word: &str) -> Option<Self> {
        match word {
            "s" => Some(Self::Sound),
            "w" => Some(Self::Working),
            id => id.parse().ok().map(Self::File),
        }
    }

    fn word(self) -> String {
        match self {
            Self::File(id) => id.to_string(),
            Self::Sound => "s".to_owned(),
            Self::Working => "w".to_owned(),
        }
    }
}

/// The composer's form, with the files that it brings.
pub struct Composed {
    /// Who sent it.
    pub visitor: Visitor,
    /// What was typed and chosen.
    pub fields: Fields,
    /// Files that were chosen.
    pub files: Vec<Vec<u8>>,
}

impl FromRequest<Arc<App>> for Composed {
    type Rejection = Response;

    /// The composer sends a form with files; the leak check, which has none, sends a plain one.
    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let kind = request.headers().get(CONTENT_TYPE);
        let with_files = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
        if !with_files {
            let Form(visitor, fields) = Form::from_request(request, app).await?;
            return Ok(Self {
                visitor,
                fields,
                files: Vec::new(),
            });
        }
        let mut upload = Upload::from_request(request, app).await?;
        let files = upload.files("files");
        let fields = upload.read();
        Ok(Self {
            visitor: upload.visitor,
            fields,
            files,
        })
    }
}

impl Fields {
    /// The pictures that the form names. What makes no sense is left out.
    pub fn pictures(&self) -> Vec<Picture> {
        let said = [&self.alt1, &self.alt2, &self.alt3, &self.alt4];
        let named = self.media.split(',').take(MOST).filter_map(|pair| {
            let (id, small) = pair.split_once('.')?;
            Some((id.parse().ok()?, Small::of_word(small)?))
        });
        named
            .zip(said)
            .enumerate()
            .map(|(at, ((id, small), said))| Picture {
                number: at + 1,
                id,
                small,
                said: said.clone(),
            })
            .collect()
    }

    /// Names these pictures, and forgets which were to be dropped.
    pub fn set_pictures(&mut self, pictures: &[Picture]) {
        let named = pictures
            .iter()
            .map(|picture| format!("{}.{}", picture.id, picture.small.word()));
        self.media = named.collect::<Vec<_>>().join(",");
        let said = |nth: usize| pictures.get(nth).map_or_else(String::new, |one| one.said.clone());
        (self.alt1, self.alt2, self.alt3, self.alt4) = (said(0), said(1), said(2), said(3));
        for drop in [&mut self.drop1, &mut self.drop2, &mut self.drop3, &mut self.drop4] {
            drop.clear();
        }
    }

    /// The pictures of a post that is edited.
    pub fn show(&mut self, media: &[Attachment]) {
        let pictures: Vec<Picture> = media.iter().take(MOST).map(of).collect();
        self.set_pictures(&pictures);
    }

    /// The pictures without those whose box is ticked, and the latter.
    pub fn kept(&self) -> (Vec<Picture>, Vec<Picture>) {
        let dropped = [&self.drop1, &self.drop2, &self.drop3, &self.drop4];
        self.pictures()
            .into_iter()
            .partition(|picture| dropped[picture.number - 1].is_empty())
    }

    /// A picture has no description, and the author was not asked for it yet.
    pub fn wants_words(&self) -> bool {
        self.nudged.is_empty() && self.pictures().iter().any(|one| one.said.trim().is_empty())
    }
}

fn of(one: &Attachment) -> Picture {
    Picture {
        number: 0,
        id: one.id,
        small: match one.preview {
            Some(preview) => Small::File(preview.id),
            None if one.kind == AttachmentKind::Sound => Small::Sound,
            None => Small::File(one.id),
        },
        said: one.description.clone(),
    }
}

/// What was said of a picture, for the service.
pub fn described(picture: &Picture) -> (MediaId, Described) {
    let described = Described {
        description: Some(picture.said.clone()),
        focus: None,
    };
    (picture.id, described)
}

/// Takes away what was dropped, takes in what was sent, and writes what is said. Gives what the files carried beside
/// their pixels. What was taken in stays in `fields` even where a later file is refused.
pub async fn settle(
    app: &Arc<App>,
    speaker: &Speaker,
    fields: &mut Fields,
    files: Vec<Vec<u8>>,
) -> Result<Vec<Told>, Refused> {
    let (mut pictures, gone) = fields.kept();
    for picture in gone {
        take_away(app, speaker, &picture).await?;
    }
    let looked = look_again(app, speaker, &mut pictures).await;
    let taken = match looked {
        Ok(()) => take_in(app, speaker, &mut pictures, files).await,
        Err(refused) => Err(refused),
    };
    fields.set_pictures(&pictures);
    let carried = taken?;
    let said = pictures
        .iter()
        .filter(|picture| picture.small != Small::Working && !picture.said.trim().is_empty());
    for picture in said {
        let (id, described) = described(picture);
        attachments::describe(app, speaker, id, described).await?;
    }
    Ok(told(&carried))
}

async fn take_away(app: &Arc<App>, speaker: &Speaker, picture: &Picture) -> Result<(), Refused> {
    if picture.small == Small::Working {
        // It can be deleted once it is there: nobody waits for that.
        let (app, speaker, id) = (Arc::clone(app), speaker.clone(), picture.id);
        tokio::spawn(async move { attachments::delete(&app, &speaker, id).await });
        return Ok(());
    }
    match attachments::delete(app, speaker, picture.id).await {
        Err(Refused::NotFound) => Ok(()),
        deleted => deleted,
    }
}

/// Shows what was worked on and is there by now; takes away what could not be made, and says why.
async fn look_again(app: &App, speaker: &Speaker, pictures: &mut Vec<Picture>) -> Result<(), Refused> {
    let mut at = 0;
    while at < pictures.len() {
        if pictures[at].small == Small::Working {
            match attachments::read(app, speaker, pictures[at].id).await {
                Ok(Progress::Working(_)) => {}
                Ok(Progress::Done(one)) => pictures[at].small = of(&one).small,
                Err(refused) => {
                    pictures.remove(at);
                    return Err(match refused {
                        // The server was started anew meanwhile.
                        Refused::NotFound => Refused::invalid("file", EN.not_made),
                        refused => refused,
                    });
                }
            }
        }
        at += 1;
    }
    Ok(())
}

/// Takes files in, and gives what they carried.
async fn take_in(
    app: &Arc<App>,
    speaker: &Speaker,
    pictures: &mut Vec<Picture>,
    files: Vec<Vec<u8>>,
) -> Result<Carried, Refused> {
    let mut carried = Carried::default();
    for file in files {
        if pictures.len() >= MOST {
            return Err(Refused::invalid("file", EN.too_many_pictures));
        }
        let new = New {
            file,
            description: String::new(),
            focus: Focus::default(),
            tells: true,
        };
        pictures.push(
            match attachments::upload(app, speaker, new, Wait::ForPictures).await? {
                Uploaded::Done(one, found) => {
                    carried.kinds = carried.kinds.with(found.kinds);
                    carried.values.extend(found.values);
                    of(&one)
                }
                Uploaded::Working(id, _) => Picture {
                    number: 0,
                    id,
                    small: Small::Working,
                    said: String::new(),
                },
            },
        );
    }
    Ok(carried)
}

/// What files carried of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it is.
    pub kind: &'static str,
    /// What the files said, where that was text.
    pub values: Vec<String>,
}

/// What was found, in our words and theirs.
fn told(found: &Carried) -> Vec<Told> {
    let kinds = [
        (Found::PLACE, EN.found_place),
        (Found::DEVICE, EN.found_device),
        (Found::PERSON, EN.found_person),
        (Found::TIME, EN.found_time),
        (Found::PROGRAM, EN.found_program),
        (Found::TEXT, EN.found_text),
        (Found::SMALL_PICTURE, EN.found_small_picture),
        (Found::HISTORY, EN.found_history),
        (Found::TAIL, EN.found_tail),
        (Found::OTHER, EN.found_other),
    ];
    kinds
        .into_iter()
        .filter(|(kind, _)| found.kinds.has(*kind))
        .map(|(kind, name)| {
            let values = found.values.iter().filter(|(of, _)| *of == kind);
            Told {
                kind: name,
                values: values.map(|(_, value)| value.clone()).collect(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_names_is_read_and_what_makes_no_sense_is_left_out() {
        let fields = Fields {
            media: "5.6,<b>.2,7.w,9.s".into(),
            alt1: "a bridge".into(),
            drop2: "yes".into(),
            ..Fields::default()
        };
        let pictures = fields.pictures();
        assert_eq!(
            pictures.iter().map(|one| one.id.get()).collect::<Vec<_>>(),
            [5, 7, 9]
        );
        let small: Vec<Small> = pictures.iter().map(|one| one.small).collect();
        assert_eq!(
            small,
            [Small::File(MediaId::new(6)), Small::Working, Small::Sound]
        );
        assert_eq!(pictures[0].said, "a bridge");
        assert!(fields.wants_words());
        let (kept, gone) = fields.kept();
        assert_eq!((kept.len(), gone[0].id), (2, MediaId::new(7)));
        let mut again = Fields::default();
        again.set_pictures(&pictures);
        assert_eq!(again.media, "5.6,7.w,9.s");
        let fields = Fields {
            media: "5.6,x.1,<b>.2,7.7,8".into(),
            ..Fields::default()
        };
        let ids: Vec<i64> = fields.pictures().iter().map(|one| one.id.get()).collect();
        assert_eq!(ids, [5, 7]);
    }
}
