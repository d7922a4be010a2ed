//! A form that is being filled in.

use super::fields::{Button, Field, Kind, Parsed};
use crate::html::Element;
use crate::http::{Part, Request, query};

/// A form, the button that will send it, and what is in its fields.
#[derive(Clone, Debug)]
pub struct Form {
    page: String,
    element: Element,
    button: Element,
    fields: Vec<Field>,
}

impl Form {
    pub(super) fn of(parsed: &Parsed, button: &Button, page: &str) -> Option<Self> {
        let owner = button.owner?;
        let fields = parsed
            .fields
            .iter()
            .filter(|field| field.owner == Some(owner))
            .cloned()
            .collect();
        let element = parsed.forms[owner].clone();
        Some(Self {
            page: page.to_owned(),
            element,
            button: button.element.clone(),
            fields,
        })
    }

    /// The path of the page that it is on.
    pub fn page(&self) -> &str {
        &self.page
    }

    /// Where it is sent, as written.
    pub fn action(&self) -> &str {
        self.button
            .attribute("formaction")
            .or_else(|| self.element.attribute("action"))
            .unwrap_or_default()
    }

    /// Writes `value` into the field with this label (or, where no label fits, this name).
    ///
    /// # Panics
    /// When there is no such field for text.
    #[must_use]
    pub fn fill(mut self, label: &str, value: &str) -> Self {
        let field = self.field(label, |kind| matches!(kind, Kind::Text(_)));
        field.kind = Kind::Text(value.to_owned());
        self
    }

    /// Ticks the box, or the one of several, with this label.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn tick(mut self, label: &str) -> Self {
        let field = self.field(label, |kind| matches!(kind, Kind::Checkbox(..) | Kind::Radio(..)));
        let name = field.name.clone();
        match &mut field.kind {
            Kind::Checkbox(_, ticked) => *ticked = true,
            Kind::Radio(value, _) => {
                let value = value.clone();
                for other in self.fields.iter_mut().filter(|other| other.name == name) {
                    if let Kind::Radio(own, ticked) = &mut other.kind {
                        *ticked = *own == value;
                    }
                }
            }
            _ => unreachable!("only such fields were looked at"),
        }
        self
    }

    /// Takes the tick out of the box with this label.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn untick(mut self, label: &str) -> Self {
        let field = self.field(label, |kind| matches!(kind, Kind::Checkbox(..)));
        if let Kind::Checkbox(_, ticked) = &mut field.kind {
            *ticked = false;
        }
        self
    }

    /// Chooses the entry `option` of the list with this label.
    ///
    /// # Panics
    /// When there is no such list or entry.
    #[must_use]
    pub fn choose(mut self, label: &str, option: &str) -> Self {
        let field = self.field(label, |kind| matches!(kind, Kind::Select(_)));
        let Kind::Select(options) = &mut field.kind else {
            unreachable!("only lists were looked at")
        };
        assert!(
            options.iter().any(|(_, name, _)| name == option),
            "no {option:?} in {label:?}: {options:?}"
        );
        for (_, name, chosen) in options {
            *chosen = name == option;
        }
        self
    }

    /// Puts a file into the field with this label.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn attach(mut self, label: &str, file_name: &str, media_type: &str, bytes: &[u8]) -> Self {
        let field = self.field(label, |kind| matches!(kind, Kind::File(_)));
        field.kind = Kind::File(Some((
            file_name.to_owned(),
            media_type.to_owned(),
            bytes.to_vec(),
        )));
        self
    }

    /// Puts `value` under `name` in place of what was there, hidden or not: what no person does, but an attacker.
    #[must_use]
    pub fn forge(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.kind = Kind::Hidden(value.to_owned()),
            None => self.fields.extend(hidden(name, value)),
        }
        self
    }

    /// What is in the field with this name, as it would be sent.
    pub fn value(&self, name: &str) -> Option<String> {
        let part = self.parts().into_iter().find(|part| part.name == name)?;
        Some(String::from_utf8_lossy(&part.value).into_owned())
    }

    /// The labels of its fields, for those who wonder what is there.
    pub fn labels(&self) -> Vec<String> {
        self.fields
            .iter()
            .flat_map(|field| field.labels.clone())
            .collect()
    }

    /// The request that the button sends to `action`.
    pub fn request(&self, action: &str) -> Request {
        let method = self
            .button
            .attribute("formmethod")
            .or_else(|| self.element.attribute("method"));
        let parts = self.parts();
        let texts: Vec<String> = parts
            .iter()
            .map(|part| String::from_utf8_lossy(&part.value).into_owned())
            .collect();
        let pairs: Vec<(&str, &str)> = parts
            .iter()
            .zip(&texts)
            .map(|(part, text)| (part.name.as_str(), text.as_str()))
            .collect();
        if !method.is_some_and(|method| method.eq_ignore_ascii_case("post")) {
            let path = action.split(['?', '#']).next().unwrap_or_default();
            return Request::get(&format!("{path}?{}", query(&pairs)));
        }
        // What a browser sends from a page whose referrer policy is `no-referrer` (Fetch § 3.2).
        let request =
            Request::post(action.split('#').next().unwrap_or_default()).with_header("Origin", "null");
        if self.element.attribute("enctype") == Some("multipart/form-data") {
            request.multipart(&parts)
        } else {
            request.form(&pairs)
        }
    }

    /// What is sent: the fields with a name that count, and the button's own value.
    fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        for field in self.fields.iter().filter(|field| !field.name.is_empty()) {
            let name = &field.name;
            match &field.kind {
                // Line breaks are sent as CR LF (HTML § 4.10.21.5).
                Kind::Text(value) => parts.push(Part::text(
                    name,
                    &value.replace("\r\n", "\n").replace('\n', "\r\n"),
                )),
                Kind::Hidden(value) | Kind::Checkbox(value, true) | Kind::Radio(value, true) => {
                    parts.push(Part::text(name, value));
                }
                Kind::Checkbox(..) | Kind::Radio(..) => (),
                Kind::Select(options) => {
                    let chosen = options.iter().filter(|(_, _, chosen)| *chosen);
                    parts.extend(chosen.map(|(value, _, _)| Part::text(name, value)));
                }
                Kind::File(Some((file, kind, bytes))) => parts.push(Part::file(name, file, kind, bytes)),
                // An empty file field is sent as a file without name and content.
                Kind::File(None) => parts.push(Part::file(name, "", "application/octet-stream", b"")),
            }
        }
        if let Some(name) = self.button.attribute("name") {
            parts.push(Part::text(
                name,
                self.button.attribute("value").unwrap_or_default(),
            ));
        }
        parts
    }

    /// A field by its whole label; else by the beginning of its label, since hints stand there too; else by its name.
    fn field(&mut self, label: &str, fits: fn(&Kind) -> bool) -> &mut Field {
        let by: [&dyn Fn(&Field) -> bool; 3] = [
            &|field| field.labels.iter().any(|known| known == label),
            &|field| field.labels.iter().any(|known| known.starts_with(label)),
            &|field| field.name == label,
        ];
        let place = by.iter().find_map(|found| {
            self.fields
                .iter()
                .position(|field| fits(&field.kind) && found(field))
        });
        let Some(place) = place else {
            panic!(
                "no field {label:?} of that kind in this form on {}; its labels are {:?}",
                self.page,
                self.labels()
            )
        };
        &mut self.fields[place]
    }
}

fn hidden(name: &str, value: &str) -> Vec<Field> {
    use crate::html::{Token, tokens};
    let input = tokens("<input type=hidden>");
    let input = input.into_iter().map(|token| match token {
        Token::Open(mut element) => {
            element.attributes.push(("name".to_owned(), name.to_owned()));
            element.attributes.push(("value".to_owned(), value.to_owned()));
            Token::Open(element)
        }
        other => other,
    });
    super::fields::parse(&input.collect::<Vec<_>>()).fields
}

#[cfg(test)]
mod tests {
    use crate::forms::Page;

    const HTML: &str = "<form method=post action=/speak enctype=multipart/form-data id=f><input type=hidden name=csrf value=t>\
        <label for=text>Your words <small>up to 1,000</small></label><textarea id=text name=text>a\nb</textarea>\
        <label><input type=checkbox name=cw value=1> Hide it</label>\
        <label>Who sees it <select name=who><option value=all>Everyone<option value=few>Followers</select></label>\
        <label><input type=radio name=when value=now checked> Now</label><label><input type=radio name=when value=later> Later</label>\
        <label>Picture <input type=file name=picture></label>\
        <button name=do value=post>Post</button><button name=do value=keep>Keep as <b>draft</b></button></form>\
        <input name=late form=f aria-label=Late><form action='/find?x=1'><input name=q aria-label=Words><button>Find</button></form>";

    #[test]
    fn a_form_sends_what_was_filled_in_and_the_pressed_button() {
        let page = Page::of_html("/compose", HTML);
        let form = page.form("Keep as draft");
        let values = |form: &crate::forms::Form| {
            ["csrf", "text", "cw", "who", "when", "late", "do"]
                .map(|name| form.value(name).unwrap_or_default())
        };
        assert_eq!(values(&form), ["t", "a\r\nb", "", "all", "now", "", "keep"]);
        let form = form
            .fill("Your words", "c")
            .tick("Hide it")
            .choose("Who sees it", "Followers")
            .tick("Later");
        let form =
            form.fill("Late", "x")
                .forge("csrf", "wrong")
                .attach("Picture", "a.png", "image/png", b"\x89PNG");
        assert_eq!(values(&form), ["wrong", "c", "1", "few", "later", "x", "keep"]);
        let request = form.request("/speak");
        let body = String::from_utf8_lossy(&request.body).into_owned();
        assert!(
            body.contains("name=\"picture\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"),
            "{body}"
        );
    }

    #[test]
    fn a_search_form_becomes_a_query() {
        let form = Page::of_html("/", HTML).form("Find").fill("Words", "tax & time");
        assert_eq!(form.request("/find?x=1").target, "/find?q=tax+%26+time");
    }

    #[test]
    #[should_panic(expected = "no field \"Birthday\"")]
    fn a_field_that_is_not_there_can_not_be_filled() {
        let _ = Page::of_html("/", HTML).form("Post").fill("Birthday", "x");
    }

    #[test]
    #[should_panic(expected = "no button \"Pay\"")]
    fn a_button_that_is_not_there_can_not_be_pressed() {
        Page::of_html("/", HTML).form("Pay");
    }
}
