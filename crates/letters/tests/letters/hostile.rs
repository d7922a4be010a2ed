//! Facts come from outside: whatever they hold, a letter stays a letter.

use bauta_letters::{Kind, Matter, calendar, draft, html, pdf, plain};
use proptest::prelude::*;

use super::{pages, shown, story};

#[test]
fn facts_that_look_like_html_or_commands_stay_words() {
    let matter = Matter {
        issuer: "<script>alert(1)</script> \u{202e}evil\u{1b}[2J".to_owned(),
        reference: "a\r\nATTENDEE:mailto:x@example".to_owned(),
        authority: ") Tj ET q (".to_owned(),
        ..story::received()
    };
    let letter = draft(Kind::Acknowledgement, &matter).unwrap();
    let page = html(&letter);
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;") && !page.contains('\u{202e}'));
    assert!(!plain(&letter).contains(['\u{202e}', '\u{1b}']));
    let file = pdf(&letter);
    let raw = String::from_utf8_lossy(&file).into_owned();
    assert!(raw.contains("\\) Tj ET q \\("), "the brackets are escaped");
    assert_eq!(pages(&file), 1);
    assert!(!calendar(&matter).contains("\nATTENDEE"));
}

#[test]
fn a_character_without_a_letter_is_told() {
    let matter = Matter {
        issuer: "Прокуратура 🛂".to_owned(),
        ..story::received()
    };
    let letter = draft(Kind::Acknowledgement, &matter).unwrap();
    let text = shown(&pdf(&letter));
    assert!(text.contains("[U+1F6C2]") && text.contains("stand as their numbers"));
    assert!(plain(&letter).contains("Прокуратура 🛂"));
    assert!(!shown(&pdf(&draft(Kind::Acknowledgement, &story::received()).unwrap())).contains("stand as"));
}

#[test]
fn a_memo_on_a_hundred_lines_still_has_two_pages_and_says_what_is_left_out() {
    let mut matter = story::received();
    let (line, ground) = (matter.held[1].clone(), matter.grounds[0].clone());
    matter.held = vec![line; 100];
    matter.grounds = vec![ground; 100];
    matter.held[0].sentence = "word ".repeat(5_000);
    matter.issuer = "W".repeat(4_000);
    let letter = draft(Kind::Memo, &matter).unwrap();
    assert!(pages(&pdf(&letter)) <= 2);
    assert!(plain(&letter).contains("and 92 more, in the desk"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn any_facts_make_a_letter(issuer in ".{0,300}", sentence in "\\PC{0,900}", due in ".{0,40}", rows in 0..9_u64) {
        let mut matter = Matter { issuer, due: Some(due), ..story::withdrawn() };
        matter.held[1].sentence = sentence;
        matter.held[1].rows = rows;
        for kind in Kind::ALL {
            let letter = draft(kind, &matter).unwrap();
            prop_assert!(pages(&pdf(&letter)) >= 1);
            let page = html(&letter);
            prop_assert_eq!(page.matches("<table").count(), page.matches("</table>").count());
            prop_assert!(plain(&letter).chars().all(|character| character == '\n' || !character.is_control()));
        }
        let file = calendar(&matter);
        prop_assert!(file.split("\r\n").all(|line| line.len() <= 75));
    }
}
