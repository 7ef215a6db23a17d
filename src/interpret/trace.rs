//! What became of a message on its way, step by step, for people: `interpret --explain`.
//! A step is noted where it happens, so that the explanation is what was done and no
//! second reading. A message that nobody wants explained notes nothing.
//!
//! Not here: the outcome. Which words gave which argument is with the proposal.

use std::fmt;

use crate::{
    domain::proposal::Intent,
    interpret::{
        clauses::{Act, Predicate},
        dates::When,
        entities::{Span, What},
        index::Index,
        regions::{Part, Region},
        scene::Scene,
    },
};

/// At most so many steps are kept of one message.
const STEPS_MAX: usize = 200;
/// So many candidates of a name are told.
const CANDIDATES_MAX: usize = 4;

/// One thing that was found or decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Characters that cannot be seen were left out: so many.
    Hidden(usize),
    /// The message was longer than is read.
    Cut,
    /// A greeting or a signature, set aside.
    Aside(String),
    /// Quoted words.
    Quoted {
        /// Their beginning.
        words: String,
        /// They were handed over, and read.
        handed_over: bool,
    },
    /// The message tries to steer a machine.
    Steers,
    /// Words of the requester say that nothing is to be done.
    Veto(String),
    /// A question waited, and this was taken for its answer.
    Answer {
        /// The action that was asked about.
        action: String,
        /// The argument that was missing.
        argument: String,
    },
    /// Taken together with what was asked before in the thread.
    Follows,
    /// A form or a table was read as this action.
    Form(String),
    /// The whole message is of this sort.
    Sort(Intent),
    /// A name, and whom or what it means.
    Names {
        /// As written.
        words: String,
        /// Whom or what.
        means: String,
    },
    /// A date or a time.
    Time {
        /// As written.
        words: String,
        /// The day, the date, the time and the zone.
        means: String,
    },
    /// A verb, or a noun that stands for one.
    Verb {
        /// With what it governs.
        words: String,
        /// Asked, told, denied…
        act: Act,
        /// In quoted words.
        quoted: bool,
        /// What it could mean, and what became of that.
        met: Vec<(&'static str, Outcome)>,
    },
}

/// What became of an action that a verb could mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Proposed, or asked about.
    Taken,
    /// "no new password needed"
    Denied,
    /// Asks what we can do, of nobody.
    Capability,
    /// Names nobody and nothing.
    Vague,
}

/// The steps of one message, or nothing if nobody wants them.
#[derive(Debug, Default)]
pub struct Trace(Option<Vec<Step>>);

impl Trace {
    /// One that keeps what it is told.
    pub fn kept() -> Self {
        Self(Some(Vec::new()))
    }

    /// Notes a step, made only if it is wanted.
    pub fn note(&mut self, step: impl FnOnce() -> Step) {
        if let Some(steps) = self.0.as_mut().filter(|steps| steps.len() < STEPS_MAX) {
            let step = step();
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }

    /// Notes several.
    pub(super) fn all(&mut self, steps: impl FnOnce() -> Vec<Step>) {
        if self.0.is_some() {
            for step in steps() {
                self.note(|| step);
            }
        }
    }

    /// An empty one, kept or not as this one is.
    pub(super) fn another(&self) -> Self {
        Self(self.0.as_ref().map(|_| Vec::new()))
    }

    /// Takes over what another noted.
    pub(super) fn append(&mut self, other: Self) {
        self.all(|| other.steps());
    }

    /// What was noted, in order.
    pub fn steps(self) -> Vec<Step> {
        self.0.unwrap_or_default()
    }
}

/// What stands outside of all parts: greetings and signatures.
pub(super) fn set_aside(clean: &str, parts: &[Region]) -> Vec<Step> {
    let mut found = Vec::new();
    let mut at = 0;
    let ends = parts.iter().map(|part| (part.start, part.end));
    for (start, end) in ends.chain([(clean.len(), clean.len())]) {
        let words = clean.get(at..start).unwrap_or_default().trim();
        if words.chars().any(char::is_alphanumeric) {
            found.push(Step::Aside(brief(words)));
        }
        at = at.max(end);
    }
    found
}

/// The quoted parts.
pub(super) fn quoted(clean: &str, parts: &[Region], handed_over: bool) -> Vec<Step> {
    let quoted = parts.iter().filter(|part| part.part == Part::Quoted);
    quoted
        .map(|part| Step::Quoted { words: brief(&clean[part.start..part.end]), handed_over })
        .collect()
}

/// Who, what and when is named.
pub(super) fn named(scene: &Scene<'_>) -> Vec<Step> {
    let names = scene.lattice.spans.iter().map(|span| Step::Names {
        words: scene.said(span.from, span.to),
        means: means(scene, span),
    });
    let times = scene.whens.iter().map(|when| Step::Time {
        words: scene.said(when.from, when.to),
        means: moment(scene, when),
    });
    names.chain(times).collect()
}

/// A verb with what it governs.
pub(super) fn verb(
    scene: &Scene<'_>,
    predicate: &Predicate,
    met: Vec<(&'static str, Outcome)>,
) -> Step {
    let words = scene.said(predicate.from, predicate.to);
    Step::Verb { words: brief(&words), act: predicate.act, quoted: predicate.quoted, met }
}

fn brief(words: &str) -> String {
    let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(77) {
        Some((at, _)) => format!("{}…", &one_line[..at]),
        None => one_line,
    }
}

fn moment(scene: &Scene<'_>, when: &When) -> String {
    let zone = scene.context.now.time_zone();
    let zone = zone.iana_name().unwrap_or("UTC");
    let clock = when.time.map(|time| format!(" at {:02}:{:02}", time.hour(), time.minute()));
    let past = if when.past(&scene.context.now) { ", which is over" } else { "" };
    if when.now {
        return format!("now, {}, {zone}", when.date);
    }
    let day = when.date.strftime("%A %Y-%m-%d");
    format!("{day}{}, {zone}{past}", clock.unwrap_or_default())
}

/// Whom or what a span means.
fn means(scene: &Scene<'_>, span: &Span) -> String {
    let index = scene.index;
    let said = of(index, &span.what).unwrap_or_else(|| match &span.what {
        What::Me => format!("you, {}", scene.context.requester.upn.spelled()),
        _ => "somebody named before".to_owned(),
    });
    if span.negated { format!("{said}; not to be touched") } else { said }
}

fn of(index: &Index, what: &What) -> Option<String> {
    Some(match what {
        What::People(all, _) => listed(all, |at| {
            let who = index.somebody(at);
            format!("{} ({})", who.name, who.upn.replace("#ext#", "#EXT#"))
        }),
        What::Nobody => "nobody in the directory".to_owned(),
        What::Manager(inner) => {
            format!("the manager of {}", of(index, inner).unwrap_or_else(|| "them".to_owned()))
        }
        What::Team(inner) => {
            format!("the reports of {}", of(index, inner).unwrap_or_else(|| "them".to_owned()))
        }
        What::Group(all) => {
            format!("the group {}", listed(all, |at| index.groups[at].name.clone()))
        }
        What::Sku(all) => {
            format!("the licence {}", listed(all, |at| index.skus[at].part_number.clone()))
        }
        What::Named(all) => listed(all, |at| {
            let sort = format!("{:?}", index.named[at].sort).to_lowercase();
            format!("the {sort} {}", index.named[at].name)
        }),
        What::Me | What::Pronoun => return None,
    })
}

/// One, or all that match equally well.
fn listed(all: &[usize], name: impl Fn(usize) -> String) -> String {
    let shown: Vec<String> = all.iter().take(CANDIDATES_MAX).map(|at| name(*at)).collect();
    match (all.len(), shown.len()) {
        (1, _) => shown.concat(),
        (all, shown_all) if all == shown_all => format!("any of {}", shown.join(", ")),
        (all, _) => format!("any of {all}: {}, …", shown.join(", ")),
    }
}

impl fmt::Display for Step {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hidden(count) => {
                write!(to, "{count} characters that cannot be seen were left out")
            }
            Self::Cut => write!(to, "the message is too long; its end was not read"),
            Self::Aside(words) => write!(to, "set aside as greeting or signature: “{words}”"),
            Self::Quoted { words, handed_over: true } => {
                write!(to, "quoted, and handed over by the requester's words: “{words}”")
            }
            Self::Quoted { words, handed_over: false } => {
                write!(to, "quoted, and not read as a request: “{words}”")
            }
            Self::Steers => write!(
                to,
                "the words try to steer a machine or to avoid approval; such a message asks for nothing"
            ),
            Self::Veto(words) => write!(to, "“{words}” says that nothing is to be done"),
            Self::Answer { action, argument } => {
                write!(to, "taken as the answer to the open question: {argument} of {action}")
            }
            Self::Form(action) => write!(to, "a form or a table asks for {action}"),
            Self::Follows => write!(to, "read together with what was asked before in the thread"),
            Self::Sort(sort) => to.write_str(match sort {
                Intent::Request => "the message is a request",
                Intent::Help => "the message asks what can be done, or how",
                Intent::Status => "the message asks how a request stands",
                Intent::Cancel => "the message takes a request back",
                Intent::Restore => "the message asks for what an offboarding took",
                Intent::Rehearse => "the message asks what a request would do",
                Intent::None => "the message asks for nothing that can be done here",
            }),
            Self::Names { words, means } | Self::Time { words, means } => {
                write!(to, "“{words}” is {means}")
            }
            Self::Verb { words, act, quoted, met } => {
                let from = if *quoted { " (quoted)" } else { "" };
                write!(to, "“{words}”{from} {}", acted(*act))?;
                met.iter()
                    .try_for_each(|(action, outcome)| write!(to, "{}", ended(action, *outcome)))?;
                let lost = *act == Act::Request && met.is_empty();
                if lost { to.write_str(", but fits no action") } else { Ok(()) }
            }
        }
    }
}

fn acted(act: Act) -> &'static str {
    match act {
        Act::Request => "is asked for",
        Act::Question => "is a question, not a request",
        Act::Capability => "asks what is possible, not for it to be done",
        Act::Negated => "is not to be done",
        Act::Told => "is told, planned or supposed, not asked for",
    }
}

fn ended(action: &str, outcome: Outcome) -> String {
    match outcome {
        Outcome::Taken => format!(", which is {action}"),
        Outcome::Denied => format!(", not {action}: that is ruled out by “no”"),
        Outcome::Capability => format!(", and only asks whether {action} is possible"),
        Outcome::Vague => format!(", perhaps {action}, but it names nobody and nothing"),
    }
}
