//! `bauta-verify`: the check as a small program of its own, for readers who want nothing else of Bauta.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use bauta_verify::{Asked, Folder, verify};

const USAGE: &str = "\
Usage: bauta-verify FOLDER [--policy FILE] [--receipt FILE]… [--previous FILE]…

Checks a transparency log and the report that was made from it, without a network.
FOLDER is what `bauta report build` wrote, or a copy of a log's own folder.

  --policy FILE     whom you believe (tlog-policy); without it the log's own policy is taken
  --receipt FILE    a receipt, or a promise, whose entry has to be found in the log
  --previous FILE   a checkpoint that you kept from earlier

Exit status: 0 everything holds, 1 signature, 2 inconsistent, 3 opening, 4 totals, 5 illegal transition, 6 quorum;
64 wrong use.";

/// As sysexits has it: 2 has a meaning of its own here.
const WRONG_USE: u8 = 64;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        say(USAGE);
        return ExitCode::SUCCESS;
    }
    let (folder, asked) = match read(&arguments) {
        Ok(read) => read,
        Err(why) => {
            note(&format!("bauta-verify: {why}\n\n{USAGE}"));
            return ExitCode::from(WRONG_USE);
        }
    };
    match verify(&mut |path| folder.read(path), &asked, &mut progress()) {
        Ok(verified) => {
            for line in verified.lines() {
                say(&line);
            }
            say("everything holds");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            note(&format!("bauta-verify: {failure}"));
            ExitCode::from(failure.status())
        }
    }
}

fn read(arguments: &[String]) -> Result<(Folder, Asked), String> {
    let mut folder = None;
    let mut asked = Asked::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if !argument.starts_with("--") {
            if folder.replace(argument).is_some() {
                return Err("one folder at a time".to_owned());
            }
            continue;
        }
        let file = rest.next().ok_or(format!("{argument} needs a file"))?;
        let bytes = std::fs::read(file).map_err(|error| format!("{file} could not be read: {error}"))?;
        match argument.as_str() {
            "--policy" => asked.policy = Some(bytes),
            "--receipt" => asked.receipts.push(bytes),
            "--previous" => asked.previous.push(bytes),
            _ => return Err(format!("{argument} is not known")),
        }
    }
    let folder = folder.ok_or("name a folder")?;
    if !std::path::Path::new(folder).is_dir() {
        return Err(format!("{folder} is no folder"));
    }
    Ok((Folder::new(folder), asked))
}

/// A line that counts, on a terminal only.
fn progress() -> impl FnMut(u64, u64) {
    let shown = std::io::stderr().is_terminal();
    let mut last = 0;
    move |done, total| {
        let percent = done * 100 / total.max(1);
        if shown && percent != last {
            last = percent;
            let end = if done == total { "\r\u{1b}[K" } else { "" };
            let _ = write!(std::io::stderr(), "\r{percent} % of {total} leaves{end}");
        }
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
