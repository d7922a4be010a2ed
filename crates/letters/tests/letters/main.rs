//! Every letter for the facts of the case, word for word; and what holds for every letter.

#![expect(clippy::unwrap_used, reason = "builders of test data may panic")]

mod hostile;
mod story;

use bauta_letters::{CantWrite, Kind, Matter, NOT_ADVICE, calendar, draft, fragment, html, pdf, plain};
use hayro::hayro_syntax::Pdf;

fn matter(kind: Kind) -> Matter {
    if kind == Kind::Withdrawal {
        story::withdrawn()
    } else {
        story::received()
    }
}

#[test]
fn each_letter_word_for_word() {
    for kind in Kind::ALL {
        let letter = draft(kind, &matter(kind)).unwrap();
        insta::assert_snapshot!(kind.name(), plain(&letter));
    }
}

#[test]
fn the_notice_as_a_page() {
    insta::assert_snapshot!(html(&draft(Kind::Notice, &story::received()).unwrap()));
}

#[test]
fn the_deadlines_as_a_calendar() {
    let file = calendar(&story::received());
    assert!(
        file.split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains('\n'))
    );
    insta::assert_snapshot!(file.replace("\r\n", "\n"));
}

#[test]
fn every_letter_says_that_it_is_no_advice_and_a_draft() {
    for kind in Kind::ALL {
        let letter = draft(kind, &matter(kind)).unwrap();
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for text in [
            one_line(&plain(&letter)),
            html(&letter),
            fragment(&letter),
            shown(&pdf(&letter)),
        ] {
            assert!(text.contains(NOT_ADVICE), "{}", kind.name());
            assert!(
                text.contains("Draft. The program sends nothing"),
                "{}",
                kind.name()
            );
        }
    }
    assert!(
        calendar(&story::received())
            .replace("\r\n ", "")
            .contains("This is not legal advice")
    );
}

/// What a PDF shows, word by word, in the order in which it is drawn.
pub(crate) fn shown(file: &[u8]) -> String {
    let text: String = file.iter().map(|byte| char::from(*byte)).collect();
    let words = text
        .split("Td (")
        .skip(1)
        .filter_map(|part| part.split(") Tj").next());
    words
        .collect::<Vec<_>>()
        .join(" ")
        .replace("\\(", "(")
        .replace("\\)", ")")
}

pub(crate) fn pages(file: &[u8]) -> usize {
    Pdf::new(file.to_vec()).unwrap().pages().len()
}

#[test]
fn the_pdf_has_every_word_of_the_letter_and_nothing_of_the_machine() {
    for kind in Kind::ALL {
        let letter = draft(kind, &matter(kind)).unwrap();
        let file = pdf(&letter);
        assert_eq!(file, pdf(&letter), "the same letter gives the same bytes");
        let drawn = shown(&file);
        for word in plain(&letter)
            .split_whitespace()
            .filter(|word| word.chars().all(char::is_alphanumeric))
        {
            assert!(drawn.contains(word), "{}: {word}", kind.name());
        }
        let text = String::from_utf8_lossy(&file);
        for never in [
            "/Info",
            "/ID",
            "/CreationDate",
            "/ModDate",
            "/Producer",
            "/Creator",
            "/Metadata",
            "/Author",
        ] {
            assert!(!text.contains(never), "{}: {never}", kind.name());
        }
    }
}

#[test]
fn the_memo_has_two_pages_and_the_sheet_one() {
    assert!(pages(&pdf(&draft(Kind::Memo, &story::received()).unwrap())) <= 2);
    assert_eq!(
        pages(&pdf(&draft(Kind::FirstHour, &story::received()).unwrap())),
        1
    );
}

#[test]
fn what_the_facts_do_not_carry_is_not_drafted() {
    let gagged = Matter {
        gagged: true,
        ..story::withdrawn()
    };
    assert_eq!(draft(Kind::Notice, &gagged), Err(CantWrite::Gagged));
    assert_eq!(draft(Kind::Withdrawal, &gagged), Err(CantWrite::Gagged));
    assert_eq!(
        draft(Kind::Withdrawal, &story::received()),
        Err(CantWrite::NotWithdrawn)
    );
    let flawless = Matter {
        grounds: Vec::new(),
        ..story::received()
    };
    assert_eq!(draft(Kind::Objection, &flawless), Err(CantWrite::NoGrounds));
}

/// The issuer must not learn from a letter whether the account exists, and no letter names it.
#[test]
fn the_acknowledgement_does_not_depend_on_what_is_held() {
    let nothing = Matter {
        held: Vec::new(),
        hold: false,
        ..story::received()
    };
    let text = |matter: &Matter| plain(&draft(Kind::Acknowledgement, matter).unwrap());
    assert_eq!(text(&nothing), text(&story::received()));
}
