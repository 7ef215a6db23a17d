//! "She's reporting to me, and it's Dublin, not London", "turn his mailbox into a shared one as
//! well": a joiner, a leaver or a mover who waits for approval, with what is said of them now.
//!
//! Everybody the message names must have a part in it, or it is no amendment.
//!
//! Not here: another day alone; see [`super::later`].

use serde_json::{Value, json};

use crate::{
    domain::proposal::{Because, Intent, Open, Proposal, Understood},
    interpret::{
        dates::When,
        entities::{Span, What},
        lifecycle,
        scene::Scene,
        slots::{self, AT},
        text::key,
    },
};

/// Longer messages are requests of their own.
const WORDS_MAX: usize = 40;
const JOINER: &str = "onboard_user";
const LEAVER: &str = "offboard_user";
const MOVER: &str = "transfer_user";

/// What a reading of the message by itself may be made of, if it is only an amendment.
const PARTS: &[&str] = &[
    "set_forwarding",
    "convert_to_shared_mailbox",
    "wipe_device",
    "set_manager",
    "update_user",
    "assign_license",
    "add_to_group",
];

/// May it be one: short, and nothing else is asked for?
pub fn may_amend(own: &str, read: &Understood) -> bool {
    let process = [JOINER, LEAVER, MOVER];
    let part = |one: &Proposal| {
        PARTS.contains(&one.action.as_str()) || process.contains(&one.action.as_str())
    };
    key(own).split(' ').count() <= WORDS_MAX && read.proposals.iter().all(part)
}

/// The last process as it is now meant, if the message says something of it.
pub fn amended(
    scene: &Scene<'_>,
    own: &str,
    last: &[Proposal],
    read: &Understood,
) -> Option<Understood> {
    let mut processes =
        (0..last.len()).filter(|at| [JOINER, LEAVER, MOVER].contains(&last[*at].action.as_str()));
    let (Some(at), None) = (processes.next(), processes.next()) else { return None };
    let part =
        |one: &Proposal| PARTS.contains(&one.action.as_str()) || one.action == last[at].action;
    if key(own).split(' ').count() > WORDS_MAX || !read.proposals.iter().all(part) {
        return None;
    }
    let mut change = Change { scene, made: last[at].clone(), seen: Vec::new(), changed: false };
    change.made.because = Vec::new();
    match last[at].action.as_str() {
        LEAVER => change.leaver(),
        JOINER => change.work(true),
        _ => change.work(false),
    }
    change.day();
    let beside = if last[at].action == LEAVER {
        lifecycle::delegates(scene, std::slice::from_ref(&change.made))
    } else {
        Vec::new()
    };
    let with: Vec<Value> =
        beside.iter().filter_map(|one| one.arguments.get("user").cloned()).collect();
    if !change.changed || !change.everybody(&with) {
        return None;
    }
    let mut understood = Understood::only(Intent::Request);
    understood.proposals = last.to_vec();
    understood.proposals[at] = change.made;
    understood.proposals.extend(beside);
    Some(understood)
}

/// "Freya Nightingale": who starts, where that was asked.
pub fn who_starts(scene: &Scene<'_>, own: &str, open: &Open) -> Option<Understood> {
    if open.argument != "display_name" || key(own).split(' ').count() > 8 {
        return None;
    }
    let name = lifecycle::newcomer(scene, 0, scene.tokens.len())?;
    let mut made = open.proposal.clone();
    made.because.push(Because { words: name.clone(), gave: open.argument.clone(), quoted: false });
    made.arguments.insert(open.argument.clone(), Value::String(name));
    let mut understood = Understood::only(Intent::Request);
    understood.proposals.push(made);
    Some(understood)
}

/// A process on its way to what is meant now.
struct Change<'a, 's> {
    scene: &'a Scene<'s>,
    made: Proposal,
    /// Where those begin who have a part in it.
    seen: Vec<usize>,
    changed: bool,
}

impl Change<'_, '_> {
    fn set(&mut self, name: &str, value: Value, (from, to): (usize, usize)) {
        if self.made.arguments.get(name) == Some(&value) {
            return;
        }
        let words = self.scene.said(from, to);
        self.made.because.push(Because { words, gave: name.to_owned(), quoted: false });
        self.made.arguments.insert(name.to_owned(), value);
        self.changed = true;
    }

    /// "not London", "instead of Ada", "rather than Sales", "from the 5th".
    fn denied(&self, from: usize) -> bool {
        let word = |back: usize| from.checked_sub(back).map_or("", |at| self.scene.word(at));
        ["not", "than"].contains(&word(1))
            || word(2) == "not" && !["but"].contains(&word(1))
            || (word(2), word(1)) == ("instead", "of")
    }

    /// What becomes of a leaver's mail, mailbox and devices.
    fn leaver(&mut self) {
        let all = (0, self.scene.tokens.len());
        if let Some((span, to)) = lifecycle::sent_on(self.scene) {
            self.seen.push(span);
            self.set("forward_to", to, (span, span + 1));
        }
        if lifecycle::made_shared(self.scene) {
            self.set("convert_mailbox", json!(true), all);
        }
        match lifecycle::devices_wiped(self.scene) {
            Some(true) => self.set("wipe_devices", json!(true), all),
            Some(false) => {
                self.made.arguments.remove("wipe_devices");
                self.set("wipe_devices", json!(false), all);
            }
            None => {}
        }
    }

    /// Under whom, where, as what; and what somebody new is given.
    fn work(&mut self, new: bool) {
        let scene = self.scene;
        let manages = |span: &&Span| {
            (matches!(span.what, What::Me) || span.named())
                && scene.only_manages(span)
                && !self.denied(span.from)
        };
        if let Some(span) = scene.lattice.spans.iter().find(manages)
            && let Some(manager) = slots::sure_person(scene, span)
        {
            self.seen.push(span.from);
            self.set("manager", manager, (span.from, span.to));
        }
        let end = scene.tokens.len();
        for (name, offices) in [("office_location", true), ("department", false)] {
            let places = scene.places(0, end, offices);
            let mut meant = places.into_iter().filter(|(from, to, _)| {
                let group = scene.span(*from).is_some_and(|span| span.to > *to);
                !self.denied(*from) && !group
            });
            if let (Some((from, to, place)), None) = (meant.next(), meant.next()) {
                self.set(name, Value::String(place), (from, to));
            }
        }
        let titles = slots::labelled(scene, 0, end, &["job title", "title", "position", "role"]);
        let title = titles.into_iter().find(|at| {
            scene.tokens.get(*at).is_some_and(|token| token.capital) && !self.denied(*at)
        });
        if let Some((from, to)) = title.and_then(|at| slots::phrase(scene, at, end)) {
            self.set("job_title", Value::String(scene.said(from, to)), (from, to));
        }
        if new {
            self.given();
        }
    }

    /// "and she needs Visio too", "add her to VPN Users as well".
    fn given(&mut self) {
        let scene = self.scene;
        let meant = |span: &&Span| !span.negated && !self.denied(span.from);
        let spans: Vec<Span> = scene.lattice.spans.iter().filter(meant).cloned().collect();
        for span in &spans {
            let (name, value) = match &span.what {
                What::Sku(skus) => match slots::sku_value(scene, span, skus) {
                    slots::Filled::Value(value, _) => ("licenses", value),
                    _ => continue,
                },
                What::Group(all) if all.len() == 1 => {
                    ("groups", Value::String(slots::group_value(scene.index, all[0])))
                }
                _ => continue,
            };
            // "report to Bo instead, and she needs Visio": said of something else.
            let clause = |at: usize| !scene.tokens[at].is(',') && !scene.tokens[at].is('.');
            let instead = (0..span.from)
                .rev()
                .take_while(|at| clause(*at))
                .any(|at| scene.word(at) == "instead")
                || (span.to..scene.tokens.len())
                    .take_while(|at| clause(*at))
                    .any(|at| scene.word(at) == "instead");
            // "the licence ought to be E5": in the place of what was said before.
            let be = (0..span.from).rev().take_while(|at| clause(*at)).any(|at| {
                let value = ["be", "is", "as", "read"].contains(&scene.word(at));
                value
                    && (at.saturating_sub(5)..at).any(|at| {
                        ["licence", "license", "licences", "licenses"].contains(&scene.word(at))
                    })
            });
            let instead = instead || be;
            let before = self.made.arguments.get(name).and_then(Value::as_array);
            let mut all = before.filter(|_| !instead).cloned().unwrap_or_default();
            if !all.contains(&value) {
                all.push(value);
            }
            self.set(name, Value::Array(all), (span.from, span.to));
        }
    }

    /// The one day that is said.
    fn day(&mut self) {
        let scene = self.scene;
        let meant = |when: &&When| {
            when.dated
                && !when.now
                && !when.past(&scene.context.now)
                && !lifecycle::former(scene, when)
                && !self.denied(when.from)
        };
        let mut days = scene.whens.iter().filter(meant).copied();
        let Some(day) = days.next() else { return };
        if days.any(|other| other.date != day.date) {
            return;
        }
        if self.made.action == JOINER {
            let start = Value::String(day.date.to_string());
            self.set("start_date", start, (day.from, day.to));
        } else {
            self.set(AT, Value::String(day.text()), (day.from, day.to));
        }
    }

    /// Has everybody who is named a part in it?
    fn everybody(&self, with: &[Value]) -> bool {
        let scene = self.scene;
        let subject = |span: &Span| {
            let upn = slots::sure_person(scene, span);
            upn.is_some()
                && ["user", "manager", "forward_to"]
                    .iter()
                    .any(|name| self.made.arguments.get(*name) == upn.as_ref())
        };
        let named = |span: &&Span| matches!(span.what, What::People(..) | What::Nobody);
        scene.lattice.spans.iter().filter(named).all(|span| {
            let label = matches!(span.what, What::Nobody) && !scene.word(span.from).contains('@');
            self.seen.contains(&span.from)
                || self.denied(span.from)
                || span.negated
                || scene.aside(span)
                || asks_for(scene, span)
                || label
                || slots::sure_person(scene, span).is_some_and(|one| with.contains(&one))
                || subject(span)
        })
    }
}

/// "Ada asked that she report to Bo": who only wishes it.
fn asks_for(scene: &Scene<'_>, span: &Span) -> bool {
    const ASKS: &[&str] = &[
        "asked",
        "asks",
        "wants",
        "wishes",
        "said",
        "says",
        "agreed",
        "agrees",
        "told",
        "confirmed",
        "prefers",
        "decided",
        "suggests",
        "suggested",
        "would",
    ];
    let begins = span.from <= scene.sentence(span.from).from + 2;
    begins && ASKS.contains(&scene.word(span.to))
}
