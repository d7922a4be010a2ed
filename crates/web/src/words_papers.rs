//! The texts of papers as pictures, and of their redacted copies. See [`crate::words`].

catalogue! {
    not_done: "This was not done";
    page: "Page";
    pages: "Pages";
    beside: "The paper";
    beside_means: "It lies open for you alone, for an hour, and goes to the papers when you receive the demand.";
    beside_show: "Show its pages beside the form";
    beside_away: "Take another file";
    picture_of: "The paper, page";
    open_lead: "A paper of this demand lies open for you.";
    open_link: "Look at its pages and black out parts";
    open_away: "Put it away";
    open_title: "Show the pages of a paper";
    open_means: "Open the paper with age on a machine of yours, and send what came out, as it is. It lies open for you alone, for an hour, in memory only.";
    open_file: "The opened paper";
    open_show: "Show its pages";
    nothing_open: "No paper is open: show its pages first.";
    back_to_papers: "Back to the papers";

    black_out: "Black out parts";
    black_lead: "So would everybody see it: pixels in sixteen greys, boxes burned in. Nothing of the file but this comes through. Draw boxes wider than the words, since their width can give a word away.";
    black_unknown: "It is not known which paper of this demand this is: the public copy then says nothing of its original. Send it as age gave it, with its first line, to have that said.";
    black_click: "Choose two opposite corners of a box on the page. Without a pointer, use the numbers below.";
    black_first: "One corner is chosen. Choose the opposite one.";
    black_alt: "Choose a corner of a box on page";
    black_numbers: "A box by numbers";
    black_numbers_hint: "In percent of the page, from its top left.";
    left: "from the left";
    top: "from the top";
    width: "width";
    height: "height";
    black_add: "Black this out";
    black_boxes: "Boxes";
    black_none: "There is no box yet.";
    black_remove: "Take it away";
    propose: "Propose this copy";
    propose_means: "It waits for a second officer, who sees the very file. Nothing is public by this.";
    propose_title: "What the public reads as its name";
    propose_send: "Propose it";
    wrong_box: "Write four numbers, in percent.";

    copies: "Redacted copies that wait for a second officer";
    copy_waits: "proposed";
    copy_page: "page";
    copy_pages: "pages";
    copy_box: "box";
    copy_boxes: "boxes";
    copy_lead: "This is the very file that would be published, drawn anew. Look at each page.";
    copy_incomplete: "Something on a page could not be drawn. Compare it with the original before you publish it.";
    copy_own: "You proposed it, so another officer has to look at it. Where there is one officer only, a day's wait stands in place of the second.";
    copy_publish: "Publish this copy";
    copy_publish_means: "Everybody can load this file from now on, and the public log names its hash. It can't be called back.";
    copy_drop: "Throw it away";
    grave_lead: "This can't be undone.";
    grave_pass: "Your passphrase, once more";
}

/// The texts of papers.
pub use EN as PAPERS;
