//! The laws of text over generated input: the same functions that the fuzz targets run, so that those can't rot.

#[path = "laws/clean_links.rs"]
mod clean_links;
#[path = "laws/leaks.rs"]
mod leaks;
#[path = "laws/render.rs"]
mod render;
#[path = "laws/sanitise.rs"]
mod sanitise;

use proptest::prelude::*;

/// Pieces that mean something to the scanner or to a browser, in any order, between any other characters.
fn hostile() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "<",
        ">",
        "&",
        "\"",
        "'",
        "<script>",
        "</p>",
        "&lt;",
        "&#",
        "<p>",
        "<a href=\"https://a.example/\">",
        "<a href='",
        "<span class=\"mention x\">",
        "</a>",
        "<svg>",
        "<!--",
        "-->",
        "<b ",
        "javascript:",
        "https://",
        "HTTP://",
        "a.example",
        "пример.рф",
        "pаypal.com",
        "@",
        "@bob",
        "@bob@bauta.example",
        "#",
        "#tag",
        "＃",
        "/",
        "?",
        "=",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        ":",
        "\n",
        "\n\n",
        "\t",
        "\0",
        "\u{202E}",
        "\u{200B}",
        "\u{200D}",
        "\u{301}",
        "\u{FFFF}",
        "א",
        "%40",
        "%",
        "\\",
        "utm_source=1",
        "&fbclid=2",
        "?u=",
        "l.facebook.com/l.php",
        "https%3A%2F%2Fb.example",
        "youtu.be/x?si=1",
        ";",
        "203.0.113.7",
        "::",
        "/home/jo",
        "47.6097, -122.3331",
        "+1 202 555 0123",
        "°",
        "′",
        " ",
    ]);
    let piece = prop_oneof![
        4 => known.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z0-9]{1,6}",
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn rendering_never_lets_markup_through(text in hostile()) {
        render::check(&text);
    }

    #[test]
    fn html_of_others_is_rebuilt_from_the_list(html in hostile()) {
        sanitise::check(&html);
    }

    #[test]
    fn cleaning_links_twice_changes_nothing_and_touches_only_links(text in hostile()) {
        clean_links::check(&text);
    }

    #[test]
    fn every_leak_can_be_mended(text in hostile()) {
        leaks::check(&text);
    }
}

#[test]
fn the_check_of_html_is_strict() {
    for bad in [
        "<p>a",
        "a</p>",
        "<b>a</b>",
        "<p onclick=\"x\">a</p>",
        "a > b",
        "a & b",
        "\"",
        "<a href=\"javascript:x\">a</a>",
        "<span class=\"x\">a</span>",
        "<p><span>a</p></span>",
        "<a href=\"https://a.example\" style=\"x\">a</a>",
        "a\0",
    ] {
        assert!(render::violation(bad).is_some(), "{bad}");
    }
}
