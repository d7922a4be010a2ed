//! The parent's side for the medium of a post: takes pixels from the child and makes files of them.

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Child;
use tokio::task::JoinHandle;

use crate::MAX_FILE_BYTES;
use crate::animate::{Still, gif_file};
use crate::blurhash::blurhash;
use crate::carried::{MOST_BYTES, values};
use crate::encode::{encode, encode_whole};
use crate::found::Found;
use crate::wire::{AttachmentHead, FrameHead, Job, Outcome};
use crate::worker::{MediaError, Picture, ask};

/// The medium of a post, rebuilt. The same pixels always give the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// The whole of it.
    pub file: Picture,
    /// Its smaller form: a picture that stands still.
    pub preview: Picture,
    /// It moves.
    pub moves: bool,
    /// Its colours in a few letters.
    pub blurhash: String,
    /// What the file carried beside its pixels, and what is gone now.
    pub found: Found,
    /// Some of that in its own words, where it was asked for.
    pub values: Vec<(Found, String)>,
}

/// What a child gave.
pub(crate) struct Raw {
    head: AttachmentHead,
    /// Being encoded since its last pixel came; nothing for an animation.
    file: Option<JoinHandle<Picture>>,
    frames: Vec<Still>,
    preview: Vec<u8>,
    values: Vec<(Found, String)>,
}

/// Sends the file and reads pixels. What the child claims is checked before anything is allocated for it.
pub(crate) async fn exchange(
    child: &mut Child,
    bytes: &[u8],
    tells: bool,
) -> std::io::Result<Result<Raw, MediaError>> {
    let mut answer = match ask(child, Job::Attachment { tells }, bytes).await? {
        (Outcome::Done, answer) => answer,
        (Outcome::TooManyPixels, _) => return Ok(Err(MediaError::TooManyPixels)),
        _ => return Ok(Err(MediaError::Unreadable)),
    };
    let mut head = [0; AttachmentHead::BYTES];
    answer.read_exact(&mut head).await?;
    let head = AttachmentHead::from_bytes(head).ok_or(std::io::ErrorKind::InvalidData)?;
    let mut file = None;
    let mut frames = Vec::new();
    if head.frames == 0 {
        let pixels = usize::from(head.shape.width) * usize::from(head.shape.height);
        let mut samples = vec![0; pixels * usize::from(head.channels)];
        answer.read_exact(&mut samples).await?;
        file = Some(tokio::task::spawn_blocking(move || {
            encode_whole(&samples, head.channels, head.shape, head.lossy)
        }));
    }
    let mut left = crate::MAX_ANIMATION_PIXELS as usize;
    for _ in 0..head.frames {
        frames.push(read_frame(&mut answer, &mut left).await?);
    }
    let mut preview = vec![0; head.preview.rgba_bytes()];
    answer.read_exact(&mut preview).await?;
    let mut said = Vec::new();
    if tells {
        let length = usize::from(answer.read_u16_le().await?);
        said = vec![0; length.min(MOST_BYTES)];
        answer.read_exact(&mut said).await?;
    }
    Ok(Ok(Raw {
        values: values(&said),
        head,
        file,
        frames,
        preview,
    }))
}

async fn read_frame(answer: &mut (impl AsyncRead + Unpin), left: &mut usize) -> std::io::Result<Still> {
    let mut head = [0; FrameHead::BYTES];
    answer.read_exact(&mut head).await?;
    let head = FrameHead::from_bytes(head).ok_or(std::io::ErrorKind::InvalidData)?;
    *left = left
        .checked_sub(head.pixels())
        .ok_or(std::io::ErrorKind::InvalidData)?;
    let mut palette = vec![0; usize::from(head.colours) * 3];
    answer.read_exact(&mut palette).await?;
    let mut pixels = vec![0; head.pixels()];
    answer.read_exact(&mut pixels).await?;
    Ok(Still {
        left: head.left,
        top: head.top,
        width: head.shape.width,
        height: head.shape.height,
        delay: head.delay,
        disposal: head.disposal,
        transparent: head.transparent,
        palette,
        pixels,
    })
}

impl Raw {
    /// The files. What takes a while is done on blocking threads.
    pub(crate) async fn encode(self) -> Result<Rebuilt, MediaError> {
        let Self {
            head,
            file,
            frames,
            preview,
            values,
        } = self;
        let moves = file.is_none();
        let rest = tokio::task::spawn_blocking(move || {
            let (width, height) = (usize::from(head.preview.width), usize::from(head.preview.height));
            let hash = blurhash(&preview, width, height);
            let animation = moves.then(|| animation(head, frames));
            (animation, hash, encode(&preview, head.preview, head.lossy))
        });
        let (animation, blurhash, preview) = rest.await.map_err(|_| MediaError::NoWorker)?;
        let file = match (file, animation) {
            (Some(file), _) => file.await.map_err(|_| MediaError::NoWorker)?,
            (None, Some(animation)) => animation?,
            (None, None) => return Err(MediaError::NoWorker),
        };
        Ok(Rebuilt {
            file,
            moves,
            blurhash,
            found: Found::from_code(head.found),
            values,
            preview,
        })
    }
}

fn animation(head: AttachmentHead, frames: Vec<Still>) -> Result<Picture, MediaError> {
    let (width, height) = (head.shape.width, head.shape.height);
    let bytes = gif_file(width, height, frames, MAX_FILE_BYTES).ok_or(MediaError::TooLarge)?;
    Ok(Picture {
        bytes,
        mime: "image/gif",
        width: width.into(),
        height: height.into(),
    })
}
