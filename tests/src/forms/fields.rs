//! The forms, fields and buttons of a page, and what is written beside them.

use crate::html::{Element, Token, squeezed};

/// What stands on a page to be filled in.
#[derive(Clone, Default, Debug)]
pub struct Parsed {
    pub forms: Vec<Element>,
    pub fields: Vec<Field>,
    pub buttons: Vec<Button>,
    /// Text of each label, the id that it is for, and the fields within it.
    labels: Vec<Label>,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub owner: Option<usize>,
    pub labels: Vec<String>,
    pub kind: Kind,
    id: Option<String>,
    owner_id: Option<String>,
}

/// What a field holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    Text(String),
    Hidden(String),
    /// Value, and whether it is ticked.
    Checkbox(String, bool),
    Radio(String, bool),
    /// Value, label, and whether it is chosen.
    Select(Vec<(String, String, bool)>),
    /// Name, media type and content of the file, once there is one.
    File(Option<(String, String, Vec<u8>)>),
}

#[derive(Clone, Debug)]
pub struct Button {
    pub label: String,
    pub owner: Option<usize>,
    pub element: Element,
    owner_id: Option<String>,
}

#[derive(Clone, Debug)]
struct Label {
    text: String,
    for_id: Option<String>,
    fields: Vec<usize>,
}

/// Where the text goes that comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Textarea,
    Option,
    Button,
}

/// Reads the forms of a page.
pub fn parse(tokens: &[Token]) -> Parsed {
    let mut parser = Parser {
        parsed: Parsed::default(),
        form: None,
        label: None,
        inside: Inside::Nothing,
    };
    for token in tokens {
        match token {
            Token::Open(element) => parser.open(element),
            Token::Close(name) => parser.close(name),
            Token::Text(text) => parser.text(text),
            Token::Doctype => (),
        }
    }
    parser.finish()
}

struct Parser {
    parsed: Parsed,
    form: Option<usize>,
    label: Option<usize>,
    inside: Inside,
}

impl Parser {
    fn open(&mut self, element: &Element) {
        match element.name.as_str() {
            "form" => {
                self.form = Some(self.parsed.forms.len());
                self.parsed.forms.push(element.clone());
            }
            "label" => {
                self.label = Some(self.parsed.labels.len());
                let for_id = element.attribute("for").map(str::to_owned);
                self.parsed.labels.push(Label {
                    text: String::new(),
                    for_id,
                    fields: Vec::new(),
                });
            }
            "input" => self.input(element),
            "textarea" => {
                self.field(element, Kind::Text(String::new()));
                self.inside = Inside::Textarea;
            }
            "select" => self.field(element, Kind::Select(Vec::new())),
            "option" => self.option(element),
            "button" if element.attribute("type").is_none_or(|kind| kind == "submit") => {
                self.button(element, "");
                self.inside = Inside::Button;
            }
            // The words on both sides of any other element are two words.
            _ => self.text(" "),
        }
    }

    fn input(&mut self, element: &Element) {
        let value = element.attribute("value").unwrap_or_default().to_owned();
        let checked = element.has("checked");
        let on = || element.attribute("value").unwrap_or("on").to_owned();
        match element.attribute("type").unwrap_or("text") {
            "submit" | "image" => self.button(element, &value),
            "button" | "reset" => (),
            "hidden" => self.field(element, Kind::Hidden(value)),
            "checkbox" => self.field(element, Kind::Checkbox(on(), checked)),
            "radio" => self.field(element, Kind::Radio(on(), checked)),
            "file" => self.field(element, Kind::File(None)),
            _ => self.field(element, Kind::Text(value)),
        }
    }

    fn field(&mut self, element: &Element, kind: Kind) {
        if element.has("disabled") {
            return;
        }
        if let Some(label) = self.label {
            self.parsed.labels[label].fields.push(self.parsed.fields.len());
        }
        let own = |name: &str| element.attribute(name).map(str::to_owned);
        self.parsed.fields.push(Field {
            name: own("name").unwrap_or_default(),
            owner: self.form,
            labels: own("aria-label").into_iter().collect(),
            kind,
            id: own("id"),
            owner_id: own("form"),
        });
    }

    fn option(&mut self, element: &Element) {
        if let Some(Field {
            kind: Kind::Select(options),
            ..
        }) = self.parsed.fields.last_mut()
        {
            let value = element.attribute("value").unwrap_or("\0").to_owned();
            options.push((value, String::new(), element.has("selected")));
            self.inside = Inside::Option;
        }
    }

    fn button(&mut self, element: &Element, label: &str) {
        if element.has("disabled") {
            return;
        }
        let label = element.attribute("aria-label").unwrap_or(label).to_owned();
        let owner_id = element.attribute("form").map(str::to_owned);
        self.parsed.buttons.push(Button {
            label,
            owner: self.form,
            element: element.clone(),
            owner_id,
        });
    }

    fn text(&mut self, text: &str) {
        match self.inside {
            Inside::Textarea => {
                if let Some(Field {
                    kind: Kind::Text(value),
                    ..
                }) = self.parsed.fields.last_mut()
                {
                    value.push_str(text);
                }
            }
            Inside::Option => {
                if let Some(Field {
                    kind: Kind::Select(options),
                    ..
                }) = self.parsed.fields.last_mut()
                    && let Some((_, label, _)) = options.last_mut()
                {
                    label.push_str(text);
                }
            }
            Inside::Button => {
                if let Some(button) = self
                    .parsed
                    .buttons
                    .last_mut()
                    .filter(|button| !button.element.has("aria-label"))
                {
                    button.label.push_str(text);
                }
            }
            Inside::Nothing => {
                if let Some(label) = self.label {
                    self.parsed.labels[label].text.push_str(text);
                }
            }
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "form" => self.form = None,
            "label" => self.label = None,
            "textarea" | "option" | "button" | "select" => self.inside = Inside::Nothing,
            _ => self.text(" "),
        }
    }

    /// Joins labels with fields, and fields with the forms that they name.
    fn finish(self) -> Parsed {
        let mut parsed = self.parsed;
        let form_of = |id: &Option<String>, around: Option<usize>| match id {
            Some(id) => parsed
                .forms
                .iter()
                .position(|form| form.attribute("id") == Some(id)),
            None => around,
        };
        for (number, field) in parsed.fields.iter_mut().enumerate() {
            field.owner = form_of(&field.owner_id, field.owner);
            let of_field = |label: &&Label| match &label.for_id {
                Some(id) => field.id.as_ref() == Some(id),
                None => label.fields.first() == Some(&number),
            };
            field.labels.extend(
                parsed
                    .labels
                    .iter()
                    .filter(of_field)
                    .map(|label| squeezed(&label.text)),
            );
            if let Kind::Select(options) = &mut field.kind {
                for (value, label, _) in options.iter_mut() {
                    *label = squeezed(label);
                    if value == "\0" {
                        value.clone_from(label);
                    }
                }
                if !options.iter().any(|(_, _, chosen)| *chosen)
                    && let Some((_, _, chosen)) = options.first_mut()
                {
                    *chosen = true;
                }
            }
        }
        for button in &mut parsed.buttons {
            button.owner = form_of(&button.owner_id, button.owner);
            button.label = squeezed(&button.label);
        }
        parsed
    }
}
