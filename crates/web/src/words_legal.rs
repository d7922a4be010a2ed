//! The texts of the page for officials. See [`crate::words`].

catalogue! {
    title: "For officials and courts";
    lead: "We answer demands in writing, tell whoever they concern, and report them in public. Most of what is usually asked for does not exist here.";

    who: "Who runs this server, and where to write";
    no_entity: "The operator has not said who they are in law. Ask for it in writing before you name a party.";
    no_address: "The operator has not given a postal address.";
    contact: "The desk:";
    no_contact: "The operator has not given a way to reach the desk. Until they do, nothing on this server takes a paper.";
    accepts_nothing: "This page accepts no service and no jurisdiction, and waives no right of ours or of anybody who uses this server. A message to an account here reaches no desk.";

    serve: "How to serve";
    service_unset: "The operator has not said how papers are served on them. What the law requires applies; this page replaces none of it.";
    serve_name: "Who issued it: name, office, rank, and a published number of the office on which we can call back.";
    serve_law: "The law that covers each thing you ask for, line by line. \"All records\" names none, and has to be narrowed in writing.";
    serve_handle: "The account's full name (@name and this server's domain) or the address of a post. A display name is not enough.";
    serve_offence: "The offence or the law that was broken.";
    serve_court: "The court's order, where there is one; and the provision, if you say that we may not tell the person concerned. A wish for silence binds nobody.";
    serve_due: "A date that leaves time to answer, and where objections go.";
    serve_key: "An age public key. What is produced is encrypted to it, signed, and listed with hashes.";

    held: "What is held";
    held_lead: "This comes from the inventory in which every stored column has an entry, and which the program compares with its database at every start. It is the same for every account, and worded as the person sees it.";
    thing: "Thing";
    us: "18 USC 2703";
    eu: "Reg. (EU) 2023/1543";
    until: "Until when";
    credential: "Credentials, such as a passphrase's hash, are named in an answer and never produced.";
    in_full: "Column by column";
    never: "Never collected";
    outside: "Outside the program";
    outside_lead: "Of these the operator has to speak, line by line, in their own words.";

    instruments: "Which instrument for what";
    instruments_lead: "From the rule pack that our desk reads demands against. It may be out of date; points that were not read at their source are marked \"to be verified\".";
    authority: "Law";
    compels: "It can compel";
    authorised: "Authorised by";
    standard: "Standard";
    binds: "Binds by itself";
    notice: "May we tell the user";
    verify: "To be verified";

    telling: "Whom we tell";
    telling_before: "We tell the person concerned before anything is disclosed: what was asked, by whom, by when, what is held. They have 14 days to answer, or until two business days before a binding deadline.";
    telling_bar: "We don't where a statute or a court's order forbids it. We ask for its end or review, and tell within 24 hours of its end.";
    telling_except: "Two people can make an exception in writing when an account is known to be in another's hands, or when telling would cost a life. It is counted in the report.";
    telling_public: "Every demand is counted in public, the informal and the withdrawn too, by office and rank. No target is named.";

    verifying: "How we verify";
    verifying_call: "We call back on a number that we find ourselves. A demand by an unverified sender is not answered.";
    verifying_two: "Deciding and producing take two people, or a day's wait.";
    verifying_emergency: "Emergencies: danger of death or serious injury, in writing, with what is needed and why now. Nobody has to disclose; two people decide after a call back, and the person is told within 72 hours.";
    verifying_preserve: "Preservation: name the records. A copy of those is kept apart for the time that the law gives, and then let go.";
    verifying_false: "What we answer about the program comes from the inventory and from logged purges; nobody can type it.";

    costs: "Costs";
    costs_unset: "The operator has not said what they charge.";
    rules: "Rules:";
    hash: "SHA-256";
}
