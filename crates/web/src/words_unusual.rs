//! The texts of steps that a desk takes seldom: emergencies, narrowing, a court's override, orders to preserve. See
//! [`crate::words`].

catalogue! {
    emergency: "An emergency is claimed";
    emergency_means: "An official says that a life is in danger. Nothing is disclosed by this: call back on a number that you found, and two people decide.";
    emergency_field: "What was said, or why you decline";
    emergency_what: "What happens";
    emergency_ask: "An official says that a life is in danger";
    emergency_decline: "We decline";
    approve: "Approve an emergency as the first person";
    approve_means: "You say that the danger is shown, and which records may be disclosed. Another officer discloses them, after a call-back. The user is told within 72 hours.";
    approve_why: "What shows the danger";
    disclose: "Disclose in an emergency";
    disclose_means: "You are the second person. What another officer approved is handed to you, encrypted to the recipient's key. It is not kept here, and nobody can call it back. The user is told within 72 hours.";
    narrow: "It was narrowed in writing";
    narrow_means: "The issuer asks for less. Each line takes the place of an older one, and what was computed before is computed anew.";
    narrow_lines: "What is asked for now";
    narrow_hint: "One a line: the number of the older line, from 0, =, and the new words. As in: 0=user names";
    wrong_lines: "Write one a line, as in 0=user names.";
    order: "A court puts a guard aside";
    order_means: "You enter a court's order that puts one guard aside, for the one step that it names. It counts when a second officer enters it too (Agree as the second person). It can't reach private content, and not the notice.";
    order_guard: "Which guard";
    guard_window: "The user's time to answer";
    guard_findings: "The four findings";
    guard_compelled: "Classes of records, save private content";
    guard_call_back: "The call-back";
    guard_wait: "A single officer's wait";
    order_step: "For which step";
    step_determination: "What will be done";
    step_ready: "Making the production ready";
    step_production: "Producing";
    preserve: "Keep records for an order to preserve";
    preserve_means: "Just the records that you name are copied and sealed until that day. Nothing is produced.";
    preserve_records: "Which records";
    preserve_until: "The last day";
    extend: "Keep them longer, or let them go";
    extend_means: "The copies are kept until a new day, or destroyed now. What was destroyed can't be brought back.";
    extend_what: "What happens to them";
    extend_longer: "They are kept until the day below";
    extend_release: "They are let go now";
    day_hint: "As in 2017-04-07.";
}

/// The texts of these steps.
pub use EN as UNUSUAL;
