//! Words → proposals → a waiting request, an answer or a question.

use crate::{
    actions::understood,
    desk::{Desk, attached, places::answer_to, refused, sorry},
    domain::{
        chat::{ChatUser, Heard, Inbound, Mention, Place, PlaceKind, Platform},
        message::Message,
        plan::Note,
        proposal::{Intent, Open, Proposal, Understood},
        request::{Origin, Request, RequestKind, Stage},
        trouble::Reason,
        users::PersonRef,
    },
    interpret::{self, Context, model::Reading, redact::MARKER},
    policy::Standing,
    ports::store::{Answer, HeardInThread, Say, SayTo, StoreError, Turn},
};

/// So much of a thread is read for "this user".
const THREAD_MAX: u32 = 20;

impl Desk {
    /// One message meant for the bot.
    pub(super) async fn hear(&self, inbound: &Inbound) -> Result<Answer, StoreError> {
        let Heard::Said { words, .. } = &inbound.what else { return Ok(Answer::default()) };
        match self.about_sign_in(inbound, &words.0) {
            Some(said) => Box::pin(self.hear_sign_in(inbound, said)).await,
            None => Box::pin(self.hear_words(inbound)).await,
        }
    }

    /// The same, for whoever is somebody already.
    #[expect(clippy::too_many_lines, reason = "what a message can be, in the order that counts")]
    async fn hear_words(&self, inbound: &Inbound) -> Result<Answer, StoreError> {
        let Heard::Said { words, mentions, message, .. } = &inbound.what else {
            return Ok(Answer::default());
        };
        let inbound =
            &Inbound { place: thread(&inbound.place, message.as_deref()), ..inbound.clone() };
        let mut turn = self.turn(inbound, Answer::default());
        let who = self.person(&inbound.from, &inbound.place).await;
        let who = match (who, self.names_read().await) {
            (Ok(who), Ok(())) => who,
            (Err(trouble), _) | (_, Err(trouble)) => {
                return self.not_known(turn, inbound, message.as_deref(), &trouble).await;
            }
        };
        turn.conversations.push(self.conversation(inbound, Some(&who)));
        if let Some(wants) = self.form_said(inbound, &words.0, message.is_none()) {
            self.say_form(&mut turn, inbound, &wants).await;
            return self.store.save(turn).await.map(|_| Answer::default());
        }
        let (words, file) = match Box::pin(self.with_table(inbound, words)).await {
            Ok(with_table) => with_table,
            Err(reason) => return self.refuse(turn, inbound, reason).await,
        };
        let mut redacted = interpret::redact(&words.0);
        let template = match self.templates.taken_from(&mut redacted.words) {
            Ok(template) => template,
            Err(reason) => return self.refuse(turn, inbound, reason).await,
        };
        // A delivery that was stored before it was handled holds the marker already.
        let typed_password = redacted.found || redacted.words.contains(MARKER);
        if typed_password {
            self.whisper_refusal(&mut turn, inbound, Reason::TypedPassword);
        }
        let mut thread = self.store.thread(&inbound.place.key(), THREAD_MAX).await?;
        thread.retain(|heard| heard.tenant == self.tenant);
        let waiting = self.question_in(&inbound.place, &who).await?;
        let context = self.context(mentions, &inbound.place, &who, &thread, waiting.as_ref()).await;
        let origin = || origin_of(inbound, message.as_ref());
        let words = (inbound, redacted.words.as_str());
        if let Some(said) = self.standing_in(&redacted.words, &context) {
            return Box::pin(self.answer_standing(turn, words, origin(), &who, said)).await;
        }
        if waiting.is_none()
            && let Some(table) = self.table_in(&redacted.words, &context)
        {
            return Box::pin(self.ask_rows(turn, words, origin(), &who, (table, template))).await;
        }
        if let Some(file) = file {
            return self.refuse(turn, inbound, attached::unclear(&file)).await;
        }
        let mut understood = self.understand_helped(&redacted.words, &context).await;
        if let Some(template) = &template
            && let Err(reason) = template.fill(&mut understood)
        {
            return self.refuse(turn, inbound, reason).await;
        }
        let alone = self.says_all(&redacted.words, &context, &understood).await;
        if waiting.is_none()
            && let Some(request) = self.asked_in(&inbound.place, &who, &understood).await?
        {
            let words = with_names(&redacted.words, &context.mentions);
            return Box::pin(self.answer_in_words(turn, inbound, request, &who, words)).await;
        }
        let named = self.to_restore(understood.intent, &redacted.words, &context);
        if typed_password
            && understood.intent == Intent::None
            && let Some(words) = with_generated(&redacted.words)
        {
            understood = self.understand(&words, &Context { open: None, ..context }).await;
        }
        let whom = about(&understood, self);
        turn.heard.push(self.heard(&inbound.place, true, &redacted.words, whom));
        let quoted = understood.proposals.iter().any(|p| p.because.iter().any(|b| b.quoted));
        let origin = Origin { own_words: !quoted, alone: alone && !typed_password, ..origin() };
        self.say_left_out(&mut turn, &origin, &mut understood);
        let said = (redacted.words.as_str(), &named[..]);
        match understood.intent {
            Intent::None if typed_password => {}
            Intent::Request => {
                Box::pin(self.begin(&mut turn, origin, &who, understood, waiting)).await?;
            }
            intent => Box::pin(self.follow(&mut turn, origin, &who, intent, said)).await?,
        }
        self.store.save(turn).await.map(|_| Answer::default())
    }

    /// What was asked for besides, and is none of our actions.
    fn say_left_out(&self, turn: &mut Turn, origin: &Origin, understood: &mut Understood) {
        let left_out = std::mem::take(&mut understood.leftover);
        if understood.intent == Intent::Request && !left_out.is_empty() {
            let words = format!("“{}”", left_out.join("”, “"));
            let note = Note::new("left_out", &[("words", &words)]);
            self.say_in(turn, origin, Message::Note(note));
        }
    }

    /// Words that answer a question of somebody who signs.
    async fn answer_in_words(
        &self,
        mut turn: Turn,
        inbound: &Inbound,
        request: Request,
        who: &Standing,
        words: String,
    ) -> Result<Answer, StoreError> {
        let (number, origin) = (request.number.to_string(), request.origin.clone());
        turn.heard.push(self.heard(&inbound.place, true, &words, Vec::new()));
        let kept = self.answered(&mut turn, request, who.user.to_ref(), words).await?;
        let said = match kept {
            Ok(_) => Message::Note(Note::new("answer_kept", &[("number", &number)])),
            Err(trouble) => sorry(&trouble),
        };
        self.say_in(&mut turn, &origin, said);
        self.store.save(turn).await.map(|_| Answer::default())
    }

    /// What a message is read with.
    pub(super) async fn context(
        &self,
        mentions: &[Mention],
        place: &Place,
        who: &Standing,
        thread: &[HeardInThread],
        waiting: Option<&Request>,
    ) -> Context {
        let open = waiting.and_then(|request| match &request.stage {
            Stage::Clarifying { open, .. } => open.first().cloned(),
            _ => None,
        });
        let mut mentioned = Vec::new();
        for mention in mentions.iter().take(20) {
            let person = self.person(&mention.user, place).await.ok();
            // Whoever works here and is of another directory is nobody of this one.
            let person = person.filter(|standing| *standing.user.id.tenant() == self.tenant);
            mentioned.push(person.map(|standing| standing.user.to_ref()));
        }
        Context {
            now: self.now().to_zoned(self.zone.clone()),
            end_of_day: self.end_of_day,
            requester: who.user.to_ref(),
            mentions: mentioned,
            thread: thread
                .iter()
                .map(|heard| interpret::Said {
                    bot: !heard.person,
                    words: heard.words.clone(),
                    about: heard.about.clone(),
                })
                .collect(),
            open,
        }
    }

    /// What the words say, read without a model and at once.
    pub(super) async fn understand(&self, words: &str, context: &Context) -> Understood {
        let read = interpret::read(words, context, &self.people.names().index, understood());
        self.people.settle(self.directory.as_ref(), read).await
    }

    /// The same, with a model's help where something was left open. Only for a message: a
    /// form must be shown within three seconds.
    async fn understand_helped(&self, words: &str, context: &Context) -> Understood {
        let names = self.people.names();
        let read = interpret::read(words, context, &names.index, understood());
        let reading = Reading { words, context, index: &names.index, catalog: understood() };
        let read = self.with_model(&reading, read).await;
        self.people.settle(self.directory.as_ref(), read).await
    }

    /// What was understood becomes a request; an answer to an open question completes
    /// the request that asked.
    async fn begin(
        &self,
        turn: &mut Turn,
        origin: Origin,
        who: &Standing,
        understood: Understood,
        waiting: Option<Request>,
    ) -> Result<(), StoreError> {
        let Understood { proposals, questions, .. } = understood;
        if let Some(mut request) =
            waiting.filter(|request| completes(request, &proposals, &questions))
        {
            let version = request.version;
            let rest = rest_of(&request);
            request.proposals.extend(proposals);
            let open: Vec<Open> = questions.into_iter().chain(rest).collect();
            return self.propose(turn, request, Some(version), who, open).await;
        }
        let request = self.new_request(origin, who, proposals);
        self.propose(turn, request, None, who, questions).await
    }

    /// A request that was just asked, before anything is known of it.
    pub(super) fn new_request(
        &self,
        origin: Origin,
        who: &Standing,
        proposals: Vec<Proposal>,
    ) -> Request {
        let now = self.now();
        Request {
            id: self.clock.request_id(),
            number: crate::domain::ids::Number(0),
            tenant: self.tenant.clone(),
            version: 0,
            kind: RequestKind::Change,
            parent: None,
            requester: who.user.to_ref(),
            subjects: Vec::new(),
            objects: Vec::new(),
            origin,
            proposals,
            stage: Stage::Clarifying { open: Vec::new(), until: now },
            revision: 0,
            digest: None,
            verdict: None,
            asked_at: now,
            due_at: None,
            stopped_by: None,
            emergency: None,
            escalated: None,
            caller: None,
            in_force: None,
            under: None,
            talk: Vec::new(),
            anew: None,
            progress: None,
        }
    }

    /// The question that this person was asked in this thread and has not answered.
    async fn question_in(
        &self,
        place: &Place,
        who: &Standing,
    ) -> Result<Option<Request>, StoreError> {
        let made = self.made_here(place, 5).await?;
        let open = |request: &Request| matches!(request.stage, Stage::Clarifying { until, .. } if until > self.now());
        Ok(made.into_iter().find(|request| open(request) && request.requester.id == who.user.id))
    }

    pub(super) fn heard(
        &self,
        place: &Place,
        person: bool,
        words: &str,
        about: Vec<PersonRef>,
    ) -> HeardInThread {
        let at = self.now();
        HeardInThread {
            place: place.key(),
            tenant: self.tenant.clone(),
            person,
            words: words.chars().take(4_000).collect(),
            about,
            at,
            until: at + self.words_live,
        }
    }

    pub(super) fn say_in(&self, turn: &mut Turn, origin: &Origin, what: Message) {
        turn.say.push(Say { id: self.clock.uuid(), to: answer_to(origin), what });
    }

    /// A button whose value this version cannot read: whoever pressed it is told.
    pub async fn illegible(&self, from: &ChatUser, place: &Place) {
        self.whisper(from, place, refused(Reason::NotThisCard)).await;
    }

    /// Says something to one person that belongs to no request.
    pub async fn whisper(&self, from: &ChatUser, place: &Place, what: Message) {
        let of = Some(self.tenant.clone());
        let mut turn = Turn { at: self.now(), of, ..Turn::default() };
        self.say_to(&mut turn, place, from, what);
        if let Err(error) = self.store.save(turn).await {
            tracing::error!(error = %crate::domain::trouble::chain(&error), "An answer could not be stored");
        }
    }

    /// Says something that only one person should read: in a shared place it is whispered.
    pub(super) fn say_to(&self, turn: &mut Turn, place: &Place, to: &ChatUser, what: Message) {
        // Teams cannot show a message to one member of a group (targeted messages are a preview).
        let to = match (place.platform, place.kind) {
            (Platform::Slack, PlaceKind::Group | PlaceKind::Channel) => {
                SayTo::Whisper { place: place.clone(), user: to.clone() }
            }
            _ => SayTo::Place { place: place.clone() },
        };
        turn.say.push(Say { id: self.clock.uuid(), to, what });
    }
}

/// Where words were said; that they are somebody's own and say all is for the reader to find.
fn origin_of(inbound: &Inbound, message: Option<&String>) -> Origin {
    Origin {
        place: inbound.place.clone(),
        by: inbound.from.clone(),
        message: message.cloned(),
        own_words: true,
        alone: false,
        client: None,
    }
}

/// A message in a Slack channel begins a thread of its own, where everything about it is said.
pub(super) fn thread(place: &Place, message: Option<&str>) -> Place {
    let mut place = place.clone();
    if place.platform == Platform::Slack
        && place.kind != PlaceKind::Personal
        && place.thread.is_none()
    {
        place.thread = message.map(ToOwned::to_owned);
    }
    place
}

/// "Set his password to ⟨…⟩" as the request that can be offered instead: a reset with a
/// generated one. `None` when it asks for something else.
fn with_generated(words: &str) -> Option<String> {
    let before = words.split(MARKER).next()?;
    let is = |word: &str, any: &[&str]| any.iter().any(|one| one.eq_ignore_ascii_case(word));
    let mut said: Vec<&str> = before.split_whitespace().collect();
    while said.last().is_some_and(|word| is(word, &["to", "as", "is", "be", "with", "=", ":"])) {
        said.pop();
    }
    let verb =
        said.iter().position(|word| is(word, &["set", "change", "update", "make", "reset"]))?;
    said[verb] = "reset";
    Some(said.join(" "))
}

/// The words with the names of those whom they mention.
fn with_names(words: &str, mentions: &[Option<PersonRef>]) -> String {
    let mut named = words.to_owned();
    for (at, who) in mentions.iter().enumerate() {
        let name = who.as_ref().map_or("…", |who| who.name.as_str());
        named = named.replace(&format!("⟨@{at}⟩"), &format!("@{name}"));
    }
    named
}

/// What is still open of a request but its first question.
pub(super) fn rest_of(request: &Request) -> Vec<Open> {
    match &request.stage {
        Stage::Clarifying { open, .. } => open.iter().skip(1).cloned().collect(),
        _ => Vec::new(),
    }
}

/// Does this answer the question, rather than ask for something new? It does when
/// it is about the same action.
fn completes(request: &Request, proposals: &[Proposal], questions: &[Open]) -> bool {
    let Stage::Clarifying { open, .. } = &request.stage else { return false };
    let Some(first) = open.first() else { return false };
    let actions: Vec<&Proposal> =
        proposals.iter().chain(questions.iter().map(|open| &open.proposal)).collect();
    matches!(actions.as_slice(), [one] if one.action == first.proposal.action)
}

/// Whom the message is about, for "this user" later in the thread.
fn about(understood: &Understood, desk: &Desk) -> Vec<PersonRef> {
    let names = desk.people.names();
    let proposals =
        understood.proposals.iter().chain(understood.questions.iter().map(|open| &open.proposal));
    let said = proposals.filter_map(|proposal| {
        let argument =
            proposal.arguments.get("user").or_else(|| proposal.arguments.get("mailbox"))?;
        names.index.person(argument.as_str()?).map(|person| person.to_ref())
    });
    let mut people: Vec<PersonRef> = Vec::new();
    for person in said {
        if !people.contains(&person) {
            people.push(person);
        }
    }
    people
}
