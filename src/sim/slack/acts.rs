//! People do things: say, press, fill in, command. Each goes to the bot as Slack
//! would send it. People can do only what Slack's own program lets them do.

use serde_json::{Value, json};

use super::{
    deliver::{Answered, Sent},
    payload::{self, Pressed},
    posting, typed,
    world::{Change, Channel, Message, Person, State, View, Workspace},
};

/// Unsent choices kept, of everybody together.
const CHOSEN_MAX: usize = 1000;

/// What somebody did, and what the bot answered at once.
#[derive(Debug, Clone)]
pub struct Acted {
    /// The message that was written, if one was.
    pub ts: Option<String>,
    /// What was sent to the bot; nothing if it was not meant for it.
    pub sent: Option<Sent>,
    /// The bot's answer.
    pub answer: Option<Answered>,
}

/// Why somebody cannot do that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotDo {
    /// No such user, or deactivated.
    #[error("there is nobody with this id who can sign in")]
    NoPerson,
    /// No such channel, or the person is not in it.
    #[error("this person is not in such a channel")]
    NotThere,
    /// Archived.
    #[error("the channel is archived")]
    Archived,
    /// The person sees no such message.
    #[error("there is no such message to see")]
    NoMessage,
    /// The message has no such button or input.
    #[error("the message has no such button or input")]
    NoButton,
    /// The form is not open.
    #[error("this form is not open")]
    NoForm,
    /// The select has no such option.
    #[error("there is no such option")]
    NoOption,
    /// A question that must be answered was not. Slack's program says so itself.
    #[error("a required question is not answered")]
    Unfilled,
    /// docs "Slash commands": they cannot be used in threads; here also without `/`.
    #[error("this is not a command")]
    NoCommand,
}

impl Workspace {
    /// Somebody writes in a channel, or in a thread of it. The bot hears it in a
    /// direct conversation, and in a channel when it is mentioned and a member.
    pub async fn say(
        &self,
        user: &str,
        channel: &str,
        text: &str,
        thread: Option<&str>,
    ) -> Result<Acted, CannotDo> {
        self.write(user, channel, (text, thread), None).await
    }

    pub(super) async fn write(
        &self,
        user: &str,
        channel: &str,
        (text, thread): (&str, Option<&str>),
        file: Option<Value>,
    ) -> Result<Acted, CannotDo> {
        let setup = self.setup();
        let (ts, payload) = {
            let mut state = self.state();
            let (person, room) = state.at(user, channel)?;
            if room.archived {
                return Err(CannotDo::Archived);
            }
            if thread
                .is_some_and(|thread| !room.messages.iter().any(|message| message.ts == thread))
            {
                return Err(CannotDo::NoMessage);
            }
            let typed = typed::message(text, &|handle| state.by_handle(handle));
            let ts = state.ts(setup.clock.now());
            let message = Message {
                ts: ts.clone(),
                user: user.to_owned(),
                text: typed.text,
                blocks: None,
                thread: thread.map(str::to_owned),
                metadata: None,
                edited: false,
            };
            let heard = room.members.contains(&setup.bot_user)
                && (room.is_direct() || message.text.contains(&format!("<@{}>", setup.bot_user)));
            let id = state.fresh("Ev");
            let mut event = payload::said(&person, &room, &message, &typed.block);
            if let Some(file) = file {
                event["files"] = json!([file]);
                if room.is_direct() {
                    event["subtype"] = "file_share".into();
                }
            }
            let payload = heard.then(|| payload::event(self, &id, &room, &event));
            state.room(channel)?.keep(message);
            (ts, payload)
        };
        self.tell(Change::Posted { channel: channel.to_owned(), ts: ts.clone() });
        let Some(payload) = payload else {
            return Ok(Acted { ts: Some(ts), sent: None, answer: None });
        };
        Ok(self.act(Some(ts), Sent::event(payload)).await)
    }

    /// Somebody chooses an option (by its value) or types into an input of a
    /// message or form. Outside of `input` blocks Slack tells the app of a choice.
    pub async fn fill(
        &self,
        user: &str,
        on: &str,
        block: &str,
        value: &str,
    ) -> Result<Option<Acted>, CannotDo> {
        let payload = {
            let mut state = self.state();
            let (blocks, place) = state.screen(user, on)?;
            let found =
                blocks.as_array().into_iter().flatten().find(|one| one["block_id"] == block);
            let found = found.ok_or(CannotDo::NoButton)?;
            let input = |element: &&Value| element["type"].as_str().is_some_and(payload::is_input);
            let element = payload::elements(found).find(input).ok_or(CannotDo::NoButton)?;
            let at = (user.to_owned(), on.to_owned(), block.to_owned());
            let offered = state.offered.get(&at).map(Vec::as_slice).unwrap_or_default();
            let chosen = payload::option_among(element, offered, value);
            let kind = element["type"].as_str().unwrap_or_default();
            let all = || {
                let mut values = value.split(',').filter(|one| !one.is_empty());
                values.all(|one| payload::option_among(element, offered, one).is_some())
            };
            if !payload::is_typed(kind) && chosen.is_none() && !all() {
                return Err(CannotDo::NoOption);
            }
            if state.chosen.len() >= CHOSEN_MAX {
                state.chosen.clear();
            }
            state.chosen.insert(at, value.to_owned());
            match place {
                Some((channel, message, ephemeral)) if found["type"] != "input" => {
                    let person = state.person(user)?;
                    let now = self.setup().clock.now();
                    let action = json!({
                        "action_id": element["action_id"], "block_id": block, "type": element["type"],
                        "selected_option": chosen, "action_ts": state.ts(now),
                    });
                    let trigger = posting::trigger(&mut state, user, now);
                    let pressed = Pressed {
                        person: &person,
                        channel: &channel,
                        message: &message,
                        ephemeral,
                        action,
                        trigger,
                    };
                    Some(payload::block_actions(self, &state, &pressed))
                }
                _ => None,
            }
        };
        match payload {
            Some(payload) => Ok(Some(self.act(None, Sent::interaction(payload)).await)),
            None => Ok(None),
        }
    }

    /// Somebody presses a button of a message they see.
    pub async fn press(
        &self,
        user: &str,
        channel: &str,
        ts: &str,
        action: &str,
    ) -> Result<Acted, CannotDo> {
        let payload = {
            let mut state = self.state();
            let (person, room) = state.at(user, channel)?;
            let (message, ephemeral) = room.seen_by(user, ts).ok_or(CannotDo::NoMessage)?;
            let (block, element) = message.button(action).ok_or(CannotDo::NoButton)?;
            let now = self.setup().clock.now();
            let mut pressed = json!({
                "action_id": action, "block_id": block, "type": "button", "text": element["text"],
                "action_ts": state.ts(now),
            });
            for name in ["value", "style"] {
                if let Some(value) = element.get(name) {
                    pressed[name] = value.clone();
                }
            }
            let trigger = posting::trigger(&mut state, user, now);
            let pressed = Pressed {
                person: &person,
                channel: &room,
                message: &message,
                ephemeral,
                action: pressed,
                trigger,
            };
            payload::block_actions(self, &state, &pressed)
        };
        Ok(self.act(None, Sent::interaction(payload)).await)
    }

    /// Somebody fills in a form that is open, and sends it: values by block id.
    pub async fn submit_view(
        &self,
        user: &str,
        view: &str,
        values: &[(&str, &str)],
    ) -> Result<Acted, CannotDo> {
        for (block, value) in values {
            self.fill(user, view, block, value).await?;
        }
        let payload = {
            let mut state = self.state();
            let person = state.person(user)?;
            let open = state.form(user, view)?;
            let trigger = posting::trigger(&mut state, user, self.setup().clock.now());
            let payload = payload::view(self, &state, "view_submission", &person, &open, &trigger);
            if unfilled(&open, &payload["view"]["state"]["values"]) {
                return Err(CannotDo::Unfilled);
            }
            payload
        };
        let acted = self.act(None, Sent::interaction(payload)).await;
        self.after_submission(user, view, acted.answer.as_ref());
        Ok(acted)
    }

    /// Somebody closes a form. The app is told if it asked for that.
    pub async fn close_view(&self, user: &str, view: &str) -> Result<Option<Acted>, CannotDo> {
        let payload = {
            let mut state = self.state();
            let person = state.person(user)?;
            let open = state.form(user, view)?;
            let told = open.view["notify_on_close"] == true;
            state.views.retain(|one| one.id != view);
            told.then(|| payload::view(self, &state, "view_closed", &person, &open, ""))
        };
        self.tell(Change::Closed { view: view.to_owned(), user: user.to_owned() });
        match payload {
            Some(payload) => Ok(Some(self.act(None, Sent::interaction(payload)).await)),
            None => Ok(None),
        }
    }

    /// Somebody uses a slash command in a channel. What the bot answers with JSON
    /// is shown to them there.
    pub async fn command(
        &self,
        user: &str,
        channel: &str,
        command: &str,
        text: &str,
    ) -> Result<Acted, CannotDo> {
        let form = {
            let mut state = self.state();
            let (person, room) = state.at(user, channel)?;
            if !command.starts_with('/') {
                return Err(CannotDo::NoCommand);
            }
            let text = typed::command(text, &|handle| state.by_handle(handle));
            let trigger = posting::trigger(&mut state, user, self.setup().clock.now());
            payload::command(self.setup(), &person, &room, [command, &text], &trigger)
        };
        let acted = self.act(None, Sent::command(form)).await;
        self.show_answer(user, channel, acted.answer.as_ref());
        Ok(acted)
    }

    /// Sends what was sent before once more, as a client or a network may.
    pub async fn send_again(&self, sent: &Sent) -> Answered {
        self.deliver(sent, None).await
    }

    pub(super) async fn act(&self, ts: Option<String>, sent: Sent) -> Acted {
        let answer = self.deliver(&sent, None).await;
        Acted { ts, sent: Some(sent), answer: Some(answer) }
    }

    fn show_answer(&self, user: &str, channel: &str, answer: Option<&Answered>) {
        let said: Option<Value> = answer.and_then(|answer| serde_json::from_str(&answer.body).ok());
        let Some(said) = said.filter(|said| said["text"].is_string() || said["blocks"].is_array())
        else {
            return;
        };
        let mut state = self.state();
        let message = Message {
            ts: state.ts(self.setup().clock.now()),
            user: self.setup().bot_user.clone(),
            text: said["text"].as_str().unwrap_or_default().to_owned(),
            blocks: said.get("blocks").cloned(),
            thread: None,
            metadata: None,
            edited: false,
        };
        if let Some(room) = state.channels.get_mut(channel) {
            room.whisper(user, message);
        }
        drop(state);
        self.tell(Change::Whispered { channel: channel.to_owned(), to: user.to_owned() });
    }
}

/// A question of the form that is not optional has no answer.
fn unfilled(open: &View, values: &Value) -> bool {
    let empty = |input: &Value| {
        let names =
            ["value", "selected_option", "selected_options", "selected_date", "selected_time"];
        let value = names.iter().find_map(|name| input.get(name));
        value.is_none_or(|value| {
            value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty)
        })
    };
    open.view["blocks"].as_array().into_iter().flatten().any(|block| {
        let asked = block["type"] == "input" && block["optional"] != true;
        let inputs = &values[block["block_id"].as_str().unwrap_or_default()];
        asked && inputs.as_object().into_iter().flatten().any(|(_, input)| empty(input))
    })
}

type Seen = (Channel, Message, bool);

impl State {
    pub(super) fn person(&self, user: &str) -> Result<Person, CannotDo> {
        let person = self.people.get(user).filter(|person| !person.deleted);
        person.cloned().ok_or(CannotDo::NoPerson)
    }

    fn by_handle(&self, handle: &str) -> Option<String> {
        self.people.values().find(|person| person.handle == handle).map(|person| person.id.clone())
    }

    pub(super) fn at(&self, user: &str, channel: &str) -> Result<(Person, Channel), CannotDo> {
        let person = self.person(user)?;
        let room =
            self.channels.get(channel).filter(|room| room.members.iter().any(|id| id == user));
        Ok((person, room.cloned().ok_or(CannotDo::NotThere)?))
    }

    fn room(&mut self, channel: &str) -> Result<&mut Channel, CannotDo> {
        self.channels.get_mut(channel).ok_or(CannotDo::NotThere)
    }

    pub(super) fn form(&self, user: &str, view: &str) -> Result<View, CannotDo> {
        let open = self.views.iter().find(|one| one.id == view && one.user == user);
        open.cloned().ok_or(CannotDo::NoForm)
    }

    /// The blocks of a form or message that somebody sees.
    fn screen(&self, user: &str, on: &str) -> Result<(Value, Option<Seen>), CannotDo> {
        if let Ok(open) = self.form(user, on) {
            return Ok((open.view["blocks"].clone(), None));
        }
        let member = |room: &&Channel| room.members.iter().any(|id| id == user);
        let seen = self.channels.values().filter(member).find_map(|room| {
            let (message, ephemeral) = room.seen_by(user, on)?;
            Some((room.clone(), message, ephemeral))
        });
        let seen = seen.ok_or(CannotDo::NoMessage)?;
        Ok((seen.1.blocks.clone().unwrap_or_default(), Some(seen)))
    }
}

impl Channel {
    fn is_direct(&self) -> bool {
        self.kind == super::world::ChannelKind::Direct
    }

    /// The message, and whether only this person sees it.
    fn seen_by(&self, user: &str, ts: &str) -> Option<(Message, bool)> {
        let all = self
            .messages
            .iter()
            .find(|message| message.ts == ts)
            .map(|message| (message.clone(), false));
        all.or_else(|| {
            let own =
                self.whispers.iter().find(|whisper| whisper.to == user && whisper.message.ts == ts);
            own.map(|whisper| (whisper.message.clone(), true))
        })
    }
}

impl Message {
    /// The button with this action id, and the id of its block.
    fn button(&self, action: &str) -> Option<(String, Value)> {
        let blocks = self.blocks.as_ref()?.as_array()?;
        blocks.iter().find_map(|block| {
            let pressed =
                |element: &&Value| element["type"] == "button" && element["action_id"] == action;
            let button = payload::elements(block).find(pressed)?;
            Some((block["block_id"].as_str().unwrap_or_default().to_owned(), button.clone()))
        })
    }
}
