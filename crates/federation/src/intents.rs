//! Acting from elsewhere (FEP-3b86, and the older template of OStatus): where people of this server are sent by pages
//! elsewhere, and where a visitor of ours is sent who has an account elsewhere.

use bauta_model::Handle;
use bauta_service::search::Act;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::fetch::Failed;
use crate::people::self_link;
use crate::{Peers, json};

/// The relation of a template that leads to following an account or answering a post (OStatus, as Mastodon uses it).
const SUBSCRIBE: &str = "http://ostatus.org/schema/1.0/subscribe";
/// Relations of FEP-3b86 begin with this.
const INTENT: &str = "https://w3id.org/fep/3b86/";
/// Bytes of a template.
const LONGEST: usize = 2048;

/// What WebFinger says of an account here: pages of ours by which people act on what they saw elsewhere.
pub fn links(base: &str) -> Vec<Value> {
    let mut links = vec![json!({"rel": SUBSCRIBE, "template": format!("{base}/search?q={{uri}}")})];
    for intent in ["Follow", "Object", "Like", "Announce"] {
        let template = format!("{base}/search?q={{object}}");
        links.push(json!({"rel": format!("{INTENT}{intent}"), "template": template}));
    }
    let template = format!("{base}/share?text={{content}}");
    links.push(json!({"rel": format!("{INTENT}Create"), "template": template}));
    links
}

impl Peers {
    /// Where the visitor who says to be `handle` goes on to act on `object`. Nothing of it is kept.
    pub(crate) async fn way(&self, handle: &Handle, act: Act, object: &str) -> Result<String, Failed> {
        let domain = handle.domain().ok_or(Failed::Refused)?;
        if !self.may_ask_again(domain) {
            return Err(Failed::Later);
        }
        let found = self.webfinger(domain, &format!("acct:{handle}")).await?;
        let actor = self_link(&found).ok_or(Failed::Gone)?;
        let hosts = [domain.to_owned(), json::authority(actor).ok_or(Failed::Refused)?];
        let template = template(&found, act).ok_or(Failed::Gone)?;
        filled(template, object, &hosts, self.local).ok_or(Failed::Refused)
    }
}

fn template(found: &Value, act: Act) -> Option<&str> {
    let first = match act {
        Act::Follow => format!("{INTENT}Follow"),
        Act::Open => format!("{INTENT}Object"),
    };
    let links = json::list(found, "links");
    [first.as_str(), SUBSCRIBE].into_iter().find_map(|wanted| {
        let fits = |link: &&&Value| {
            link["rel"]
                .as_str()
                .is_some_and(|rel| rel.eq_ignore_ascii_case(wanted))
        };
        links.iter().find(fits)?["template"].as_str()
    })
}

/// The address that a template leads to. It has to be on the server that says so: a template is a hint of a stranger's.
fn filled(template: &str, object: &str, hosts: &[String], local: bool) -> Option<String> {
    if template.len() > LONGEST || !["{uri}", "{object}"].iter().any(|place| template.contains(place)) {
        return None;
    }
    let object: String = form_urlencoded::byte_serialize(object.as_bytes()).collect();
    let mut address = template.replace("{uri}", &object).replace("{object}", &object);
    // What else could be said is not.
    while let Some((before, rest)) = address.split_once('{') {
        let (_, after) = rest.split_once('}')?;
        address = format!("{before}{after}");
    }
    let url = Url::parse(&address).ok()?;
    let scheme = url.scheme() == "https" || (local && url.scheme() == "http");
    let named = url.username().is_empty() && url.password().is_none();
    let host = json::authority(&address)?;
    (scheme && named && hosts.contains(&host)).then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(template: &str) -> Option<String> {
        let hosts = ["a.example".to_owned(), "social.a.example".to_owned()];
        filled(template, "https://b.example/@x?y&z", &hosts, false)
    }

    #[test]
    fn a_template_leads_to_its_own_server_and_says_what_is_meant() {
        let object = "https%3A%2F%2Fb.example%2F%40x%3Fy%26z";
        for (template, path) in [
            ("https://a.example/go?uri={uri}", "https://a.example/go?uri="),
            (
                "https://social.a.example/go?o={object}",
                "https://social.a.example/go?o=",
            ),
        ] {
            assert_eq!(fill(template), Some(format!("{path}{object}")));
        }
        let more = fill("https://a.example/go?o={object}&s={on-success}&c={on-cancel}");
        assert_eq!(more, Some(format!("https://a.example/go?o={object}&s=&c=")));
    }

    #[test]
    fn a_template_that_leads_elsewhere_leads_nowhere() {
        for hostile in [
            "javascript:alert(1)//{uri}",
            "data:text/html,{uri}",
            "http://a.example/{uri}",
            "https://evil.example/{uri}",
            "https://a.example.evil.example/{uri}",
            "https://a.example@evil.example/{uri}",
            "https://me@a.example/{uri}",
            "https://a.example:444/{uri}",
            "//a.example/{uri}",
            "https:{uri}",
            "{uri}",
            "https://a.example/nothing",
            "https://a.example/{uri}{",
            "",
        ] {
            assert_eq!(fill(hostile), None, "{hostile}");
        }
        assert_eq!(
            fill(&format!("https://a.example/{}{{uri}}", "x".repeat(3000))),
            None
        );
    }
}
