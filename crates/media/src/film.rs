//! Films and sounds: decoded and encoded again by ffmpeg, and looked at before they are kept.
//!
//! A stream that is copied keeps what its encoder wrote between the pictures, so none is ever copied. What comes out is
//! MP4 with H.264 and AAC, which all apps play; its boxes are checked against a list, so that a file in which ffmpeg left
//! anything else is refused. One film at a time: each takes processors and memory for minutes.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use bauta_model::{Event, emit};
use rustix::fs::{MemfdFlags, memfd_create};
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::child::NO_SANDBOX;
use crate::ffmpeg::{Job, MAX_WRITTEN};
use crate::format::Format;
use crate::mp4::{self, Tracks};
use crate::worker::{MediaError, Picture, Worker};
use crate::{MAX_FILE_BYTES, MAX_FILM_BYTES, MAX_FILM_SECONDS};

/// Films that may wait or be worked on at a time.
const PLACES: usize = 4;
/// How long ffmpeg may take in all. Its processor time has a limit of its own.
const PATIENCE: Duration = Duration::from_mins(15);

/// A film or a sound, encoded again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Film {
    /// MP4: `video/mp4`, or `audio/mp4` without pictures. A sound has no width and no height.
    pub file: Picture,
    /// The first picture, rebuilt as every picture is; none for a sound.
    pub preview: Option<Picture>,
    /// Its colours in a few letters; empty for a sound.
    pub blurhash: String,
    /// How long it lasts, begun seconds counted.
    pub seconds: u32,
}

/// The program for films, and whose turn it is.
#[derive(Debug)]
pub(crate) struct Films {
    program: PathBuf,
    turn: Semaphore,
    places: Semaphore,
}

impl Films {
    pub(crate) const fn new(program: PathBuf) -> Self {
        Self {
            program,
            turn: Semaphore::const_new(1),
            places: Semaphore::const_new(PLACES),
        }
    }
}

impl Worker {
    /// True where there is a program for films and sounds.
    pub const fn takes_films(&self) -> bool {
        self.films.is_some()
    }

    /// Encodes a film or a sound again, from its pictures and samples alone.
    ///
    /// # Errors
    /// [`MediaError`], with a sentence for the person who sent the file.
    pub async fn film(&self, bytes: Vec<u8>) -> Result<Film, MediaError> {
        let Some(films) = &self.films else {
            return Err(MediaError::NoFilms);
        };
        if bytes.len() > MAX_FILM_BYTES {
            return Err(MediaError::FilmTooLarge);
        }
        let (job, format) = demuxer(Format::of(&bytes))?;
        let _place = films.places.try_acquire().map_err(|_| MediaError::Busy)?;
        let turn = films.turn.acquire().await.map_err(|_| MediaError::NoWorker)?;
        let sent = Scratch::holding(&bytes)?;
        drop(bytes);
        let mut made = self.run(films, job, format, sent).await?;
        let mut bytes = made.read(MAX_WRITTEN)?;
        // More than either was asked for: made to break something, or a program that does not do as it is told.
        let tracks = mp4::check(&mut bytes).ok_or(MediaError::FilmUnreadable)?;
        if tracks.seconds > MAX_FILM_SECONDS {
            return Err(MediaError::FilmTooLong);
        }
        let still = if tracks.size.is_some() {
            let mut still = self.run(films, Job::Still, "mov", made).await?;
            Some(still.read(MAX_FILE_BYTES as u64)?)
        } else {
            None
        };
        drop(turn);
        self.finish(bytes, tracks, still).await
    }

    async fn finish(
        &self,
        bytes: Vec<u8>,
        tracks: Tracks,
        still: Option<Vec<u8>>,
    ) -> Result<Film, MediaError> {
        let (width, height) = tracks.size.unwrap_or_default();
        let mime = if tracks.size.is_some() {
            "video/mp4"
        } else {
            "audio/mp4"
        };
        let file = Picture {
            bytes,
            mime,
            width,
            height,
        };
        let (preview, blurhash) = match still {
            Some(still) => {
                let rebuilt = self.attachment(still).await?;
                (Some(rebuilt.preview), rebuilt.blurhash)
            }
            None => (None, String::new()),
        };
        Ok(Film {
            file,
            preview,
            blurhash,
            seconds: tracks.seconds,
        })
    }

    /// Lets ffmpeg do one job on a file, and gives what it made.
    async fn run(&self, films: &Films, job: Job, format: &str, sent: Scratch) -> Result<Scratch, MediaError> {
        let made = Scratch::new()?;
        let mut child = Command::new(&self.program)
            .arg("worker")
            .arg(&films.program)
            .args([job.word(), format])
            .env_clear()
            .current_dir("/")
            .stdin(sent.as_standard()?)
            .stdout(made.as_standard()?)
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|_| MediaError::NoWorker)?;
        let ended = timeout(PATIENCE, child.wait()).await;
        let Ok(Ok(status)) = ended else {
            let _ = child.kill().await;
            emit(Event::WorkerRestarted);
            return Err(MediaError::FilmTooLong);
        };
        judge(status).map(|()| made)
    }
}

/// What to do with a format, and its name for ffmpeg, which does not get to guess.
const fn demuxer(format: Format) -> Result<(Job, &'static str), MediaError> {
    Ok(match format {
        Format::Mp4 => (Job::Film, "mov"),
        Format::WebM => (Job::Film, "matroska"),
        Format::Mp3 => (Job::Sound, "mp3"),
        Format::Ogg => (Job::Sound, "ogg"),
        Format::Flac => (Job::Sound, "flac"),
        Format::Wav => (Job::Sound, "wav"),
        other => return Err(MediaError::Format(other)),
    })
}

fn judge(status: ExitStatus) -> Result<(), MediaError> {
    if status.success() {
        return Ok(());
    }
    match (status.code(), status.signal()) {
        (Some(code), _) if code == i32::from(NO_SANDBOX) => Err(MediaError::NoWorker),
        (_, Some(libc::SIGXFSZ)) => Err(MediaError::FilmTooLarge),
        (_, Some(libc::SIGXCPU | libc::SIGKILL)) => Err(MediaError::FilmTooLong),
        _ => Err(MediaError::FilmUnreadable),
    }
}

/// A file in memory, without a name, which is written over with zeros at its end.
struct Scratch(File);

impl Scratch {
    fn new() -> Result<Self, MediaError> {
        memfd_create("", MemfdFlags::CLOEXEC)
            .map(|file| Self(File::from(file)))
            .map_err(|_| MediaError::NoWorker)
    }

    fn holding(bytes: &[u8]) -> Result<Self, MediaError> {
        let mut scratch = Self::new()?;
        scratch.0.write_all(bytes).map_err(|_| MediaError::NoWorker)?;
        Ok(scratch)
    }

    fn as_standard(&self) -> Result<Stdio, MediaError> {
        self.0
            .try_clone()
            .map(Stdio::from)
            .map_err(|_| MediaError::NoWorker)
    }

    fn read(&mut self, most: u64) -> Result<Vec<u8>, MediaError> {
        self.0.rewind().map_err(|_| MediaError::NoWorker)?;
        let length = self.0.metadata().map_err(|_| MediaError::NoWorker)?.len();
        if length > most {
            return Err(MediaError::FilmTooLarge);
        }
        // At once as long as it will be: a vector that grows would leave copies to be wiped.
        let mut bytes = vec![0; length as usize];
        self.0.read_exact(&mut bytes).map_err(|_| MediaError::NoWorker)?;
        Ok(bytes)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let length = self.0.metadata().map_or(0, |data| data.len());
        let zeros = std::io::repeat(0).take(length);
        let _ = self.0.rewind();
        let _ = std::io::copy(&mut { zeros }, &mut self.0);
    }
}

/// The first ffmpeg of a list of folders, as `PATH` is; its real place, because the process may run only that.
pub fn find_ffmpeg(folders: &std::ffi::OsStr) -> Option<PathBuf> {
    std::env::split_paths(folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join("ffmpeg"))
        .find(|path| is_program(path))
        .and_then(|path| path.canonicalize().ok())
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
