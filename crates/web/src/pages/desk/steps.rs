//! What officers can do with a demand: a table. One page asks for each step, and one sentence says what it does.

use bauta_desk::Case;
use bauta_desk::legal::{Finding, Position};

use crate::words_courts::COURTS;
use crate::words_desk::DESK;

/// What a field of a step takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line.
    Line,
    /// Some lines.
    Text,
    /// One of these: a value and its words.
    Choice(&'static [(&'static str, &'static str)]),
    /// Yes, or not ticked.
    Tick,
    /// Records that can be produced, each with a box.
    Records,
    /// The grounds of an objection: the recorded defects, each with a box.
    Defects,
    /// One of the demand's documents.
    Document,
    /// One of the demand's court cases.
    Court,
}

/// A field of a step.
#[derive(Clone, Copy)]
pub struct Field {
    /// Its name in the form.
    pub name: &'static str,
    /// What stands above it.
    pub label: &'static str,
    /// What stands below that; may be empty.
    pub hint: &'static str,
    /// What it takes.
    pub kind: Kind,
}

/// Something that an officer can do.
pub struct Step {
    /// Its name in the address.
    pub code: &'static str,
    /// What is to be done.
    pub title: &'static str,
    /// What happens, and to whom.
    pub means: &'static str,
    /// It can't be undone: the passphrase is asked for once more.
    pub grave: bool,
    /// What it takes.
    pub fields: &'static [Field],
}

/// A field.
pub const fn field(name: &'static str, label: &'static str, hint: &'static str, kind: Kind) -> Field {
    Field {
        name,
        label,
        hint,
        kind,
    }
}

/// Why.
pub const REASON: Field = field("reason", DESK.field_reason, DESK.field_reason_hint, Kind::Text);
/// The court.
pub const COURT: Field = field("court", DESK.field_court, "", Kind::Line);
/// A day, as it was received.
pub const ON: Field = field("on", DESK.field_on, DESK.field_day_hint, Kind::Line);
/// One of the demand's documents.
pub const DOCUMENT: Field = field(
    "document",
    DESK.field_document,
    DESK.field_document_hint,
    Kind::Document,
);
const MET: Kind = Kind::Choice(&[("yes", DESK.met), ("no", DESK.not_met)]);
const RULE: Field = field("rule", DESK.field_rule, "", Kind::Line);
/// One of the demand's court cases.
pub const CASE: Field = field("case", DESK.field_case, "", Kind::Court);

/// A table of steps, whose titles and sentences are of one catalogue.
macro_rules! steps {
    ($words:ident $($code:literal $title:ident $means:ident $grave:literal [$($field:expr),* $(,)?];)*) => {
        /// These steps.
        pub static STEPS: &[Step] = &[$(Step {
            code: $code,
            title: $words.$title,
            means: $words.$means,
            grave: $grave,
            fields: &[$($field),*],
        },)*];
    };
}
pub(super) use steps;

steps! { DESK
    "hold" step_hold step_hold_means false [
        field("keep", DESK.field_keep, "", Kind::Choice(&[("sealed_copy", DESK.keep_copy), ("nothing", DESK.keep_nothing)])),
        REASON,
    ];
    "verify" step_verify step_verify_means false [
        field("how", DESK.field_how, "", Kind::Choice(&[
            ("called_back", DESK.how_called),
            ("court_record", DESK.how_record),
            ("in_person", DESK.how_person),
            ("signature", DESK.how_signature),
            ("not_genuine", DESK.how_not),
        ])),
        field("reason", DESK.field_note, DESK.field_note_hint, Kind::Text),
    ];
    "review" step_review step_review_means false [];
    "scope" step_scope step_scope_means false [];
    "notice" step_notice step_notice_means true [];
    "findings" step_findings step_findings_means false [
        field("offence_shown", DESK.finding_offence, "", MET),
        field("offence_shown_why", DESK.why_offence, "", Kind::Line),
        field("least_restrictive", DESK.finding_least, "", MET),
        field("least_restrictive_why", DESK.why_least, "", Kind::Line),
        field("not_to_suppress_speech", DESK.finding_speech, "", MET),
        field("not_to_suppress_speech_why", DESK.why_speech, "", Kind::Line),
        field("need_outweighs", DESK.finding_need, "", MET),
        field("need_outweighs_why", DESK.why_need, "", Kind::Line),
    ];
    "determine" step_determine step_determine_means true [
        field("decision", DESK.field_decision, "", Kind::Choice(&[
            ("no_duty", DESK.refuse_no_duty),
            ("defects", DESK.refuse_defects),
            ("findings", DESK.refuse_findings),
            ("foreign_law", DESK.refuse_foreign),
            ("hold_only", DESK.refuse_hold),
            ("instrument", DESK.produce_instrument),
            ("consent", DESK.produce_consent),
        ])),
        field("items", DESK.field_items, DESK.field_items_hint, Kind::Records),
        REASON,
    ];
    "second" step_second step_second_means true [
        field("step", DESK.field_second, "", Kind::Choice(&[
            ("determination", DESK.second_determination),
            ("notice_exception", DESK.second_exception),
            ("court_order", DESK.second_order),
            ("terms", DESK.second_terms),
        ])),
    ];
    "ready" step_ready step_ready_means false [
        field("redactions", DESK.field_redactions, DESK.field_redactions_hint, Kind::Text),
    ];
    "produce" step_produce step_produce_means true [
        field("to", DESK.field_to, DESK.field_to_hint, Kind::Line),
    ];
    "object" step_object step_object_means true [
        field("grounds", DESK.field_grounds, "", Kind::Defects),
        REASON,
    ];
    "lift-objection" step_lift step_lift_means false [REASON];
    "enforcement" step_enforcement step_enforcement_means false [COURT];
    "challenge" step_challenge step_challenge_means false [
        field("by", DESK.field_challenger, "", Kind::Choice(&[
            ("provider", DESK.challenger_us),
            ("user", DESK.challenger_user),
        ])),
        COURT,
    ];
    "court" step_court step_court_means true [
        field("outcome", DESK.field_outcome, "", Kind::Choice(&[
            ("quashed", DESK.outcome_quashed),
            ("enforced", DESK.outcome_enforced),
            ("modified", COURTS.outcome_modified),
        ])),
        field("lines", COURTS.field_lines, COURTS.field_lines_hint, Kind::Text),
        COURT,
        ON,
        DOCUMENT,
    ];
    "file" step_file step_file_means false [
        COURT,
        field("docket", DESK.field_docket, "", Kind::Line),
        ON,
        field("parties", DESK.field_parties, DESK.field_parties_hint, Kind::Text),
        field("sealed", DESK.field_sealed, "", Kind::Tick),
        field("refiles", COURTS.field_refiles, "", Kind::Court),
    ];
    "docket" step_docket step_docket_means false [
        CASE,
        ON,
        field("kind", DESK.field_entry, DESK.field_entry_hint, Kind::Line),
        RULE,
        field("pages", DESK.field_pages, "", Kind::Line),
    ];
    "dismissed" step_dismissed step_dismissed_means true [
        CASE,
        ON,
        field("voluntary", DESK.field_voluntary, "", Kind::Tick),
        field("with_prejudice", DESK.field_prejudice, "", Kind::Tick),
        RULE,
    ];
    "gag" step_gag step_gag_means true [
        field("basis", DESK.field_basis, "", Kind::Choice(&[
            ("request", COURTS.basis_request),
            ("statute", DESK.basis_statute),
            ("certification", DESK.basis_certification),
            ("order", DESK.basis_order),
        ])),
        DOCUMENT,
        COURT,
        ON,
        field("user_may_know", DESK.field_user_may_know, "", Kind::Tick),
        field("ends", DESK.field_ends, DESK.field_ends_hint, Kind::Line),
        field("review", DESK.field_review, DESK.field_day_hint, Kind::Line),
        field("named", DESK.field_named, DESK.field_named_hint, Kind::Text),
    ];
    "challenge-gag" step_challenge_gag step_challenge_gag_means false [COURT];
    "lift-gag" step_lift_gag step_lift_gag_means true [COURT, ON, DOCUMENT];
    "stale" step_stale step_stale_means false [REASON];
    "no-records" step_no_records step_no_records_means false [];
    "pass-on" step_pass_on step_pass_on_means false [
        field("keyholder", DESK.field_keyholder, DESK.field_keyholder_hint, Kind::Line),
        field("answer", DESK.field_answer, "", Kind::Choice(&[
            ("object", DESK.answer_objects),
            ("consent", DESK.answer_consents),
            ("revoke", DESK.answer_revokes),
            ("publish", DESK.answer_publish),
        ])),
        field("words", DESK.field_words, "", Kind::Text),
    ];
    "except" step_except step_except_means true [
        field("ground", DESK.field_ground, "", Kind::Choice(&[
            ("account_taken", DESK.ground_taken),
            ("threat_to_life", DESK.ground_life),
        ])),
        REASON,
    ];
    "withdrawn" step_withdrawn step_withdrawn_means true [ON];
    "publish" step_publish step_publish_means true [
        field("to", DESK.field_publish, "", Kind::Choice(&[
            ("aggregate", DESK.publish_aggregate),
            ("redacted_page", DESK.publish_redacted),
            ("full_page", DESK.publish_full),
        ])),
    ];
    "close" step_close step_close_means true [];
}

/// Steps that a desk takes seldom.
pub fn seldom() -> impl Iterator<Item = &'static Step> {
    super::unusual::STEPS.iter().chain(super::courts::STEPS)
}

/// The step of a name.
pub fn named(code: &str) -> Option<&'static Step> {
    STEPS.iter().chain(seldom()).find(|step| step.code == code)
}

/// What is to be done next, where something is.
pub fn next(case: &Case) -> Option<&'static Step> {
    let process = &case.state.process;
    if process.hold.is_none() {
        return named("hold");
    }
    let code = match process.position {
        Position::Received => "verify",
        Position::Verifying if process.verified => "review",
        Position::Verifying => "verify",
        Position::Reviewed => "scope",
        Position::ScopeComputed | Position::NoticeDue => "notice",
        Position::NoticeDelayed if case.state.gag.position.name() == "lifted" => "notice",
        Position::Noticed if process.findings.len() < Finding::ALL.len() => "findings",
        Position::Noticed => "determine",
        Position::Determining => "second",
        Position::Determined => "ready",
        Position::Ready => "produce",
        Position::Produced
        | Position::NoRecords
        | Position::NotGenuine
        | Position::Quashed
        | Position::Withdrawn
        | Position::Stale
        | Position::EmergencyDeclined
        | Position::EmergencyDisclosed => {
            if case.state.notice_owed() {
                "notice"
            } else {
                "close"
            }
        }
        Position::Enforced => "determine",
        _ => return None,
    };
    named(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_a_name_of_its_own() {
        let all = || STEPS.iter().chain(seldom());
        let names: std::collections::BTreeSet<&str> = all().map(|step| step.code).collect();
        assert_eq!(names.len(), all().count());
        for step in all() {
            assert!(!step.title.is_empty() && !step.means.is_empty(), "{}", step.code);
        }
    }
}
