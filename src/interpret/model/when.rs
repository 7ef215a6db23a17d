//! Whether there is anything to ask a model, and the question.

use super::{
    Asked, Reading, scene,
    sheet::Sheet,
    shortlist::{Cues, offered, shortlist},
};
use crate::{
    domain::proposal::{Intent, Understood},
    interpret::{SETTLED, TO_READ, VETO, dialogue, own_words, regions, scene::Scene, text::Text},
    ports::model::Question,
};

/// The question about a message, if a model could help: something was left open, nothing
/// speaks against it, and somebody or something is named that it could point at.
pub fn ask(reading: &Reading<'_>, read: &Understood) -> Option<Asked> {
    if !left_open(read) || reading.context.open.is_some() {
        return None;
    }
    let text = Text::of(reading.words);
    let own = own_words(&text);
    let settled = dialogue::intent(&own).is_some()
        || [&VETO, &SETTLED, &TO_READ].iter().any(|pattern| pattern.is_match(&own));
    // Words for a machine, wherever they stand: nothing of such a message goes to one.
    if settled || text.cut || regions::steers(&text.clean) || regions::greets(&text.clean) {
        return None;
    }
    let (scene, own) = scene(&text, reading);
    let cues = all_cues(&scene);
    let sheet = Sheet::of(&scene, &own);
    let pointed = !sheet.candidates.is_empty() || cues.somebody;
    let actions = shortlist(&cues, reading.catalog, read);
    if !pointed || actions.is_empty() {
        return None;
    }
    let question = Question {
        words: sheet.words.clone(),
        actions: actions.into_iter().map(offered).collect(),
        candidates: sheet.candidates.clone(),
    };
    Some(Asked { question, sheet })
}

/// Is anything left that a model could help with? A question with choices is for people:
/// nobody else chooses between namesakes.
fn left_open(read: &Understood) -> bool {
    let all = read.proposals.iter().chain(read.questions.iter().map(|open| &open.proposal));
    if all.flat_map(|proposal| &proposal.because).any(|because| because.quoted) {
        return false;
    }
    match read.intent {
        Intent::None => true,
        Intent::Request => {
            !read.leftover.is_empty()
                || read.questions.iter().any(|open| open.question.choices.is_empty())
        }
        Intent::Help | Intent::Status | Intent::Cancel | Intent::Restore | Intent::Rehearse => {
            false
        }
    }
}

fn all_cues(scene: &Scene<'_>) -> Cues {
    let mut all = Cues::default();
    for sentence in &scene.sentences {
        let cues = Cues::of(scene, sentence.from, sentence.to);
        all.verbs |= cues.verbs;
        all.objects |= cues.objects;
        all.somebody |= cues.somebody;
    }
    all
}
