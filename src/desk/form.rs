//! A form, drawn for somebody: which one is meant, may they ask for it, and what of it
//! is filled in already.

use serde_json::Map;

use crate::{
    actions::{CATALOG, Entry, entry, forms},
    desk::{Desk, refused, sorry, weigh::wanted, who::unreachable},
    domain::{
        area::Area,
        chat::{ChatUser, Face, Inbound, Place, PlaceKind, Platform, Press, Wants},
        form::{
            Complaint, Form, Sort,
            given::{Answers, Given, TIME, TYPED},
            view::{ChooserView, FieldView, FormView, PartView, Shape, key},
        },
        message::Message,
        proposal::Proposal,
        standing,
        trouble::{Reason, Result, Trouble},
    },
    interpret,
    policy::{self, Standing},
    ports::store::{Answer, Say, SayTo, StoreError, Turn},
};

impl Desk {
    /// The form that these words ask for: `form`, `form reset password`, and after a
    /// slash command the action's name alone. `Some(None)` is the list of all forms.
    pub fn form_named(&self, words: &str, command: bool) -> Option<Option<&'static str>> {
        let said = plain_words(words);
        let named = |name: &str| {
            let fits = |entry: &&Entry| {
                let about = &entry.about;
                plain_words(about.id) == name || plain_words(about.title) == name
            };
            let standing = (name == plain_words(standing::ACTION)).then_some(standing::ACTION);
            CATALOG.iter().find(fits).map(|entry| entry.about.id).or(standing)
        };
        match said.split_once(' ').unwrap_or((said.as_str(), "")) {
            ("", _) if command => Some(None),
            ("form" | "forms", "") => Some(None),
            ("form", name) if named(name).is_some() => Some(named(name)),
            _ if command => named(&said).map(Some),
            _ => None,
        }
    }

    /// The same as a wish, with `form store-leaver` for the form that a template fills in.
    pub fn form_wanted(&self, words: &str, command: bool) -> Option<Wants> {
        if let Some(action) = self.form_named(words, command) {
            return Some(Wants::of(action));
        }
        let name = words.trim().strip_prefix("form ").or(words.trim().strip_prefix("Form "))?;
        let template = self.templates.named(name.trim())?;
        Some(Wants { template: Some(template.name.clone()), ..Wants::of(Some(template.action)) })
    }

    /// The form that these words ask for. A button in Slack opens a window and knows no more than
    /// the action, so a template's form is opened by a command there.
    pub(super) fn form_said(&self, inbound: &Inbound, words: &str, command: bool) -> Option<Wants> {
        let bare = inbound.place.platform == Platform::Slack && !command;
        self.form_wanted(words, command).filter(|wants| !bare || wants.template.is_none())
    }

    /// The form that is wanted, or the list of them, or why not.
    pub async fn form(&self, inbound: &Inbound, wants: &Wants, shape: Shape) -> Message {
        let (who, place) = match self.present(&inbound.from, &inbound.place).await {
            Ok(present) => present,
            Err(trouble) => return sorry(&trouble),
        };
        let mut given = Answers::new();
        let mut nonce = self.clock.nonce();
        let mut action = wants.action.clone();
        if let Some(template) =
            wants.template.as_deref().and_then(|name| self.templates.named(name))
        {
            given = template.answers();
            action = Some(template.action.to_owned());
            nonce = nonce.marked(false);
        } else if let (None, Some(words)) = (&action, &wants.words)
            && let Some(proposal) = self.proposal_in(&words.0, wants, &place, &who).await
        {
            given = forms::form(&proposal.action)
                .map(|form| form.given(&proposal.arguments))
                .unwrap_or_default();
            action = Some(proposal.action);
            nonce = nonce.marked(true);
        } else {
            nonce = nonce.marked(false);
        }
        // A window that opens over a message does not say where the message stands.
        let place = (place.platform == Platform::Slack).then_some(place);
        let Some(action) = action else {
            return Message::Chooser(ChooserView { actions: self.askable(&who), shape, place });
        };
        if action == standing::ACTION {
            return self.standing_form(&who, &given, shape, place);
        }
        let unknown = || Reason::NoSuchAction { action: action.chars().take(80).collect() };
        let Some((entry, form)) = entry(&action).zip(forms::form(&action)) else {
            return refused(unknown());
        };
        if let Err(reason) = policy::may_ask(&who, wanted(entry, &Map::new()), &self.rules()) {
            return refused(reason);
        }
        Message::Form(FormView {
            parts: vec![self.part(0, form, &given, &[])],
            shape,
            nonce,
            of: None,
            place,
            wrong: Vec::new(),
        })
    }

    /// A form that was asked for where no window can open: it is said there.
    pub(super) async fn show_form(
        &self,
        inbound: &Inbound,
        wants: &Wants,
    ) -> Result<Answer, StoreError> {
        let mut turn = self.turn(inbound, Answer::default());
        self.say_form(&mut turn, inbound, wants).await;
        self.store.save(turn).await.map(|_| Answer::default())
    }

    /// A form as a message, and a refusal to whoever asked.
    pub(super) async fn say_form(&self, turn: &mut Turn, inbound: &Inbound, wants: &Wants) {
        match self.form(inbound, wants, Shape::Card).await {
            refusal @ Message::Sorry(_) => {
                self.say_to(turn, &inbound.place, &inbound.from, refusal);
            }
            form => {
                let to = SayTo::Place { place: inbound.place.clone() };
                turn.say.push(Say { id: self.clock.uuid(), to, what: form });
            }
        }
    }

    /// What the words of a message ask for, if it is one thing. Only the form begins with
    /// it: whoever sends the form has read it.
    async fn proposal_in(
        &self,
        words: &str,
        wants: &Wants,
        place: &Place,
        who: &Standing,
    ) -> Option<Proposal> {
        let words = interpret::redact(words).words;
        let context = self.context(&wants.mentions, place, who, &[], None).await;
        let understood = self.understand(&words, &context).await;
        let open = understood.questions.into_iter().map(|open| open.proposal);
        let mut all: Vec<Proposal> = understood.proposals.into_iter().chain(open).collect();
        (all.len() == 1).then(|| all.remove(0))
    }

    /// The actions that somebody may ask for, by permission group.
    fn askable(&self, who: &Standing) -> Vec<(Area, Vec<String>)> {
        let mut groups: Vec<(Area, Vec<String>)> = Vec::new();
        for entry in CATALOG {
            if policy::may_ask(who, wanted(entry, &Map::new()), &self.rules()).is_err() {
                continue;
            }
            let id = entry.about.id.to_owned();
            match groups.iter_mut().find(|(area, _)| *area == entry.about.area) {
                Some((_, ids)) => ids.push(id),
                None => groups.push((entry.about.area, vec![id])),
            }
        }
        groups
    }

    /// One action's part of a form, with what is filled in and what is wrong with it.
    pub(super) fn part(
        &self,
        number: usize,
        form: &Form,
        given: &Answers,
        wrong: &[Complaint],
    ) -> PartView {
        let people = self.people.names();
        let field = |field: &crate::domain::form::Field| {
            // What was typed beside a list stands where what is picked stands.
            let own = given.get(&field.name);
            let typed = given.get(&format!("{}{TYPED}", field.name));
            let says = |given: Option<&Given>| given.is_some_and(|given| given.text().is_some());
            let answer = if says(typed) && !says(own) { typed } else { own }.cloned();
            let named = match (&field.sort, &answer) {
                (Sort::Pick { pick }, Some(answer)) => {
                    let values = answer.texts(',');
                    values
                        .into_iter()
                        .filter_map(|value| people.index.called(*pick, value))
                        .collect()
                }
                _ => Vec::new(),
            };
            let time = given.get(&format!("{}{TIME}", field.name)).and_then(Given::text);
            let own = key(number, &field.name);
            FieldView {
                field: field.clone(),
                given: answer,
                time: time.map(ToOwned::to_owned),
                named,
                wrong: wrong.iter().find(|one| one.field.as_ref() == Some(&own)).cloned(),
                key: own,
            }
        };
        PartView { action: form.action.clone(), fields: form.fields.iter().map(field).collect() }
    }

    /// Who somebody is, and where they can be answered. A message extension of Teams
    /// works in conversations that the bot is no member of: there the person is looked up
    /// and answered in their own conversation with it.
    pub(super) async fn present(
        &self,
        from: &ChatUser,
        place: &Place,
    ) -> Result<(Standing, Place)> {
        let seen = self.person(from, place).await;
        let elsewhere = place.platform == Platform::Teams && place.kind != PlaceKind::Personal;
        match seen {
            Err(trouble) if elsewhere => {
                let Ok(own) = self.chat(from)?.personal(from).await else { return Err(trouble) };
                Ok((self.person(from, &own).await?, own))
            }
            seen => seen.map(|who| (who, place.clone())),
        }
    }
}

/// Shows a form for whoever pressed a button of a card: in Slack a window, in Teams the
/// answer, which stands in the card's place for them alone.
pub(super) async fn over_card(desk: &Desk, form: Message, press: &Press) -> Result<Answer> {
    if press.on.place.platform != Platform::Slack {
        return Ok(Answer { say: Some(form), request: None });
    }
    let Some(trigger) = press.trigger.as_deref() else {
        return Err(Reason::NotThisCard.into());
    };
    let drawn = desk
        .faces
        .draw(&form, Face::Slack)
        .map_err(|source| Trouble::Unreachable { what: "the form", source })?;
    let chat = desk.chats.get(&Platform::Slack).ok_or(Reason::NotLinked)?;
    chat.open_form(trigger, &drawn).await.map_err(unreachable)?;
    Ok(Answer::default())
}

/// Lower case, one space between words, no signs around them.
fn plain_words(said: &str) -> String {
    let said = said.to_lowercase().replace(['_', '-'], " ");
    let words =
        said.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
