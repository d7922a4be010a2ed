//! Any text beside the built-in rules is refused with a sentence, or is a pack that reads every demand.

use bauta_inventory::Inventory;
use bauta_legal::{Demand, ReceivedTime, RulePack, Served, Server, deadlines, notice_window, review};
use bauta_model::CoarseTime;

fn demand(instrument: &str) -> Option<Demand> {
    let text = format!(
        r#"{{"instrument": "{instrument}", "authority": "", "issuer": "", "served": {{"on": "", "by": ""}},
            "requested": ["all records", "user names", "direct messages"]}}"#
    );
    serde_json::from_str(&text).ok()
}

/// Whether it was a pack.
pub fn check(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let own = |name: &str| vec![(name.to_owned(), text.clone().into_owned())];
    let packs = [
        RulePack::load(&own("mine")),
        RulePack::load(&own("civil_subpoena")),
        RulePack::load(&own("general")),
    ];
    let mut was = false;
    for pack in packs {
        let pack = match pack {
            Ok(pack) => pack,
            Err(refusal) => {
                assert!(refusal.to_string().starts_with("rules/"));
                continue;
            }
        };
        was = true;
        for row in pack.instruments() {
            let Some(mut demand) = demand(row.id.as_str()) else {
                continue;
            };
            for (served, due) in [
                ("2017-03-14", "2017-03-13T11:45:00"),
                ("9999-12-31", "9999-12-31"),
                ("0000-01-01", "x"),
            ] {
                demand.served = Served {
                    on: ReceivedTime::new(served),
                    by: String::new(),
                    upon: None,
                };
                demand.due = Some(ReceivedTime::new(due));
                demand.appearance = Some(ReceivedTime::new(due));
                for deadline in deadlines(&demand, &pack) {
                    assert!(!deadline.how.rule.is_empty() && !deadline.how.zone.is_empty());
                }
                let now = CoarseTime::from_unix_seconds(1_489_500_000);
                let server = Server {
                    entities: &[],
                    now,
                    found: 1,
                    inventory: Inventory::builtin(),
                };
                for defect in review(&demand, &pack, &server) {
                    assert!(!defect.rule.is_empty() && !defect.fact.is_empty() && !defect.source.is_empty());
                }
                notice_window(now, Some(now), &demand, &pack);
            }
        }
    }
    was
}
