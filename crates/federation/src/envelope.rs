//! What everything that is sent has: the context, and the name, type and actor of an activity.

use serde_json::{Value, json};

use crate::json;

/// An activity of `actor` as it goes out. `own`: what only this one says.
pub(crate) fn activity(kind: &str, actor: &str, id: String, own: Value) -> Value {
    document(part(kind, actor, id, own))
}

/// An activity that is part of another.
pub(crate) fn part(kind: &str, actor: &str, id: String, own: Value) -> Value {
    let mut activity = json!({"id": id, "type": kind, "actor": actor});
    if let (Some(all), Value::Object(own)) = (activity.as_object_mut(), own) {
        all.extend(own);
    }
    activity
}

/// An activity of `actor` as it is, or that it was taken back.
pub(crate) fn done(actor: &str, activity: Value, stands: bool) -> Value {
    if stands {
        return document(activity);
    }
    let id = format!("{}/undo", json::id(&activity).unwrap_or(actor));
    self::activity("Undo", actor, id, json!({"object": activity}))
}

/// That something of `actor` is gone.
pub(crate) fn gone(actor: &str, name: &str, object: &Value) -> Value {
    let own = json!({"to": [json::PUBLIC], "object": object});
    activity("Delete", actor, format!("{name}#delete"), own)
}

/// A thing by itself, with the context by which it is read.
pub(crate) fn document(mut value: Value) -> Value {
    value["@context"] = context();
    value
}

/// The fixed context of everything that is sent.
fn context() -> Value {
    json!([
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/v1",
        {
            "Hashtag": "as:Hashtag",
            "votersCount": "toot:votersCount",
            "sensitive": "as:sensitive",
            "toot": "http://joinmastodon.org/ns#",
            "Emoji": "toot:Emoji",
            "blurhash": "toot:blurhash",
            "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
            "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
            "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
            "quote": {"@id": "https://w3id.org/fep/044f#quote", "@type": "@id"},
            "quoteAuthorization": {"@id": "https://w3id.org/fep/044f#quoteAuthorization", "@type": "@id"},
            "quoteUri": "http://fedibird.com/ns#quoteUri",
            "_misskey_quote": "https://misskey-hub.net/ns#_misskey_quote",
            "gts": "https://gotosocial.org/ns#",
            "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
            "canReply": {"@id": "gts:canReply", "@type": "@id"},
            "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
            "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
            "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
            "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
            "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
        },
        of_actors(),
    ])
}

fn of_actors() -> Value {
    json!({
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "implements": {"@id": "https://w3id.org/fep/844e/implements", "@type": "@id", "@container": "@list"},
        "suspended": "toot:suspended",
        "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
        "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
        "canFeature": {"@id": "https://w3id.org/fep/7aa9#canFeature", "@type": "@id"},
        "assertionMethod": {"@id": "sec:assertionMethod", "@type": "@id", "@container": "@set"},
        "controller": {"@id": "sec:controller", "@type": "@id"},
        "Multikey": "sec:Multikey",
        "publicKeyMultibase": {"@id": "sec:publicKeyMultibase", "@type": "sec:multibase"},
    })
}
