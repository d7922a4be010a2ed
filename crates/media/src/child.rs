//! The child, `bauta worker`: enters its sandbox, decodes one picture or one page of a paper, ends.
//!
//! One and not many: a child that a malicious file has taken over never sees another person's file, and an
//! idle server has no child at all.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use crate::wire::{GREETING, Job, JobHead, Outcome};
use crate::{MAX_FILE_BYTES, decode, page, sandbox};

/// The exit status when the sandbox could not be set up; nothing was read then.
const NO_SANDBOX: u8 = 3;

/// The whole of `bauta worker`. It must be called before the program starts threads or opens anything.
pub fn worker_main() -> ExitCode {
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
