//! A message without what the thread asked: point by point, line by line, as it is written, with
//! its little words in words, and put plainly; the reading that says most counts.
//!
//! Not here: answers, corrections, and whatever else needs the thread.

use super::{
    Reading, SETTLED, VETO, asked_back,
    laid_out::read_laid_out,
    lay_out, lay_out_tokens, lined, own_words, plainly, pointed, points,
    regions::{self, Region},
    spelled,
    text::Text,
    trace::{Step, Trace},
    withheld,
};
use crate::domain::proposal::{Intent, Open, Understood};

/// A longer message, in tokens, is read once.
pub(super) const READ_TWICE_MAX: usize = 600;

/// Reads a message without what the thread asked.
pub(super) fn read_alone(text: &Text, reading: &Reading<'_>, trace: &mut Trace) -> Understood {
    let Reading { context, index, catalog, .. } = *reading;
    let parts = regions::regions(&text.clean);
    let own = own_words(text);
    let offered = |id: &str| catalog.iter().any(|entry| entry.about.id == id);
    if let Some(spelled) = spelled::spelled(&own).filter(|_| offered(spelled::ACTION)) {
        return spelled;
    }
    if regions::steers(&own) {
        trace.note(|| Step::Steers);
        return Understood::only(Intent::None);
    }
    if let Some(read) = points::each_point(text, reading, trace) {
        return read;
    }
    let veto = VETO.find(&own).or_else(|| SETTLED.find(&own)).map(|veto| veto.as_str());
    if let Some(veto) = veto.or_else(|| withheld::takes_back(&own)) {
        trace.note(|| Step::Veto(veto.to_owned()));
        return Understood::only(Intent::None);
    }
    if let Some(read) = lined::each_line(text, reading, trace) {
        return read;
    }
    let mut first = trace.another();
    let read = read_as_written(text, &own, &parts, reading, &mut first);
    if let Some(plain) = plainly::plainly(&text.clean, context, index) {
        let mut second = trace.another();
        let words = Text::of(&plain.words);
        let parts = regions::regions(&words.clean);
        let again = read_as_written(&words, &own_words(&words), &parts, reading, &mut second);
        if plain.counts(&again, &read, catalog) {
            trace.append(second);
            return again;
        }
    }
    trace.append(first);
    if read.proposals.is_empty() && read.questions.is_empty() && read.intent != Intent::Help {
        let open = asked_back::open(lay_out(text, context, index), &parts, catalog);
        let questions: Vec<Open> = open.into_iter().collect();
        if !questions.is_empty() {
            return Understood { questions, intent: Intent::Request, ..read };
        }
    }
    read
}

/// Reads a message, and once more with what its little words point at in their place.
fn read_as_written(
    text: &Text,
    own: &str,
    parts: &[Region],
    reading: &Reading<'_>,
    trace: &mut Trace,
) -> Understood {
    let Reading { context, index, catalog, .. } = *reading;
    let scene = lay_out(text, context, index);
    let short = scene.tokens.len() <= READ_TWICE_MAX;
    let pointed = pointed::pointed(&scene, parts).filter(|_| short);
    let mut first = trace.another();
    let read = read_laid_out(scene, own, parts, reading, &mut first);
    if let Some(tokens) = pointed {
        let mut second = trace.another();
        let scene = lay_out_tokens(text, tokens, context, index);
        let mut again = read_laid_out(scene, own, parts, reading, &mut second);
        pointed::settle(&mut again);
        if pointed::says_more(&again, &read, catalog) {
            trace.append(second);
            return again;
        }
    }
    trace.append(first);
    read
}
