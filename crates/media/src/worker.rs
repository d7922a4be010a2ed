//! The parent's side: hands a file to a child, takes pixels back, encodes them.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use bauta_model::{Event, emit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::MAX_FILE_BYTES;
use crate::encode::encode;
use crate::film::Films;
use crate::format::Format;
use crate::rebuilt::{self, Rebuilt};
use crate::sandbox::Sandbox;
use crate::wire::{GREETING, Job, JobHead, Outcome, PageHead, Shape};

/// Children at a time. Each may take all of a processor and half a gigabyte.
const CHILDREN: usize = 2;
/// Files that may wait or be worked on at a time; more would hold too much memory.
const PLACES: usize = 16;
/// How long a child may take in all, on a busy machine too. Its processor time has a limit of its own.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// Beside every post of an account: 400 × 400 pixels.
    Avatar,
    /// On top of an account's page: 1500 × 500 pixels.
    Header,
}

impl PictureKind {
    const fn shape(self) -> Shape {
        match self {
            Self::Avatar => Shape {
                width: 400,
                height: 400,
            },
            Self::Header => Shape {
                width: 1500,
                height: 500,
            },
        }
    }
}

/// A picture rebuilt from its pixels. The same pixels always give the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The file: JPEG, or PNG where there is transparency or where it is smaller without loss; GIF where it moves.
    pub bytes: Vec<u8>,
    /// `image/jpeg`, `image/png` or `image/gif`.
    pub mime: &'static str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Why a picture is not taken. The texts are for the person who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// A format that is not taken.
    #[error("{}", advice(*.0))]
    Format(Format),
    /// Above [`MAX_FILE_BYTES`].
    #[error("this file has more than 16 MB: make the picture smaller and send it again")]
    TooLarge,
    /// Above [`crate::MAX_PIXELS`] or [`crate::MAX_SIDE`].
    #[error(
        "this picture has more than 40 million pixels, or a side above 12,000: make it smaller and send it again"
    )]
    TooManyPixels,
    /// Broken, cut off, or made to break the decoder.
    #[error("this picture can't be read: save it again as JPEG or PNG, and send that")]
    Unreadable,
    /// Above [`crate::MAX_FILM_BYTES`], or too large once it was encoded again.
    #[error("this film or sound has more than 40 MB: make it smaller or shorter, and send it again")]
    FilmTooLarge,
    /// Above [`crate::MAX_FILM_SECONDS`], or so much work that the server gave up.
    #[error(
        "this film or sound lasts longer than 5 minutes, or takes too long to read: cut it, and send it again"
    )]
    FilmTooLong,
    /// Broken, cut off, or in a coding that is not taken.
    #[error("this film or sound can't be read: save it again as MP4 (H.264), WebM or MP3, and send that")]
    FilmUnreadable,
    /// There is no ffmpeg.
    #[error("this server takes no films and no sounds, only pictures: its operator has not installed ffmpeg")]
    NoFilms,
    /// Too many pictures are waiting.
    #[error("many pictures are being worked on: try again in a minute")]
    Busy,
    /// No child could be started, or it could not enter its sandbox. `bauta doctor` says why.
    #[error("this server can't work on pictures right now")]
    NoWorker,
}

impl MediaError {
    /// The server is at fault, not the picture: 503, not 422.
    pub const fn is_ours(&self) -> bool {
        matches!(self, Self::Busy | Self::NoWorker)
    }
}

const fn advice(format: Format) -> &'static str {
    match format {
        Format::Avif => "AVIF pictures are not taken: save it as JPEG or PNG, and send that",
        Format::Heic => {
            "HEIC pictures are not taken: set the camera to \"most compatible\", or save it as JPEG"
        }
        Format::Svg => "SVG drawings are not taken: export it as PNG, and send that",
        Format::Pdf | Format::Document => {
            "documents are not taken: in the file stand who wrote it, with which program and when, and often what was \
             deleted; a printed and scanned page can carry the printer's number as yellow dots. Make a picture of the part \
             that matters, save it as PNG, and send that"
        }
        _ => {
            "this is not a picture in JPEG, PNG, WebP or GIF, nor a film or sound in MP4, WebM, MP3, Ogg, FLAC or WAV"
        }
    }
}

/// Hands files to children, at most two at a time. Copies share the limit.
#[derive(Clone, Debug)]
pub struct Worker {
    pub(crate) program: PathBuf,
    children: Arc<Semaphore>,
    places: Arc<Semaphore>,
    pub(crate) films: Option<Arc<Films>>,
}

impl Worker {
    /// `program worker` must call [`crate::worker_main`]; `program` is an absolute path, since children start in the root
    /// directory. `/proc/self/exe` is this program, even after an update has
    /// replaced its file.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            children: Arc::new(Semaphore::new(CHILDREN)),
            places: Arc::new(Semaphore::new(PLACES)),
            films: None,
        }
    }

    /// The same, with ffmpeg for films and sounds: an absolute path, or none.
    #[must_use]
    pub fn with_ffmpeg(mut self, ffmpeg: Option<PathBuf>) -> Self {
        self.films = ffmpeg.map(|program| Arc::new(Films::new(program)));
        self
    }

    /// Rebuilds a picture: its middle, in the size that `kind` has, upright, from pixels alone.
    ///
    /// # Errors
    /// [`MediaError`], with a sentence for the person who sent the picture.
    pub async fn picture(&self, kind: PictureKind, bytes: Vec<u8>) -> Result<Picture, MediaError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(MediaError::TooLarge);
        }
        let format = Format::of(&bytes);
        if !format.is_taken() {
            return Err(MediaError::Format(format));
        }
        let _place = self.places.try_acquire().map_err(|_| MediaError::Busy)?;
        let _turn = self.children.acquire().await.map_err(|_| MediaError::NoWorker)?;
        let shape = kind.shape();
        let pixels = self.rebuild(shape, &bytes).await?;
        drop(bytes);
        tokio::task::spawn_blocking(move || encode(&pixels.rgba, shape, pixels.lossy))
            .await
            .map_err(|_| MediaError::NoWorker)
    }

    async fn rebuild(&self, shape: Shape, bytes: &[u8]) -> Result<Pixels, MediaError> {
        let (mut child, _) = start(&self.program).await?;
        let answer = timeout(PATIENCE, exchange(&mut child, shape, bytes)).await;
        end(child, answer, MediaError::Unreadable).await
    }

    /// Rebuilds the medium of a post: whole, upright, from pixels alone, with a smaller form of it.
    ///
    /// # Errors
    /// [`MediaError`], with a sentence for the person who sent the file.
    pub async fn attachment(&self, bytes: Vec<u8>) -> Result<Rebuilt, MediaError> {
        self.attachment_of(bytes, false).await
    }

    /// As [`Worker::attachment`], and tells what the file says of its maker in its own words: for whoever sent it.
    ///
    /// # Errors
    /// [`MediaError`], with a sentence for the person who sent the file.
    pub async fn attachment_and_said(&self, bytes: Vec<u8>) -> Result<Rebuilt, MediaError> {
        self.attachment_of(bytes, true).await
    }

    async fn attachment_of(&self, bytes: Vec<u8>, tells: bool) -> Result<Rebuilt, MediaError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(MediaError::TooLarge);
        }
        let format = Format::of(&bytes);
        if !format.is_taken() {
            return Err(MediaError::Format(format));
        }
        let _place = self.places.try_acquire().map_err(|_| MediaError::Busy)?;
        let _turn = self.children.acquire().await.map_err(|_| MediaError::NoWorker)?;
        let (mut child, _) = start(&self.program).await?;
        let answer = timeout(PATIENCE, rebuilt::exchange(&mut child, &bytes, tells)).await;
        let raw = end(child, answer, MediaError::Unreadable).await?;
        #[cfg(feature = "weaken")]
        if bauta_memory::weaken::is(bauta_memory::weaken::PICTURES) {
            let mut kept = raw.encode().await?;
            kept.file.bytes = bytes;
            return Ok(kept);
        }
        drop(bytes);
        raw.encode().await
    }

    /// One page of a paper as a child draws it; of [`PaperError`](crate::PaperError) it leaves the words to its caller.
    pub(crate) async fn page(&self, page: u16, bytes: &[u8]) -> Result<(PageHead, Vec<u8>), PageFailed> {
        let _place = self.places.try_acquire().map_err(|_| PageFailed::Busy)?;
        let _turn = self.children.acquire().await.map_err(|_| PageFailed::NoWorker)?;
        let (mut child, _) = start(&self.program).await.map_err(|_| PageFailed::NoWorker)?;
        let answer = timeout(PATIENCE, exchange_page(&mut child, page, bytes)).await;
        end(child, answer, PageFailed::Outcome(Outcome::Unreadable)).await
    }
}

/// Why a page did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageFailed {
    /// The child's answer.
    Outcome(Outcome),
    /// Too much is waiting.
    Busy,
    /// No child could be started.
    NoWorker,
}

/// Ends a child and gives its answer. One that died, hung or babbled gave none: the file is to blame until shown
/// otherwise.
async fn end<T, E>(
    mut child: Child,
    answer: Result<std::io::Result<Result<T, E>>, tokio::time::error::Elapsed>,
    blame: E,
) -> Result<T, E> {
    let _ = child.kill().await;
    if let Ok(Ok(answer)) = answer {
        return answer;
    }
    emit(Event::WorkerRestarted);
    Err(blame)
}

/// Starts a child and asks how much of its sandbox stands. For `bauta doctor`.
///
/// # Errors
/// [`MediaError::NoWorker`] when no child starts, or a part of the sandbox that must stand does not.
pub async fn sandbox_status(program: &Path) -> Result<Sandbox, MediaError> {
    let (mut child, sandbox) = start(program).await?;
    let _ = child.kill().await;
    Ok(sandbox)
}

/// A child that has greeted. It inherits no environment, no directory and three descriptors.
async fn start(program: &Path) -> Result<(Child, Sandbox), MediaError> {
    let mut child = Command::new(program)
        .arg("worker")
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|_| MediaError::NoWorker)?;
    let mut greeting = [0; 2];
    let stdout = child.stdout.as_mut().ok_or(MediaError::NoWorker)?;
    let greeted = timeout(PATIENCE, stdout.read_exact(&mut greeting)).await;
    match (greeted, greeting) {
        (Ok(Ok(_)), [GREETING, code]) => {
            let sandbox = Sandbox::from_code(code).ok_or(MediaError::NoWorker)?;
            Ok((child, sandbox))
        }
        _ => Err(MediaError::NoWorker),
    }
}

/// What a child gave back.
struct Pixels {
    rgba: Vec<u8>,
    lossy: bool,
}

/// Sends the job and reads the answer. The child reads all of its job before it answers, so neither can block the
/// other; what it gives is as long as was asked for, or an error.
async fn exchange(
    child: &mut Child,
    shape: Shape,
    bytes: &[u8],
) -> std::io::Result<Result<Pixels, MediaError>> {
    match ask(child, Job::Picture(shape), bytes).await? {
        (Outcome::Done, mut answer) => {
            let lossy = answer.read_u8().await? != 0;
            let mut rgba = vec![0; shape.rgba_bytes()];
            answer.read_exact(&mut rgba).await?;
            Ok(Ok(Pixels { rgba, lossy }))
        }
        (Outcome::TooManyPixels, _) => Ok(Err(MediaError::TooManyPixels)),
        _ => Ok(Err(MediaError::Unreadable)),
    }
}

/// The same for a page, whose size the child tells, within bounds.
async fn exchange_page(
    child: &mut Child,
    page: u16,
    bytes: &[u8],
) -> std::io::Result<Result<(PageHead, Vec<u8>), PageFailed>> {
    match ask(child, Job::Page(page), bytes).await? {
        (Outcome::Done, mut answer) => {
            let mut head = [0; PageHead::BYTES];
            answer.read_exact(&mut head).await?;
            let head = PageHead::from_bytes(head).ok_or(std::io::ErrorKind::InvalidData)?;
            let mut rgb = vec![0; head.rgb_bytes()];
            answer.read_exact(&mut rgb).await?;
            Ok(Ok((head, rgb)))
        }
        (outcome, _) => Ok(Err(PageFailed::Outcome(outcome))),
    }
}

/// Sends a job; gives its outcome and where the rest of the answer comes from.
pub(crate) async fn ask(
    child: &mut Child,
    job: Job,
    bytes: &[u8],
) -> std::io::Result<(Outcome, ChildStdout)> {
    let (Some(mut stdin), Some(mut stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(std::io::ErrorKind::BrokenPipe.into());
    };
    let length = bytes.len() as u32;
    stdin.write_all(&JobHead { job, length }.to_bytes()).await?;
    stdin.write_all(bytes).await?;
    drop(stdin);
    let outcome = Outcome::from_code(stdout.read_u8().await?).ok_or(std::io::ErrorKind::InvalidData)?;
    Ok((outcome, stdout))
}
