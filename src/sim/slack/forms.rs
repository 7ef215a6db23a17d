//! Forms beside filling them in: shortcuts that open one, searches in its pickers, and
//! what becomes of it when it was sent (docs "Modals", "Shortcuts", "Select menus").

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    acts::{Acted, CannotDo},
    blocks,
    deliver::{Answered, Sent},
    payload, posting,
    web::{Arguments, Refusal},
    world::{Change, State, View, Workspace},
};

/// docs "Select menus", external data source: options one answer may hold.
const OPTIONS_MAX: usize = 100;
/// docs "Option object".
const TEXT_MAX: usize = 75;
const VALUE_MAX: usize = 150;

impl Workspace {
    /// Somebody uses the app's global shortcut.
    pub async fn shortcut(&self, user: &str, callback: &str) -> Result<Acted, CannotDo> {
        let payload = {
            let mut state = self.state();
            let person = state.person(user)?;
            let now = self.setup().clock.now();
            let trigger = posting::trigger(&mut state, user, now);
            let mut payload = payload::interaction(self.setup(), "shortcut", &person, &trigger);
            payload["callback_id"] = callback.into();
            payload["action_ts"] = state.ts(now).into();
            payload
        };
        Ok(self.act(None, Sent::interaction(payload)).await)
    }

    /// Somebody uses the app's shortcut on a message.
    pub async fn shortcut_on(
        &self,
        user: &str,
        channel: &str,
        ts: &str,
        callback: &str,
    ) -> Result<Acted, CannotDo> {
        let payload = {
            let mut state = self.state();
            let (person, room) = state.at(user, channel)?;
            let message = room.messages.iter().find(|message| message.ts == ts);
            let message = message.ok_or(CannotDo::NoMessage)?;
            let now = self.setup().clock.now();
            let trigger = posting::trigger(&mut state, user, now);
            let mut payload =
                payload::interaction(self.setup(), "message_action", &person, &trigger);
            payload["callback_id"] = callback.into();
            payload["action_ts"] = state.ts(now).into();
            payload["message_ts"] = ts.into();
            payload["channel"] = json!({ "id": room.id, "name": room.name });
            payload["message"] = posting::shown(self, message);
            payload
        };
        Ok(self.act(None, Sent::interaction(payload)).await)
    }

    /// Somebody types into a picker of an open form: the options the app offers, which
    /// can be filled in afterwards.
    pub async fn search(
        &self,
        user: &str,
        view: &str,
        block: &str,
        typed: &str,
    ) -> Result<Vec<Value>, CannotDo> {
        let payload = {
            let state = self.state();
            let (person, open) = (state.person(user)?, state.form(user, view)?);
            let blocks = open.view["blocks"].as_array().into_iter().flatten();
            let found = blocks.into_iter().find(|one| one["block_id"] == block);
            let element = found.map(|found| &found["element"]).ok_or(CannotDo::NoButton)?;
            let external = ["external_select", "multi_external_select"];
            if !element["type"].as_str().is_some_and(|kind| external.contains(&kind)) {
                return Err(CannotDo::NoButton);
            }
            let mut payload = payload::view(self, &state, "block_suggestion", &person, &open, "");
            payload["action_id"] = element["action_id"].clone();
            payload["block_id"] = block.into();
            payload["value"] = typed.into();
            payload
        };
        let acted = self.act(None, Sent::interaction(payload)).await;
        let body = acted.answer.map(|answer| answer.body).unwrap_or_default();
        let said: Value = serde_json::from_str(&body).unwrap_or_default();
        let options = said["options"].as_array().cloned().unwrap_or_default();
        // An answer that breaks a rule shows nothing to the person.
        if options.len() > OPTIONS_MAX || options.iter().any(|option| !well_formed(option)) {
            return Err(CannotDo::NoOption);
        }
        let at = (user.to_owned(), view.to_owned(), block.to_owned());
        self.state().offered.insert(at, options.clone());
        Ok(options)
    }

    /// docs "Modals": an empty 200 closes the form, `errors` keeps it with a text at each
    /// input named, `update` shows another in its place.
    pub(super) fn after_submission(&self, user: &str, view: &str, answer: Option<&Answered>) {
        let Some(answer) = answer.filter(|answer| answer.is_ok()) else { return };
        let said: Value = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
        match said["response_action"].as_str() {
            Some("errors") => self.show_errors(view, &said["errors"]),
            Some("update") => {
                let wrong = blocks::check_view(&said["view"], "/view");
                if wrong.is_empty() {
                    self.state().put_view(view, &said["view"]);
                } else {
                    self.trouble(view, &format!("{wrong:?}"));
                }
            }
            _ => {
                self.state().views.retain(|one| one.id != view);
                self.tell(Change::Closed { view: view.to_owned(), user: user.to_owned() });
            }
        }
    }

    fn show_errors(&self, view: &str, errors: &Value) {
        let errors: BTreeMap<_, _> = errors
            .as_object()
            .into_iter()
            .flatten()
            .map(|(block, text)| (block.clone(), text.as_str().unwrap_or_default().to_owned()))
            .collect();
        let mut state = self.state();
        let Some(open) = state.views.iter_mut().find(|one| one.id == view) else { return };
        let blocks = open.view["blocks"].as_array().into_iter().flatten();
        let inputs: Vec<&str> = blocks
            .filter(|block| block["type"] == "input")
            .filter_map(|block| block["block_id"].as_str())
            .collect();
        // docs "Modals": keys are the ids of input blocks.
        if errors.keys().all(|block| inputs.contains(&block.as_str())) {
            open.errors = errors;
            return;
        }
        drop(state);
        self.trouble(view, "an error is about no input");
    }

    /// An answer that Slack cannot use: the form stays, and the person reads a sentence on
    /// top of it. Why is only for whoever writes a bot.
    fn trouble(&self, view: &str, why: &str) {
        let said = format!("We had some trouble connecting. Try again? ({why})");
        if let Some(open) = self.state().views.iter_mut().find(|one| one.id == view) {
            open.errors = BTreeMap::from([(String::new(), said)]);
        }
    }
}

fn well_formed(option: &Value) -> bool {
    let length = |value: &Value, most: usize| {
        value.as_str().is_some_and(|text| (1..=most).contains(&text.chars().count()))
    };
    let described = option.get("description").is_none_or(|text| length(&text["text"], TEXT_MAX));
    length(&option["text"]["text"], TEXT_MAX) && length(&option["value"], VALUE_MAX) && described
}

impl State {
    /// Another form in the same window. What was filled in stays where block and input are
    /// the same (docs "Modals", updating views).
    fn put_view(&mut self, id: &str, with: &Value) -> Option<View> {
        let mut view = with.clone();
        view["id"] = id.into();
        view["blocks"] = self.with_block_ids(view["blocks"].take());
        let open = self.views.iter_mut().find(|one| one.id == id)?;
        open.view = view;
        open.errors = BTreeMap::new();
        Some(open.clone())
    }
}

/// docs views.update: `not_found` for a view that is not open.
pub(super) fn update_view(workspace: &Workspace, arguments: &Arguments) -> Result<Value, Refusal> {
    let said = arguments.get("view").ok_or("invalid_arguments")?;
    let view: Value = serde_json::from_str(said).map_err(|_| Refusal::from("invalid_arguments"))?;
    let wrong = blocks::check_view(&view, "/view");
    if !wrong.is_empty() {
        return Err(blocks::refusal("invalid_arguments", &wrong));
    }
    let id = arguments.get("view_id").ok_or("not_found")?;
    let shown = workspace.state().put_view(id, &view).ok_or("not_found")?;
    Ok(json!({ "view": shown.view }))
}
