//! The sentences of a message → what is proposed, asked and left over.
//!
//! First the frames read each sentence; of those of which nothing came, one that only wants
//! to be told something is looked at again, and what is left is taken for what it is most
//! like. Not here: one verb by itself.

use crate::{
    actions::{self, Entry},
    domain::{
        proposal::{Intent, Open, Proposal, Understood},
        trouble::Ask,
    },
    interpret::{
        clauses::{self, Act, Predicate, Sentence},
        entities::{Span, What},
        frames, joined, leftover, lifecycle,
        likeness::wish::{self, Liked},
        looks, made_new, not_said, profile,
        repeated::{
            both_ways, drop_answered, drop_looks, drop_repeated, drop_wanted, drop_wider, same_sort,
        },
        scene::Scene,
        slots,
        trace::{self, Outcome, Trace},
        weigh::{remember, weigh},
        widened,
    },
};

/// At most so many proposals and questions come from one message.
const PROPOSALS_MAX: usize = 60;
/// At most so many orders of one message are weighed, whatever comes of them: each may look
/// at all that is named in it.
const WEIGHED_MAX: usize = 150;

/// Reads all of a message.
pub(super) fn understand(scene: &Scene<'_>, catalog: &[Entry], trace: &mut Trace) -> Understood {
    let mut reader = Reader {
        scene,
        catalog,
        trace,
        looking: looks::looking(catalog),
        understood: Understood::only(Intent::None),
        memory: scene.named_in_the_thread(),
        unmet: Vec::new(),
        silent: Vec::new(),
        asked: false,
        weighed: 0,
    };
    for sentence in &scene.sentences {
        reader.sentence(*sentence);
        reader.named_in(*sentence);
    }
    reader.silent_ones();
    reader.end()
}

/// A message on the way.
struct Reader<'a, 's> {
    scene: &'a Scene<'s>,
    catalog: &'a [Entry],
    trace: &'a mut Trace,
    /// The actions that only look.
    looking: Vec<Entry>,
    understood: Understood,
    /// The groups and licences that a later "it" may mean.
    memory: Vec<Span>,
    /// Runs of tokens that ask for something of which nothing came.
    unmet: Vec<(usize, usize)>,
    silent: Vec<Silent>,
    asked: bool,
    weighed: usize,
}

/// A sentence of which nothing is proposed.
struct Silent {
    sentence: Sentence,
    acts: Vec<Predicate>,
    /// What would be asked back.
    questions: Vec<Open>,
}

impl Reader<'_, '_> {
    fn sentence(&mut self, sentence: Sentence) {
        let (first, asks) = (self.understood.proposals.len(), self.understood.questions.len());
        let acts = clauses::predicates(&self.scene.tokens, &self.scene.lattice, sentence);
        let mut taken = Vec::new();
        for predicate in &acts {
            if self.understood.proposals.len() + self.understood.questions.len() >= PROPOSALS_MAX {
                break;
            }
            if self.predicate(predicate) {
                taken.push(predicate.verb);
            }
        }
        self.weighed += 1;
        if self.weighed > WEIGHED_MAX {
            return;
        }
        let proposed = self.understood.proposals.len() > first;
        if proposed {
            if !taken.is_empty() {
                self.rest(sentence, first, &taken, &acts);
            }
            return;
        }
        let questions = self.understood.questions.split_off(asks);
        if questions.is_empty() && self.look(sentence) {
            return;
        }
        self.silent.push(Silent { sentence, acts, questions });
    }

    /// Whatever a sentence names may be meant by "it", "the device", "that mailbox" later.
    fn named_in(&mut self, sentence: Sentence) {
        let thing =
            |span: &&Span| matches!(span.what, What::Group(_) | What::Sku(_) | What::Named(_));
        for span in self.scene.lattice.spans_in(sentence.from, sentence.to).filter(thing) {
            if !self.memory.contains(span) && !span.negated {
                self.memory.push(span.clone());
            }
        }
    }

    /// One verb of a sentence. Does something come of it?
    fn predicate(&mut self, predicate: &Predicate) -> bool {
        let scene = self.scene;
        if predicate.act != Act::Request {
            self.trace.note(|| trace::verb(scene, predicate, Vec::new()));
        }
        match predicate.act {
            Act::Request => {}
            Act::Told if locked_out(scene, predicate) => {
                self.asked |= unlock(scene, predicate, self.catalog, &mut self.understood);
                return false;
            }
            Act::Told | Act::Negated => {
                remember(scene, predicate, &mut self.memory);
                return false;
            }
            Act::Question if self.understood.intent == Intent::None => {
                let fits = frames::fits(scene, predicate, self.catalog, &self.memory);
                self.understood.intent = if fits.is_empty() { Intent::None } else { Intent::Help };
                return false;
            }
            _ => return false,
        }
        self.weighed += 1;
        if self.weighed > WEIGHED_MAX {
            return false;
        }
        let outcomes =
            weigh(scene, predicate, self.catalog, &mut self.memory, &mut self.understood);
        let met = outcomes.iter().any(|(_, outcome)| *outcome == Outcome::Taken);
        self.trace.note(|| trace::verb(scene, predicate, outcomes));
        self.asked |= met;
        if !met {
            self.unmet.extend(leftover::unmet(scene, predicate));
        }
        met
    }

    /// The parts of a sentence that no verb governs. What was read of it stands; a likeness
    /// of the same adds nothing.
    fn rest(&mut self, sentence: Sentence, first: usize, taken: &[usize], acts: &[Predicate]) {
        let rest = wish::rest(self.scene, sentence, taken, acts, self.catalog, &self.memory);
        let read: Vec<String> =
            self.understood.proposals[first..].iter().map(|one| one.action.clone()).collect();
        let other = |id: &str| !read.iter().any(|action| same_sort(action, id));
        let scene = self.scene;
        for (predicate, id) in rest.taken.iter().filter(|(_, id)| other(id)) {
            self.trace.note(|| trace::verb(scene, predicate, vec![(*id, Outcome::Taken)]));
            self.unmet.retain(|(from, to)| *to <= predicate.from || predicate.to <= *from);
        }
        self.understood
            .proposals
            .extend(rest.proposals.into_iter().filter(|one| other(&one.action)));
        let questions = rest.questions.into_iter().filter(|one| other(&one.proposal.action));
        self.understood.questions.extend(questions);
    }

    /// A sentence that only wants to be told something.
    fn look(&mut self, sentence: Sentence) -> bool {
        let Some(predicate) = looks::wish(self.scene, sentence) else { return false };
        let looks = look(self.scene, &predicate, &self.looking, &mut self.memory);
        if looks.is_empty() {
            return false;
        }
        let taken = looks.iter().filter_map(|one| actions::entry(&one.action));
        let taken = taken.map(|entry| (entry.about.id, Outcome::Taken)).collect();
        let scene = self.scene;
        self.trace.note(|| trace::verb(scene, &predicate, taken));
        self.understood.proposals.extend(looks);
        self.met(sentence);
        true
    }

    fn met(&mut self, sentence: Sentence) {
        self.asked = true;
        self.unmet.retain(|(from, to)| *to <= sentence.from || sentence.to <= *from);
    }

    /// What is most like other sentences, by itself or with the one before it: "His iPad was
    /// stolen. Please erase it."
    fn silent_ones(&mut self) {
        let scene = self.scene;
        let others = !self.understood.proposals.is_empty();
        let mut open: Option<(Sentence, Vec<Predicate>)> = None;
        for Silent { sentence, acts, questions } in std::mem::take(&mut self.silent) {
            let mut liked = self.liked(sentence, &acts, others);
            let before = open.take().filter(|(before, _)| {
                before.to == sentence.from
                    && !(before.quoted || sentence.quoted)
                    && !somebody_else(scene, *before, sentence)
            });
            if liked.is_empty()
                && let Some((before, more)) = before
            {
                let both = [acts.as_slice(), more.as_slice()].concat();
                liked = self.liked(Sentence { from: before.from, ..sentence }, &both, true);
            }
            // "…, reset his password? He's locked himself out.": why, and no second wish.
            let reset = self.understood.proposals.iter().any(|one| one.action == "reset_password");
            if reset && liked.taken.iter().any(|(_, id)| *id == "unlock_user") {
                let said = |at: usize| ["unlock", "unlocked", "unlck"].contains(&scene.word(at));
                if !(sentence.from..sentence.to).any(said) {
                    continue;
                }
            }
            // Whoever is not clear stays to be asked about.
            let whom = |open: &Open| matches!(open.question.ask, Ask::Whom | Ask::WhichPerson);
            let unclear =
                liked.proposals.is_empty() || !liked.certain || questions.iter().any(whom);
            if liked.is_empty() || !questions.is_empty() && unclear {
                open = questions.is_empty().then_some((sentence, acts));
                self.understood.questions.extend(questions);
                continue;
            }
            for (predicate, id) in &liked.taken {
                self.trace.note(|| trace::verb(scene, predicate, vec![(*id, Outcome::Taken)]));
                remember(scene, predicate, &mut self.memory);
            }
            self.understood.proposals.extend(liked.proposals);
            self.understood.questions.extend(liked.questions);
            self.met(sentence);
        }
    }

    /// What a sentence is like, or two that are read on.
    fn liked(&self, sentence: Sentence, acts: &[Predicate], others: bool) -> Liked {
        wish::liked(self.scene, sentence, acts, self.catalog, &self.memory, others)
    }

    /// What all of it comes to.
    fn end(self) -> Understood {
        let Self { scene, catalog, mut understood, mut unmet, mut asked, .. } = self;
        drop_repeated(&mut understood.proposals);
        let mut seen: Vec<(String, String)> = Vec::new();
        let mut fresh = |proposal: &Proposal| {
            let key = (
                proposal.action.clone(),
                serde_json::to_string(&proposal.arguments).unwrap_or_default(),
            );
            let new = !seen.contains(&key);
            seen.push(key);
            new
        };
        understood.proposals.retain(&mut fresh);
        drop_wider(&mut understood.proposals, catalog);
        drop_looks(scene, &mut understood.proposals, catalog);
        let told = lifecycle::read(scene, &mut understood, catalog);
        let told = profile::arrivals(scene, &mut understood, catalog) || told;
        let told = profile::departures(scene, &mut understood, catalog) || told;
        if !told {
            lifecycle::guest(scene, &mut understood);
            if lifecycle::facts(scene, &mut understood, catalog) {
                asked = true;
                unmet.clear();
            }
            if lifecycle::sponsored(scene, &mut understood, catalog)
                || lifecycle::swapped(scene, &mut understood, catalog)
            {
                asked = true;
                unmet.clear();
            }
            widened::widen(scene, &mut understood, catalog);
        }
        if told {
            asked = true;
            unmet.clear();
        }
        if !told && made_new::gather(scene, &mut understood, catalog) {
            asked = true;
            unmet.clear();
        }
        lifecycle::not_for_the_manager(scene, &mut understood);
        joined::let_back_in(scene, &mut understood.proposals);
        joined::own_choice(scene, &mut understood.proposals);
        joined::only_an_account(scene, &mut understood.proposals);
        joined::name_of_a_guest(scene, &mut understood.proposals);
        lifecycle::not_one_line_for_all(scene, &mut understood);
        lifecycle::guests_are_blocked(scene, &mut understood);
        lifecycle::not_the_namesake(scene, &mut understood);
        lifecycle::absorb(scene, &mut understood);
        lifecycle::with_it(scene, &mut understood);
        profile::moved(scene, &mut understood);
        both_ways(scene, &mut understood.proposals);
        joined::join(&mut understood);
        not_said::settle(scene, &mut understood);
        understood.questions.retain(|open| fresh(&open.proposal));
        drop_answered(&mut understood, catalog);
        drop_wanted(&mut understood);
        // "A new Paralegal starts. Please set up the account.": one wish.
        let joins = |open: &Open| open.proposal.action == "onboard_user";
        if understood.questions.iter().any(joins) {
            understood.questions.retain(|open| open.proposal.action != "create_user");
        }
        if understood.proposals.iter().any(|one| one.action == "invite_guest") {
            asked = true;
        }
        understood.leftover = leftover::words(scene, unmet);
        if asked {
            understood.intent = Intent::Request;
        }
        understood
    }
}

/// Does each of the two name somebody, and not the same one? What is wished of the one is not
/// meant for the other: "Ada ought to get in. Bo vouches for her."
fn somebody_else(scene: &Scene<'_>, one: Sentence, two: Sentence) -> bool {
    let named = |sentence: Sentence| -> Vec<&What> {
        let spans = scene.lattice.spans_in(sentence.from, sentence.to);
        spans.filter(|span| span.named()).map(|span| &span.what).collect()
    };
    let (one, two) = (named(one), named(two));
    !one.is_empty() && two.iter().any(|what| !one.contains(what))
}

/// What a wish to be told something asks to look up: each of its parts, if each is clear by
/// itself, else the whole of it, else the parts that are clear. Nobody is asked back about
/// what may have been no wish.
fn look(
    scene: &Scene<'_>,
    wish: &Predicate,
    looking: &[Entry],
    memory: &mut Vec<Span>,
) -> Vec<Proposal> {
    let mut one = |predicate: &Predicate| {
        let mut found = Understood::only(Intent::None);
        weigh(scene, predicate, looking, memory, &mut found);
        // Several looks for one wish: too close to choose.
        let one = found.proposals.windows(2).all(|two| two[0].action == two[1].action);
        if one { found.proposals } else { Vec::new() }
    };
    let parts: Vec<Vec<Proposal>> = looks::parts(scene, wish).iter().map(&mut one).collect();
    if !parts.is_empty() && parts.iter().all(|found| !found.is_empty()) {
        return parts.concat();
    }
    let whole = one(wish);
    if whole.is_empty() { parts.concat() } else { whole }
}

/// "I am locked out", in a ticket that was handed over: that is what it asks to end.
fn locked_out(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let at = predicate.verb;
    let sentence = scene.sentence(at);
    let over =
        ["was", "were", "had", "yesterday", "now", "fine", "again", "sorted", "resolved", "if"];
    predicate.quoted
        && scene.word(at) == "locked"
        && scene.word(at + 1) == "out"
        && !(sentence.from..sentence.to).any(|at| over.contains(&scene.word(at)))
}

fn unlock(
    scene: &Scene<'_>,
    predicate: &Predicate,
    catalog: &[Entry],
    understood: &mut Understood,
) -> bool {
    let Some(entry) = catalog.iter().find(|entry| entry.about.id == "unlock_user") else {
        return false;
    };
    let Some(frame) = entry.about.wording.frames.first() else { return false };
    let (proposals, _) = slots::fill(scene, predicate, &frames::Fit { entry, frame }, &[]);
    let found = !proposals.is_empty();
    understood.proposals.extend(proposals);
    found
}
