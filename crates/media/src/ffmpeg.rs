//! The child that becomes ffmpeg: `bauta worker PROGRAM JOB FORMAT` enters a sandbox and runs PROGRAM in its place.
//!
//! Its file is standard input and what it makes is standard output, both files in memory, because MP4 has to be read
//! and written at more than one place. The format is told and not guessed, and only decoders of a short list are used:
//! what ffmpeg could do beside is not asked of it.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::child::NO_SANDBOX;
use crate::{MAX_FILM_PIXELS, MAX_FILM_RATE, MAX_FILM_SECONDS, sandbox};

/// The most that is written, in bytes: five minutes at the highest rate below stay under it.
pub(crate) const MAX_WRITTEN: u64 = 80 << 20;

/// What ffmpeg is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// The first pictures and the first sound that are in it, as MP4.
    Film,
    /// The first sound alone, as MP4.
    Sound,
    /// The first picture, as JPEG.
    Still,
}

impl Job {
    const ALL: [Self; 3] = [Self::Film, Self::Sound, Self::Still];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Film => "film",
            Self::Sound => "sound",
            Self::Still => "still",
        }
    }

    fn of_word(word: &OsStr) -> Option<Self> {
        Self::ALL.into_iter().find(|job| word == job.word())
    }
}

/// Decoders of films and sounds as people have them. Covers of records are pictures, which no decoder here reads.
const DECODERS: &str = "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,libdav1d,av1,mpeg4,h263,aac,mp3,mp3float,opus,libopus,vorbis,flac,\
                        alac,pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_s16be,pcm_alaw,pcm_mulaw";

/// At most 1,280 × 720 or as many pixels in other proportions, in even numbers, in the one form that all apps play.
const SMALLER: &str = "scale=w='max(2,trunc(iw*min(1,sqrt(921600/(iw*ih)))/2)*2)':\
                       h='max(2,trunc(ih*min(1,sqrt(921600/(iw*ih)))/2)*2)',setsar=1,format=yuv420p";

/// Does not come back where all is well: the process is ffmpeg then.
pub(crate) fn become_it(arguments: &[OsString]) -> ExitCode {
    let [program, job, format] = arguments else {
        return ExitCode::FAILURE;
    };
    let Some(job) = Job::of_word(job) else {
        return ExitCode::FAILURE;
    };
    if sandbox::enter_for(Path::new(program), MAX_WRITTEN).is_err() {
        return ExitCode::from(NO_SANDBOX);
    }
    let mut command = Command::new(program);
    command
        .args(["-nostdin", "-hide_banner", "-loglevel", "quiet", "-xerror"])
        .args(["-protocol_whitelist", "file,pipe", "-threads", "1"])
        .args(["-max_pixels", &MAX_FILM_PIXELS.to_string()])
        .args(["-codec_whitelist", DECODERS, "-f"])
        .arg(format)
        .args(["-i", "file:/proc/self/fd/0"])
        .args(wanted(job))
        .args(["-y", "file:/proc/self/fd/1"])
        .env_clear();
    let _ = command.exec();
    ExitCode::FAILURE
}

/// What is to be made. One second more than is allowed, so that what is too long shows.
fn wanted(job: Job) -> Vec<String> {
    let longest = (MAX_FILM_SECONDS + 1).to_string();
    let rate = MAX_FILM_RATE.to_string();
    let pictures = [
        "-map",
        "0:V:0?",
        "-filter_threads",
        "1",
        "-vf",
        SMALLER,
        "-fpsmax",
        &rate,
        "-c:v",
        "libx264",
        "-threads",
        "2",
        "-preset",
        "veryfast",
        "-profile:v",
        "high",
        "-crf",
        "24",
        "-maxrate",
        "1600k",
        "-bufsize",
        "3200k",
        // x264 writes its settings and version into a unit of this type.
        "-bsf:v",
        "filter_units=remove_types=6",
    ];
    let sound = [
        "-map", "0:a:0?", "-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "44100",
    ];
    let file = [
        "-t",
        &longest,
        "-map_metadata",
        "-1",
        "-map_chapters",
        "-1",
        "-sn",
        "-dn",
        "-fflags",
        "+bitexact",
        "-flags",
        "+bitexact",
        "-movflags",
        "+faststart",
        "-f",
        "mp4",
    ];
    let still = [
        "-map",
        "0:V:0",
        "-frames:v",
        "1",
        "-c:v",
        "mjpeg",
        "-pix_fmt",
        "yuvj420p",
        "-q:v",
        "2",
        "-f",
        "mjpeg",
    ];
    let parts: &[&[&str]] = match job {
        Job::Film => &[&pictures, &sound, &file],
        Job::Sound => &[&sound, &file],
        Job::Still => &[&still],
    };
    parts.concat().into_iter().map(str::to_owned).collect()
}
