//! The child, `bauta worker`: enters its sandbox, decodes one picture or one page of a paper, ends.
//!
//! One and not many: a child that a malicious file has taken over never sees another person's file, and an
//! idle server has no child at all.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use crate::animate::Still;
use crate::wire::{AttachmentHead, FrameHead, GREETING, Job, JobHead, Outcome, Shape};
use crate::{MAX_FILE_BYTES, attach, decode, ffmpeg, page, sandbox};

/// The exit status when the sandbox could not be set up; nothing was read then.
pub(crate) const NO_SANDBOX: u8 = 3;

/// The whole of `bauta worker`. It must be called before the program starts threads or opens anything.
///
/// Called as `bauta worker PROGRAM JOB FORMAT` it becomes ffmpeg, which takes its file from standard input.
pub fn worker_main() -> ExitCode {
    let more: Vec<_> = std::env::args_os().skip(2).collect();
    if !more.is_empty() {
        return ffmpeg::become_it(&more);
    }
    let Ok(sandbox) = sandbox::enter() else {
        return ExitCode::from(NO_SANDBOX);
    };
    let served = greet(sandbox).and_then(|()| serve());
    if served.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn greet(sandbox: sandbox::Sandbox) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(&[GREETING, sandbox.code()])?;
    out.flush()
}

/// Reads a job and answers it. A parent that only asks about the sandbox sends none.
fn serve() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut head = [0; JobHead::BYTES];
    input.read_exact(&mut head)?;
    let head = JobHead::from_bytes(head);
    let length = head.length as usize;
    if length > MAX_FILE_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    match head.job {
        Job::Picture(shape) => answer(decode::rebuild(&bytes, shape)),
        Job::Page(number) => answer_page(page::draw(bytes, number)),
        Job::Attachment { tells } => answer_attachment(attach::prepare(&bytes, tells), tells),
    }
}

fn answer(rebuilt: Result<decode::Rebuilt, Outcome>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match rebuilt {
        Ok(picture) => {
            out.write_all(&[Outcome::Done.code(), u8::from(picture.lossy)])?;
            out.write_all(&picture.rgba)?;
        }
        Err(outcome) => out.write_all(&[outcome.code()])?,
    }
    out.flush()
}

fn answer_page(drawn: Result<page::Drawn, Outcome>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match drawn {
        Ok(page) => {
            out.write_all(&[Outcome::Done.code()])?;
            out.write_all(&page.head.to_bytes())?;
            out.write_all(&page.rgb)?;
        }
        Err(outcome) => out.write_all(&[outcome.code()])?,
    }
    out.flush()
}

fn answer_attachment(prepared: Result<attach::Prepared, Outcome>, tells: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match prepared {
        Ok(made) => {
            let head = AttachmentHead {
                lossy: made.lossy(),
                found: made.found.kinds.code(),
                channels: made.channels,
                shape: made.shape,
                preview: made.preview_shape(),
                frames: made.frames.len() as u16,
            };
            out.write_all(&[Outcome::Done.code()])?;
            out.write_all(&head.to_bytes())?;
            out.write_all(made.samples())?;
            for frame in &made.frames {
                write_frame(&mut out, frame)?;
            }
            // The parent encodes what it has, while the smaller form is made.
            out.flush()?;
            out.write_all(&made.preview())?;
            if tells {
                let values = made.found.to_bytes();
                out.write_all(&(values.len() as u16).to_le_bytes())?;
                out.write_all(&values)?;
            }
        }
        Err(outcome) => out.write_all(&[outcome.code()])?,
    }
    out.flush()
}

fn write_frame(out: &mut impl Write, frame: &Still) -> io::Result<()> {
    let head = FrameHead {
        left: frame.left,
        top: frame.top,
        shape: Shape {
            width: frame.width,
            height: frame.height,
        },
        delay: frame.delay,
        colours: (frame.palette.len() / 3) as u16,
        disposal: frame.disposal,
        transparent: frame.transparent,
    };
    out.write_all(&head.to_bytes())?;
    out.write_all(&frame.palette)?;
    out.write_all(&frame.pixels)
}
