//! Papers as pixels, and letters as files. Papers are drawn and redacted on this machine, without the server: it can't open
//! what is encrypted to officers' keys.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_desk::{Command, Form};
use bauta_media::{Area, PaperPage, Worker, published_pdf};
use serde_json::{Value, json};

use super::Asker;
use crate::cli::letters::{CopyArgs, FormArg, LetterArgs, PagesArgs, ReceiptArgs, RedactArgs};
use crate::failure::{Failure, Outcome};
use crate::output;

/// Drafts a letter, and prints it or writes it to a file.
pub fn letter(asker: &Asker, args: LetterArgs, as_json: bool) -> Outcome<()> {
    let form = match args.format {
        FormArg::Text => Form::Text,
        FormArg::Html => Form::Html,
        FormArg::Pdf => Form::Pdf,
    };
    let (id, kind) = (args.id, args.kind);
    let change = match (args.keep, args.sent, args.drop) {
        (Some(file), ..) => Some(Command::KeepLetter {
            id: id.clone(),
            kind: kind.clone(),
            text: super::read(&file)?,
        }),
        (_, Some(how), _) => Some(Command::LetterSent {
            id: id.clone(),
            kind: kind.clone(),
            how,
        }),
        (_, _, true) => Some(Command::DropLetter {
            id: id.clone(),
            kind: kind.clone(),
        }),
        _ => None,
    };
    if let Some(change) = change {
        output::json(&asker.ask(change)?);
        return Ok(());
    }
    let answer = asker.ask(Command::Letter { id, kind, form })?;
    let bytes = answer["base64"]
        .as_str()
        .and_then(|text| STANDARD.decode(text).ok());
    let bytes = bytes.ok_or_else(|| Failure::new("the server's answer is not understood"))?;
    match &args.out {
        Some(out) => {
            write_new(out, &bytes)?;
            if as_json {
                output::json(&json!({"file": out, "name": answer["name"], "mime": answer["mime"]}));
            }
        }
        None if as_json => output::json(&answer),
        None => output::bytes(&bytes),
    }
    Ok(())
}

/// Prints a promise or a receipt, or writes it to a file.
pub fn receipt(asker: &Asker, args: ReceiptArgs, as_json: bool) -> Outcome<()> {
    let (id, step) = (args.id, args.step);
    if args.list {
        output::json(&asker.ask(Command::Entered { id })?);
        return Ok(());
    }
    let proof = asker.ask(Command::Proof { id, step })?;
    let text = proof["text"].as_str().unwrap_or_default();
    match &args.out {
        Some(out) => {
            write_new(out, text.as_bytes())?;
            if as_json {
                output::json(&json!({"file": out, "kind": proof["kind"], "leaf": proof["leaf"]}));
            }
        }
        None if as_json => output::json(&proof),
        None => output::bytes(text.as_bytes()),
    }
    Ok(())
}

/// Draws each page of a paper as a PNG.
pub fn pages(args: &PagesArgs) -> Outcome<Value> {
    let pages = drawn(&args.file)?;
    std::fs::create_dir(&args.out)
        .map_err(|error| Failure::new(format!("{} could not be made: {error}", args.out.display())))?;
    let mut files = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let file = args.out.join(format!("page-{:03}.png", index + 1));
        write_new(&file, &page.png())?;
        files.push(
            json!({"file": file, "width": page.width, "height": page.height, "incomplete": page.incomplete}),
        );
    }
    Ok(json!({"pages": files}))
}

/// Writes a PDF that is made of pixels alone, with boxes burned in.
pub fn redact(args: &RedactArgs) -> Outcome<Value> {
    let boxes = args.boxes.iter().map(|text| read_box(text));
    let boxes: Vec<(usize, Area)> = boxes
        .map(|read| read.map(|(page, area, _)| (page, area)))
        .collect::<Outcome<_>>()?;
    let pages = drawn(&args.file)?;
    let count = pages.len();
    if let Some((page, _)) = boxes.iter().find(|(page, _)| *page > count) {
        return Err(Failure::new(format!(
            "there is no page {page}: the paper has {count}"
        )));
    }
    let incomplete = pages.iter().any(|page| page.incomplete);
    let published: Vec<_> = pages
        .iter()
        .enumerate()
        .map(|(index, page)| {
            let own = boxes.iter().filter(|(on, _)| *on == index + 1);
            page.publish(&own.map(|(_, area)| *area).collect::<Vec<_>>())
        })
        .collect();
    write_new(&args.out, &published_pdf(&published))?;
    Ok(json!({"file": args.out, "pages": count, "boxes": boxes.len(), "incomplete": incomplete}))
}

/// Redacted copies: made, kept and published by whoever holds the data.
pub fn copy(asker: &Asker, args: CopyArgs) -> Outcome<Value> {
    let id = args.id;
    if let (Some(file), Some(title)) = (args.add, args.title) {
        let boxes = args.boxes.iter().map(|text| read_box(text));
        let boxes = boxes
            .map(|read| read.map(|(page, _, fractions)| (page as u16 - 1, fractions)))
            .collect::<Outcome<_>>()?;
        let file = super::absolute(&file)?;
        return asker.ask(Command::Propose {
            id,
            title,
            file,
            boxes,
        });
    }
    if let (Some(copy), Some(out)) = (args.get, args.out) {
        let out = super::absolute(&out)?;
        return asker.ask(Command::Copy { id, copy, out });
    }
    match (args.publish, args.drop) {
        (Some(copy), _) => asker.ask(Command::PublishCopy { id, copy }),
        (_, Some(copy)) => asker.ask(Command::DropCopy { id, copy }),
        _ => asker.ask(Command::Copies { id }),
    }
}

/// Draws the first page before a file is sealed, since nobody can look at it afterwards: a bomb, or a lie about its kind,
/// is refused with a sentence.
pub fn can_be_drawn(file: &Path) -> Outcome<()> {
    drawn_pages(file, 1).map(|_| ())
}

/// Every page, each drawn in a sandboxed child of its own.
fn drawn(file: &Path) -> Outcome<Vec<PaperPage>> {
    drawn_pages(file, usize::MAX)
}

fn drawn_pages(file: &Path, most: usize) -> Outcome<Vec<PaperPage>> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::new(format!("{} could not be read: {error}", file.display())))?;
    let worker = Worker::new("/proc/self/exe");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("no worker can be started: {error}")))?;
    runtime.block_on(async {
        let mut pages = Vec::new();
        loop {
            let page = worker
                .paper_page(&bytes, pages.len() as u16)
                .await
                .map_err(|error| Failure::new(error.to_string()))?;
            let count = usize::from(page.pages);
            pages.push(page);
            if pages.len() >= count.min(most) {
                return Ok(pages);
            }
        }
    })
}

/// `2,0.1,0.5,0.3,0.04`: the page, counted from 1, and a box on it.
fn read_box(text: &str) -> Outcome<(usize, Area, [f64; 4])> {
    let wrong = || {
        Failure::new(format!(
            "{text:?} is no box; write PAGE,X,Y,WIDTH,HEIGHT as in 2,0.1,0.5,0.3,0.04"
        ))
    };
    let (page, rest) = text.split_once(',').ok_or_else(wrong)?;
    let page: usize = page.trim().parse().map_err(|_| wrong())?;
    if page == 0 || page > usize::from(u16::MAX) {
        return Err(wrong());
    }
    let numbers: Vec<f64> = rest
        .split(',')
        .map(|number| number.trim().parse().map_err(|_| wrong()))
        .collect::<Outcome<_>>()?;
    let [x, y, width, height] = numbers[..] else {
        return Err(wrong());
    };
    let area = Area::new(x, y, width, height);
    Ok((
        page,
        area.map_err(|error| Failure::new(format!("{text}: {error}")))?,
        [x, y, width, height],
    ))
}

/// Writes a file of its owner, which may not be there yet.
fn write_new(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let mut options = std::fs::File::options();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(bytes))
        .map_err(|error| Failure::new(format!("{} could not be written: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_read_whole_or_refused() {
        assert_eq!(read_box("2, 0.1,0.5,0.3,0.04").unwrap().0, 2);
        let wrong = [
            "",
            "1",
            "0,0,0,1,1",
            "1,0,0,1",
            "1,0,0,1,1,1",
            "1,0,0,0,1",
            "1,0.5,0,0.6,1",
            "1,NaN,0,1,1",
        ];
        for wrong in wrong {
            assert!(read_box(wrong).is_err(), "{wrong}");
        }
    }
}
