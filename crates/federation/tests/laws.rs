//! The laws of what others send over generated input: the same functions that the fuzz targets run.

#[path = "laws/activities.rs"]
mod activities;
#[path = "laws/signatures.rs"]
mod signatures;

use proptest::prelude::*;
use serde_json::{Value, json};

const ACTOR: &str = "https://a.example/u";

/// Names that mean something, or nearly.
fn name() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(ACTOR),
        json!("https://a.example/u/followers"),
        json!("https://A.example:443/u/1"),
        json!("http://a.example/u/1"),
        json!("https://b.example/u"),
        json!("https://me@a.example/u"),
        json!("https://bauta.example/@alice#follows/7"),
        json!("https://www.w3.org/ns/activitystreams#Public"),
        json!("as:Public"),
        json!("Public"),
        json!(""),
        json!("x"),
        json!({"id": ACTOR}),
        json!({"id": {"id": ACTOR}}),
    ])
}

fn kind() -> impl Strategy<Value = Value> {
    let kinds = bauta_federation::incoming::UNDERSTOOD
        .into_iter()
        .chain(["Note", "Article", "Question", "Move", "Hashtag", "Mention"]);
    prop::sample::select(kinds.map(|kind| json!(kind)).collect::<Vec<_>>())
}

fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        any::<i64>().prop_map(|number| json!(number)),
        "\\PC{0,12}".prop_map(|text| json!(text)),
        Just(json!([])),
        Just(json!({})),
    ]
}

fn one_or_many(one: impl Strategy<Value = Value> + Clone + 'static) -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => one.clone(),
        2 => prop::collection::vec(one, 0..4).prop_map(Value::Array),
        1 => odd(),
    ]
}

/// An object whose members are mostly right, and sometimes missing or of another type.
fn thing(kinds: &'static str, object: BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    let kinds = prop_oneof![3 => Just(json!(kinds)), 2 => kind()].boxed();
    let own = prop_oneof![4 => Just(json!(ACTOR)), 1 => name()].boxed();
    let tag = (kind(), name(), "#?\\PC{0,6}")
        .prop_map(|(kind, href, name)| json!({"type": kind, "href": href, "name": name}))
        .boxed();
    let named = name().boxed();
    (
        one_or_many(kinds),
        prop_oneof![3 => Just(json!("https://a.example/u/1")), 1 => name()],
        one_or_many(own.clone()),
        one_or_many(own),
        one_or_many(object),
        (one_or_many(named.clone()), one_or_many(named), one_or_many(tag)),
        (odd(), odd(), odd(), name()),
    )
        .prop_map(|(kind, id, actor, by, object, (to, cc, tag), (words, warning, map, parent))| {
            json!({
                "type": kind, "id": id, "actor": actor, "attributedTo": by, "object": object, "to": to, "cc": cc,
                "tag": tag, "content": words, "summary": warning, "contentMap": {"en": map}, "inReplyTo": parent,
            })
        })
}

fn activity() -> impl Strategy<Value = Value> {
    let inner = thing("Note", name().boxed()).boxed();
    thing("Create", prop_oneof![3 => inner, 1 => name()].boxed())
}

/// Pieces of both kinds of signature headers, mostly in an order in which they mean something.
fn header() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "keyId=\"https://a.example/u#k\"",
        "algorithm=\"rsa-sha256\"",
        "algorithm=\"hs2019\"",
        "signature=\"eA==\"",
        "headers=\"(request-target) host date digest\"",
        "headers=\"(request-target) host (created) digest\"",
        "created=1618884475",
        "created=\"1618884475\"",
        "expires=1",
        "headers=\"host\"",
        ",",
        "=",
        "\"",
        ";",
        "(",
        ")",
        "sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1618884475;keyid=\"k\"",
        "sig1=",
        "\"@path\"",
        "\"@query-param\";name=\"a\"",
        ";alg=\"rsa-v1_5-sha256\"",
        "\n",
        "sig1=:eA==:",
        " ",
        "é",
    ]);
    prop_oneof![
        2 => prop::collection::vec(pieces.clone(), 0..7).prop_map(|pieces| pieces.join(",")),
        1 => prop::collection::vec(pieces, 0..7).prop_map(|pieces| pieces.concat()),
        1 => "\\PC{0,60}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn activities_are_their_senders_and_no_wider_than_they_were_sent(activity in activity()) {
        activities::check(activity.to_string().as_bytes());
    }

    #[test]
    fn any_bytes_are_an_activity_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..400) {
        activities::check(&bytes);
        let whole = json!({"type": "Create", "actor": ACTOR, "object": {"type": "Note"}}).to_string();
        activities::check(&whole.as_bytes()[..cut.min(whole.len())]);
    }

    #[test]
    fn any_header_is_a_signature_that_binds_or_refused(text in header()) {
        signatures::check(&text);
    }
}

#[test]
fn the_laws_get_to_see_what_they_are_about() {
    let note = json!({"type": "Note", "id": "https://a.example/n", "attributedTo": ACTOR, "to": "as:Public"});
    let create = json!({"type": "Create", "id": "https://a.example/c", "actor": ACTOR, "object": note});
    assert!(activities::check(create.to_string().as_bytes()));
    let draft = "keyId=\"k\",headers=\"(request-target) host date digest\",signature=\"eA==\"";
    assert_eq!(signatures::check(draft), (true, false));
    let rfc =
        "sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1618884475;keyid=\"k\"\nsig1=:eA==:";
    assert_eq!(signatures::check(rfc), (false, true));
}
