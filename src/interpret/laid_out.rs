//! A message that is laid out → what it asks: as it is written, and as the order it means.
//!
//! Not here: what is answered by an earlier turn.

use super::{
    DELEGATES, READ_TWICE_MAX, Reading, TICKET, TO_READ,
    clauses::sentences,
    forms::Forms,
    handed::{self, author, mask_reply_text, quoted_sentences},
    lay_out_tokens, lifecycle, profile, recast,
    regions::{Part, Region},
    scene::Scene,
    token_range,
    trace::{self, Step, Trace},
    understand::understand,
    withheld,
};
use crate::domain::proposal::{Intent, Understood};

/// Reads a message as it is written, and with the ways of saying it exchanged for orders.
pub(super) fn read_laid_out(
    scene: Scene<'_>,
    own: &str,
    parts: &[Region],
    reading: &Reading<'_>,
    trace: &mut Trace,
) -> Understood {
    let Reading { context, index, .. } = *reading;
    let text = scene.text;
    let Some(tokens) = recast::recast(&scene.tokens, &scene.lattice, index) else {
        return read_scene(scene, own, parts, reading, trace);
    };
    let mut inner = trace.another();
    let recast = lay_out_tokens(text, tokens, context, index);
    let read = read_scene(recast, own, parts, reading, &mut inner);
    // "Ann Lee joins Legal and will report to Bo Ek": told of somebody who is to be made.
    let short = scene.tokens.len() <= READ_TWICE_MAX;
    if short && !read.proposals.iter().any(lifecycle::is_process) {
        let mut plain = trace.another();
        let told = read_scene(scene, own, parts, reading, &mut plain);
        let joins = told.proposals.iter().any(lifecycle::is_joiner);
        let any = told.proposals.iter().any(lifecycle::is_process);
        // What was said of a move, or of several people, is whole only in their own words.
        let parts = read.proposals.iter().all(lifecycle::is_part_of_a_move);
        let more = told.proposals.len() > read.proposals.len()
            && told.proposals.iter().all(lifecycle::is_part_of_a_move);
        if joins || parts && (any || more) {
            trace.append(plain);
            return told;
        }
    }
    trace.append(inner);
    read
}

/// Reads a message that is laid out.
fn read_scene(
    mut scene: Scene<'_>,
    own: &str,
    parts: &[Region],
    reading: &Reading<'_>,
    trace: &mut Trace,
) -> Understood {
    let text = scene.text;
    scene.asked = reading.asked;
    let catalog = reading.catalog;
    if handed::speaks_to_another(&scene) {
        trace.note(|| Step::Sort(Intent::None));
        return Understood::only(Intent::None);
    }
    handed::speaks_for(&mut scene);
    mask_reply_text(&mut scene, parts);
    trace.all(|| trace::set_aside(&text.clean, parts));
    trace.all(|| trace::named(&scene));
    let mut forms = Forms::default();
    for region in parts.iter().filter(|region| region.part == Part::Own) {
        let (from, to) = token_range(&scene.tokens, region);
        let all = sentences(&scene.tokens, &scene.lattice, from, to, false);
        forms.read(&mut scene, catalog, (from, to), all);
    }
    for words in withheld::set_aside(&mut scene) {
        trace.note(|| Step::Veto(words));
    }
    let mut understood = understand(&scene, catalog, trace);
    let rows = forms.joins();
    forms.before(&mut understood, trace);
    if rows {
        profile::around(&scene, &mut understood);
    }
    let empty = understood.proposals.is_empty()
        && understood
            .questions
            .iter()
            .all(|open| ["user", "mailbox", "display_name"].contains(&open.argument.as_str()));
    let handed_over = (DELEGATES.is_match(own) || own.trim().is_empty() || TICKET.is_match(own))
        && (!TO_READ.is_match(own) || own.to_lowercase().contains("for action"));
    let quoted: Vec<&Region> = parts.iter().filter(|region| region.part == Part::Quoted).collect();
    trace.all(|| trace::quoted(&text.clean, parts, empty && handed_over));
    if empty && handed_over && !quoted.is_empty() {
        scene.author = author(&scene, &quoted);
        handed::quoted_self(&mut scene, &quoted);
        handed::called(&mut scene, &quoted);
        let mut forms = Forms::default();
        for region in quoted {
            let all = quoted_sentences(&scene, region);
            let from = token_range(&scene.tokens, region).0;
            let to = all.iter().map(|sentence| sentence.to).max().unwrap_or(from);
            forms.read(&mut scene, catalog, (from, to), all);
        }
        withheld::set_aside(&mut scene);
        understood = understand(&scene, catalog, trace);
        let rows = forms.joins();
        forms.before(&mut understood, trace);
        if rows {
            profile::around(&scene, &mut understood);
        }
    }
    understood
}
