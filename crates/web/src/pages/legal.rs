//! For officials: how to serve, which instrument for what, what is held. Made from inventory.toml, the rule pack and what
//! the operator has said; what they have not said, the page says they have not.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use bauta_inventory::{Eu, Inventory, OTHERS_SENTENCE, Thing, Us};
use bauta_legal::NOT_ADVICE;
use bauta_legal::pack::Instrument;
use bauta_service::{App, Contact, LegalSettings};

use crate::frame::{Frame, Here, public_page};
use crate::visitor::Visitor;
use crate::words_legal::{EN, Words};

#[derive(Template)]
#[template(path = "page/legal.html")]
struct Legal {
    frame: Frame,
    words: &'static Words,
    advice: &'static str,
    settings: LegalSettings,
    contact: Option<Contact>,
    things: Vec<HeldThing>,
    inventory: &'static Inventory,
    others: &'static str,
    instruments: Vec<&'static Instrument>,
    pack_version: &'static str,
    pack_hash: String,
}

/// A line of what is held, with its classes in both schemes.
struct HeldThing {
    label: &'static str,
    us: String,
    eu: String,
    until: &'static str,
}

/// `GET /legal`
pub async fn legal(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let pack = app.desk.rules();
    let settings = app.site.legal.clone();
    let page = Legal {
        frame: Frame::new(&app, &visitor, EN.title, Here::Elsewhere).indexable(true),
        words: &EN,
        advice: NOT_ADVICE,
        contact: settings.contact.clone().or_else(|| app.site.contact.clone()),
        settings,
        things: held_things(app.inventory),
        inventory: app.inventory,
        others: OTHERS_SENTENCE,
        instruments: pack.instruments().collect(),
        pack_version: pack.version(),
        pack_hash: pack.hash().to_string(),
    };
    public_page(&visitor, &page)
}

fn held_things(inventory: &'static Inventory) -> Vec<HeldThing> {
    let personal = inventory.things.iter().filter(|thing| thing.personal);
    personal.map(|thing| held_thing(inventory, thing)).collect()
}

fn held_thing(inventory: &Inventory, thing: &'static Thing) -> HeldThing {
    let columns = || {
        let all = inventory.tables.iter().flat_map(|table| &table.columns);
        all.filter(|column| column.thing == thing.name && !column.credential)
    };
    let us: BTreeSet<Us> = columns()
        .map(|column| column.us)
        .filter(|us| *us != Us::None)
        .collect();
    let eu: BTreeSet<Eu> = columns()
        .map(|column| column.eu)
        .filter(|eu| *eu != Eu::None)
        .collect();
    HeldThing {
        label: &thing.label,
        us: listed(us),
        eu: listed(eu),
        until: &thing.until,
    }
}

/// `A name, E number`; a dash for none.
fn listed(classes: impl IntoIterator<Item = impl ToString>) -> String {
    let names: Vec<String> = classes.into_iter().map(|class| class.to_string()).collect();
    if names.is_empty() {
        "–".to_owned()
    } else {
        names.join(", ")
    }
}
