//! The paper of 2017, as facts: what `bauta desk intake` takes.

use serde_json::{Value, json};

/// The administrative summons, about `targets`.
#[must_use]
pub fn summons(targets: &[&str]) -> Value {
    json!({
        "instrument": "administrative summons",
        "authority": "19 U.S.C. 1509",
        "issuer": "U.S. Customs and Border Protection, Office of Professional Responsibility",
        "issuer_rank": "special agent in charge",
        "signed_by_judge": false,
        "served": {"on": "2017-03-14", "by": "fax"},
        "due": "2017-03-13T11:45:00",
        "non_disclosure": "request",
        "offence_named": false,
        "requested": [
            "all records regarding the account", "user names", "account login", "phone numbers", "mailing addresses",
            "I.P. addresses",
        ],
        "issuer_verified": true,
        "signed": true,
        "targets": targets,
    })
}
