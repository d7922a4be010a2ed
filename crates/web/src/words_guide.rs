//! The guide for people who speak. See [`crate::words`]; `docs/speaking.md` is made from it.

/// A part of the guide: a heading, and what is said below it.
pub struct Part {
    /// Its heading.
    pub heading: &'static str,
    /// One thought each.
    pub says: &'static [&'static str],
}

catalogue! {
    title: "Before you speak";
    lead: "What this server keeps from others, what it can't, and what is yours to do. It takes five minutes to read.";
    unaudited: "Nobody outside the project has reviewed this program yet. If being named would put you in danger, ask somebody who knows your situation before you rely on it.";
}

/// What it says, part by part.
pub static PARTS: &[Part] = &[
    Part {
        heading: "What this server keeps from others",
        says: &[
            "It asks for no name, e-mail address or phone number, and keeps no address, device or history of your visits. Who takes the disk, or comes with an order of a court, finds none: none is there.",
            "What it stores of time is a minute; of the day you joined, the month.",
            "Pictures are made anew from what can be seen in them, films and sounds from what can be seen and heard. What a camera or a program wrote beside that does not come along.",
            "When somebody demands to know who you are, you are told, unless a law forbids it, and what became of the demand is published.",
        ],
    },
    Part {
        heading: "What it can't keep from others",
        says: &[
            "A public post is public for good. Others copy it, and a copy elsewhere does not go when yours does.",
            "The operator can read direct posts, and so can the operator of the server of whom you write to.",
            "Your network sees that somebody was here, unless you come by the onion address.",
            "Writing has a style, and some things only one person can know. No program hides that.",
            "Whoever watches long enough sees at which hours you speak, and on which days you never do.",
        ],
    },
    Part {
        heading: "First: who must not find out?",
        says: &[
            "Colleagues and neighbours know how you talk, what annoys you, and where you were on Tuesday. Against them, what you write matters more than how you connect.",
            "An employer sees its own network, its devices and its printers. Never use them for this, and not at work either.",
            "An authority can ask networks, shops and other services about you, long after. What was never written down anywhere can't be asked for.",
        ],
    },
    Part {
        heading: "How you come here",
        says: &[
            "Use Tor Browser and the onion address of this server, if it has one; then not even the server can see where you are. Every page works at the setting \"Safest\".",
            "Use a device that is yours alone, and nothing else in the same browser: no mail, no other account.",
            "Come from different places, or from one where you always are. Do not come only from where something just happened.",
            "An app is known to its maker and its shop, and push messages go through them. The pages need no app.",
        ],
    },
    Part {
        heading: "Your name and your passphrase",
        says: &[
            "Take a name that you use nowhere else, and a picture that was never anywhere.",
            "Keep the passphrase in a password manager, or on paper in a place that is not searched with you. Nobody can reset it, so that nobody can be made to.",
            "Do not look at your own account from an account under your real name, and do not follow your friends first.",
        ],
    },
    Part {
        heading: "What you write",
        says: &[
            "Leave out what few people know: exact figures, rooms, file names, the day on which you heard of it, who else was there.",
            "Quote a paper in your own typing. A scan or a photograph of a page can carry marks of the printer, of the copy that was yours, and of your camera. A document that was given to you may differ by a word from everybody else's.",
            "Write plainly and briefly. Read it again an hour later, as somebody would who wants to know who wrote it.",
            "The check before posting finds what a program can find: names of places, numbers, links that carry who shared them, a phrase that you use all the time. It does not know what only you know.",
        ],
    },
    Part {
        heading: "What is in a picture",
        says: &[
            "Look at its edges: reflections, windows, badges, screens, handwriting, the view. What can be seen stays in it.",
            "Several photographs by one camera can be shown to be by one camera, from the grain alone. Take pictures that were published before, or none.",
        ],
    },
    Part {
        heading: "When you post",
        says: &[
            "Everyone sees the minute. What is held, or planned for later, appears at a time that says less about you.",
            "Do not speak first about what only a few can know yet. Wait until more people do.",
            "Keep no rhythm: a voice that falls silent during one person's holidays has said who it is.",
        ],
    },
    Part {
        heading: "With others",
        says: &[
            "Nobody of this server ever asks who you are, or for your passphrase. Who does is not of this server.",
            "Open no link or file of a stranger's outside Tor Browser, and move to no other service because somebody asks you to.",
            "Tell nobody that it is you. If you must, tell one person, and speak; do not write it.",
            "Journalists have better ways to receive papers than a microblog: look for their own instructions, and follow those.",
        ],
    },
    Part {
        heading: "When somebody demands to know who you are",
        says: &[
            "You find a message here, with what was asked, by whom, what is held, and until when you can answer. You need not answer, and you need not say who you are to object.",
            "Find a lawyer before you answer; the message says where. Who reads your answer stands beside the field.",
            "From the moment at which you know of a demand, or have reason to expect one, delete nothing that it may be about, here or anywhere else. That can be an offence of its own, and do you more harm than what you said. Ask a lawyer first.",
            "Until then, deleting is yours to do as you like, and is done as the page about what is held says.",
        ],
    },
    Part {
        heading: "If something went wrong",
        says: &[
            "Somebody has your passphrase or your device: end all sessions and apps in the settings, and take a new passphrase.",
            "Somebody has guessed who you are: do not answer, confirm or deny. Silence tells the least. Talk to somebody whom you trust, in person.",
            "You are in danger: people first. Organisations that help journalists and human-rights defenders know how; this server can't help you there.",
        ],
    },
];
