//! The leak check: the text with what was found in it, and one button for each find that mends it. Nothing is kept: the
//! text is in the page's own form.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_service::App;
use bauta_text::escape_html;
use bauta_text::leaks::{self, Find};

use super::compose::{self, After, Fields, Purpose, Step};
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_speaking::{EN, Words};

/// Something found, as a line of the page.
struct Found {
    sentence: &'static str,
    typed: String,
    remedy: &'static str,
}

#[derive(Template)]
#[template(path = "speaking/leak.html")]
struct Leak {
    frame: Frame,
    say: &'static Words,
    fields: Fields,
    action: String,
    is_edit: bool,
    text: String,
    warning: String,
    options: Vec<String>,
    finds: Vec<Found>,
}

/// Asks again. `fields` are as typed.
pub fn page_of(app: &App, visitor: &Visitor, purpose: &Purpose, fields: Fields) -> Response {
    let fields = cleaned(fields);
    let found = fields.parts().map(leaks::find);
    let line = |text: &str, find: &Find| Found {
        sentence: find.kind.sentence(),
        typed: text[find.start..find.end].to_owned(),
        remedy: find.kind.remedy(),
    };
    let leak = Leak {
        frame: Frame::new(app, visitor, EN.leak_title, Here::Elsewhere),
        say: &EN,
        action: purpose.action(),
        is_edit: purpose.is_edit(),
        text: marked(&fields.text, &found[0]),
        warning: marked(&fields.warning, &found[1]),
        options: fields
            .options()
            .iter()
            .zip(&found[2..])
            .filter(|(option, _)| !option.is_empty())
            .map(|(option, finds)| marked(option, finds))
            .collect(),
        finds: fields
            .parts()
            .iter()
            .zip(&found)
            .flat_map(|(part, finds)| finds.iter().map(move |find| line(part, find)))
            .collect(),
        fields,
    };
    page(StatusCode::UNPROCESSABLE_ENTITY, &leak)
}

/// Back to the composer, or, after one find was mended, to what else was found.
pub fn changed(app: &App, visitor: &Visitor, purpose: Purpose, fields: Fields) -> Response {
    let Step::Mend(nth) = fields.step() else {
        return compose::form(
            app,
            visitor,
            purpose,
            fields,
            (StatusCode::OK, None, After::Nothing),
        );
    };
    let fields = mended(cleaned(fields), nth);
    let finds = fields.parts().map(leaks::find);
    if finds.iter().flatten().any(|find| !find.kind.is_warning()) {
        return page_of(app, visitor, &purpose, fields);
    }
    compose::form(
        app,
        visitor,
        purpose,
        fields,
        (StatusCode::OK, None, After::Mended),
    )
}

/// As it would be published: the places of finds are places in this.
fn cleaned(fields: Fields) -> Fields {
    Fields {
        text: bauta_text::clean_links(&bauta_text::clean_text(&fields.text)),
        warning: bauta_text::clean_line(&fields.warning),
        option1: bauta_text::clean_line(&fields.option1),
        option2: bauta_text::clean_line(&fields.option2),
        option3: bauta_text::clean_line(&fields.option3),
        option4: bauta_text::clean_line(&fields.option4),
        ..fields
    }
}

/// With the find of number `nth` mended: those of the text come first, then those of the warning and of the options.
fn mended(mut fields: Fields, mut nth: usize) -> Fields {
    for part in fields.parts_mut() {
        let finds = leaks::find(part);
        if let Some(find) = finds.get(nth) {
            *part = leaks::mend(part, *find);
            break;
        }
        nth -= finds.len();
    }
    fields
}

/// The text as HTML with what was found marked.
fn marked(text: &str, finds: &[Find]) -> String {
    let escaped = |part: &str| escape_html(part).replace('\n', "<br>");
    let (mut html, mut at) = (String::with_capacity(text.len() * 2), 0);
    for find in finds {
        html.push_str(&escaped(&text[at..find.start]));
        html.push_str("<mark>");
        html.push_str(&escaped(&text[find.start..find.end]));
        html.push_str("</mark>");
        at = find.end;
    }
    html.push_str(&escaped(&text[at..]));
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(text: &str, warning: &str) -> Fields {
        cleaned(Fields {
            text: text.to_owned(),
            warning: warning.to_owned(),
            ..Fields::default()
        })
    }

    #[test]
    fn each_find_is_mended_by_its_number() {
        let typed = fields("write to a.b@c.example\nor d@e.example", "x@y.example");
        assert_eq!(
            mended(typed.clone(), 1).text,
            "write to a.b@c.example\nor [e-mail]"
        );
        assert_eq!(mended(typed.clone(), 2).warning, "[e-mail]");
        assert_eq!(mended(typed.clone(), 3).text, typed.text);
        let asked = Fields {
            option2: "ask z@y.example".to_owned(),
            ..typed
        };
        assert_eq!(mended(asked, 3).option2, "ask [e-mail]");
    }

    #[test]
    fn finds_are_marked_in_place() {
        let text = "<b>\nmail a@b.example & go";
        assert_eq!(
            marked(text, &leaks::find(text)),
            "&lt;b&gt;<br>mail <mark>a@b.example</mark> &amp; go"
        );
    }

    proptest! {
        #[test]
        fn marking_adds_marks_and_nothing_else(text in "[<>&\"'@.a-c0-9:/ \n+]{0,60}") {
            let html = marked(&text, &leaks::find(&text));
            let plain = html.replace("<mark>", "").replace("</mark>", "").replace("<br>", "\n");
            prop_assert_eq!(plain.as_str(), &*escape_html(&text));
        }
    }
}
