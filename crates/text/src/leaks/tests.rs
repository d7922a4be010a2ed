//! What the leak check finds, what it leaves alone, and how its finds are mended.

use super::LeakKind::{
    Account, Email, LinkToken, NetworkAddress, Phone, Place, SharedDocument, ShortLink, UserPath,
};
use super::*;
use proptest::prelude::*;

fn assert_finds(kind: LeakKind, leaks: &[&str]) {
    for leak in leaks {
        let text = format!("Look: {leak} (so)");
        let finds = find(&text);
        assert!(
            finds.iter().any(|find| find.kind == kind),
            "{kind:?} in {text}: {finds:?}"
        );
    }
}

#[test]
fn each_kind_is_found() {
    assert_finds(
        Email,
        &[
            "jane.doe+x@mail.example.org",
            "mailto:a@b.example",
            "https://a.example/?e=jo%40b.example",
        ],
    );
    assert_finds(
        Phone,
        &[
            "+1 202 555 0123",
            "(202) 555-0123",
            "202-555-0123",
            "1-202-555-0123",
            "0171 1234567",
            "+49 (0)30 123456",
            "07700900123",
            "06 12 34 56 78",
            "0041 44 668 18 00",
            "tel:5550123",
        ],
    );
    assert_finds(
        Place,
        &[
            "47.6097, -122.3331",
            "47.6097° N, 122.3331° W",
            "40°26′46″N 79°58′56″W",
            "geo:37.78,-122.39",
            "https://www.google.com/maps/@47.6097,-122.3331,15z",
            "https://www.openstreetmap.org/#map=17/47.6097/-122.3331",
            "https://maps.google.com/?q=47.6097%2C-122.3331",
        ],
    );
    assert_finds(
        LinkToken,
        &[
            "https://a.example/?sessionid=0123456789abcdef",
            "https://a.example/x;jsessionid=ABCDEF01",
            "https://a.example/#access_token=abcdefgh12",
            "https://jo:secret@a.example/",
            "https://a.example/?x=eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl",
        ],
    );
    assert_finds(
        SharedDocument,
        &[
            "https://docs.google.com/document/d/1abc/edit",
            "https://1drv.ms/w/s!abc",
        ],
    );
    assert_finds(
        NetworkAddress,
        &[
            "203.0.113.7",
            "http://192.168.1.20/x",
            "2001:db8::1",
            "fe80::1ff:fe23:4567:890a",
            "203.0.113.7:8080",
        ],
    );
    assert_finds(
        UserPath,
        &[
            "C:\\Users\\jane\\a.docx",
            "/home/jane/notes",
            "/Users/jane/Desktop",
            "file:///srv/x",
            "c:/users/Jane",
        ],
    );
    assert_finds(
        Account,
        &[
            "4111 1111 1111 1111",
            "5500-0000-0000-0004",
            "DE89 3704 0044 0532 0130 00",
            "GB82WEST12345698765432",
        ],
    );
    assert_finds(ShortLink, &["https://bit.ly/abc", "https://t.co/xyz"]);
}

#[test]
fn ordinary_texts_are_left_alone() {
    for text in [
        "On April 7, 2017 at 14:02 the case 3:17-cv-01916 was withdrawn.",
        "19 U.S.C. 1509 and 19 U.S.C. § 1509(a)(1), see 82 Fed. Reg. 8799",
        "2017-04-07T14:02:00.000Z, 07.04.2017, 04/07/2017 14:02, 2016-2020",
        "version 1.2.3.4, v2.10.3, 120.0.6099.109, 1.95.0",
        "It costs $1,234.56 or 1.234,56 €; 153,000 followers; 98.6°F",
        "@alice @alice@far.example acct:a@b.example, see https://far.example/@a@b.example",
        "std::vector, a::b, aa:bb:cc:dd:ee:ff, 12:30:45, http://127.0.0.1:8080/",
        "ISBN 978-3-16-148410-0, receipt MSC-123-456-7890, order 1234567890",
        "pi 3.14159, e 2.71828 and 1.618, 2.718",
        "https://news.example/2017/04/07/1234567890123456?page=2&id=4111111111111111",
        "https://a.example/home/jane and and/or /home/ alone; /users",
        "4111 1111 1111 1112, DE89 3704 0044 0532 0130 01",
        "Call 911, dial 5-5-5, rooms 100-200, 10 000 000 people, 1 000 000 000 000 000",
        "https://docs.google.com/ https://bit.ly",
        "",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn mending_masks_what_was_found_and_nothing_else() {
    for (text, mended) in [
        ("Write to jo@a.example.", "Write to [e-mail]."),
        ("at 47.6097, -122.3331!", "at [place]!"),
        (
            "see https://a.example/?b=1&token=0123456789#c",
            "see https://a.example/?b=1#c",
        ),
        ("C:\\Users\\jane\\a.docx", "C:\\Users\\…\\a.docx"),
        ("from 203.0.113.7.", "from [IP]."),
        ("call (202) 555-0123 now", "call [phone] now"),
        ("https://jo:pw@a.example/", "[link]"),
        ("x https://bit.ly/abc, y", "x [link], y"),
    ] {
        assert_eq!(mend(text, find(text)[0]), mended);
    }
}

#[test]
fn a_find_of_another_text_changes_nothing() {
    assert_eq!(
        mend(
            "é",
            Find {
                kind: Email,
                start: 1,
                end: 9
            }
        ),
        "é"
    );
}

proptest! {
    #[test]
    fn every_find_can_be_mended_until_none_is_left(text in suspicious()) {
        let mut text = text;
        let mut rounds = 0;
        while let Some(&first) = find(&text).first() {
            prop_assert!(text.get(first.start..first.end).is_some());
            let mended = mend(&text, first);
            prop_assert!(mended != text, "{:?} in {}", first, text);
            text = mended;
            rounds += 1;
            prop_assert!(rounds < 100, "{}", text);
        }
    }

    #[test]
    fn any_text_can_be_checked(text in "\\PC{0,80}") {
        let finds = find(&text);
        prop_assert!(finds.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }
}

/// Texts that are full of pieces of leaks.
fn suspicious() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("jo@a.example"),
        Just("+1 202 555 0123"),
        Just(" "),
        Just("47.6097, -122.3331"),
        Just("https://a.example/"),
        Just("?token=0123456789"),
        Just("&sid=abcdefgh"),
        Just("#"),
        Just("."),
        Just("/home/jane"),
        Just("C:\\Users\\x"),
        Just("203.0.113.7"),
        Just("2001:db8::1"),
        Just("4111 1111 1111 1111"),
        Just("°"),
        Just("12′"),
        Just("é"),
        Just("https://bit.ly/x"),
        Just("https://jo@"),
        Just("file:///a/b"),
        Just(";jsessionid="),
        Just("geo:1.5,2.5"),
        Just("DE89 3704 0044 0532 0130 00"),
        Just(")"),
        Just("@"),
        Just("…"),
        Just("%40"),
    ];
    proptest::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}
