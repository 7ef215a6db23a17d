//! On which day, and at which hour, somebody leaves or moves.

use serde_json::{Value, json};

use super::{absorbed::own, joiners::former};
use crate::{
    domain::proposal::Proposal,
    interpret::{clauses::Sentence, dates::When, scene::Scene, slots, text::Sort},
};

/// The last day that is named there (and that it is), else the first day that lies ahead.
pub(super) fn day_in(scene: &Scene<'_>, sentence: Sentence) -> Option<(When, bool)> {
    let ahead = |when: &&When| {
        let before = when.from.checked_sub(1).map_or("", |at| scene.word(at));
        when.from >= sentence.from
            && when.to <= sentence.to
            && !when.now
            && when.dated
            && !when.past(&scene.context.now)
            && !scene.lattice.literal[when.from]
            && !["until", "till"].contains(&before)
            && !of_the_notice(scene, when)
            && !former(scene, when)
    };
    let last = |when: &&When| {
        let from = scene.sentence(when.from).from.max(when.from.saturating_sub(8));
        (from..when.from).any(|at| {
            scene.word(at) == "lwd"
                || ["last", "final"].contains(&scene.word(at))
                    && (at + 1..at + 3).any(|at| scene.word(at) == "day")
        }) || {
            // "19 June as his final day"
            let behind = when.to..when.to + 4;
            behind.clone().any(|at| ["as", "is", "being"].contains(&scene.word(at)))
                && behind.into_iter().any(|at| {
                    ["last", "final"].contains(&scene.word(at)) && scene.word(at + 1) == "day"
                })
        }
    };
    let all = || scene.whens.iter().filter(ahead);
    let found = all().find(last).map(|when| (*when, true));
    let (mut when, last) = found.or_else(|| all().next().map(|when| (*when, false)))?;
    // "His last day is Friday. Close it at 18:00 that day."
    let hour = |other: &&When| other.dated && other.date == when.date && other.time.is_some();
    if when.time.is_none()
        && let Some(other) = scene.whens.iter().find(hour)
    {
        when.time = other.time;
    }
    Some((when, last))
}

/// "Ada gave notice. Run the leaver process on Friday at noon": the day of a leaver who is told
/// of without one.
pub(super) fn on_the_day_ordered(scene: &Scene<'_>, one: &mut Proposal) {
    const ORDERS: &[&str] =
        &["leaver", "leavers", "offboard", "offboarding", "exit", "departure", "close", "disable"];
    let ahead = |when: &&When| {
        let sentence = scene.sentence(when.from);
        let ordered = (sentence.from..sentence.to).any(|at| ORDERS.contains(&scene.word(at)));
        ordered && when.dated && !when.now && !when.past(&scene.context.now) && !former(scene, when)
    };
    let mut days = scene.whens.iter().filter(ahead);
    let Some(day) = days.next() else { return };
    if days.all(|other| other.date == day.date) && !one.arguments.contains_key(slots::AT) {
        one.arguments.insert(slots::AT.to_owned(), json!(day.text()));
    }
}

/// "The change takes effect on 1 June", "please update her record as of 1 July": the day of a
/// move that is told without one.
pub(super) fn takes_effect(scene: &Scene<'_>, one: &mut Proposal) {
    const LEADS: &[&str] =
        &["effect", "effective", "from", "of", "wef", "starting", "date", "on", "at"];
    let ahead = |when: &&When| {
        when.dated && !when.now && !when.past(&scene.context.now) && !former(scene, when)
    };
    let mut days = scene.whens.iter().filter(ahead);
    let Some(day) = days.next() else { return };
    // "Personnel changes, 1 June", over the list
    let heads = scene.tokens.get(day.to).is_none_or(|next| next.sort == Sort::Line || next.is(':'));
    let led =
        heads || (day.from.saturating_sub(3)..day.from).any(|at| LEADS.contains(&scene.word(at)));
    if led && days.all(|other| other.date == day.date) && !one.arguments.contains_key(slots::AT) {
        one.arguments.insert(slots::AT.to_owned(), json!(day.text()));
    }
}

/// "… at 6:30 pm on her last day": the one hour that is said at all.
pub(super) fn at_its_hour(scene: &Scene<'_>, one: &mut Proposal) {
    // "He leaves on 13 March. Close it this day at 17:30."
    let day = one.arguments.get(slots::AT).and_then(Value::as_str).map(str::to_owned);
    let hour = |when: &&When| {
        when.dated && when.time.is_some() && day.as_deref() == Some(&*when.date.to_string())
    };
    if let Some(when) = scene.whens.iter().find(hour) {
        one.arguments.insert(slots::AT.to_owned(), json!(when.text()));
        return;
    }
    let mut clocks = scene.whens.iter().filter(|when| !when.dated);
    let (Some(clock), None) = (clocks.next().and_then(|when| when.time), clocks.next()) else {
        return;
    };
    if let Some(Value::String(day)) = one.arguments.get_mut(slots::AT)
        && !day.contains('T')
    {
        *day = format!("{day}T{:02}:{:02}", clock.hour(), clock.minute());
    }
}

/// "… at the end of that day": of a day alone, the hour at which it ends here.
pub(super) fn at_its_end(scene: &Scene<'_>, one: &mut Proposal) {
    let ends = own(scene).into_iter().any(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let behind = |words: &[&str]| (at + 2..at + 4).any(|at| words.contains(&scene.word(at)));
        (word, next) == ("end", "of") && behind(&["day"])
            || (word, next) == ("close", "of") && behind(&["business", "play"])
            || ["cob", "eod"].contains(&word)
    });
    let time = scene.context.end_of_day;
    if let Some(Value::String(day)) = one.arguments.get_mut(slots::AT)
        && ends
        && !day.contains('T')
    {
        *day = format!("{day}T{:02}:{:02}", time.hour(), time.minute());
    }
}

/// "She tendered her resignation on Monday": the day on which it was said, and no last day.
fn of_the_notice(scene: &Scene<'_>, when: &When) -> bool {
    const SAID: &[&str] = &["resignation", "notice", "resigned", "notified", "tendered", "told"];
    let word = |at: usize| SAID.contains(&scene.word(at));
    let near = when.from.saturating_sub(3)..when.from;
    let led = scene.word(when.from.saturating_sub(1)) == "on" || scene.word(when.from) == "on";
    when.to <= when.from + 2 && led && near.into_iter().any(word)
}
