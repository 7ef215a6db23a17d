//! Dialogs, the message extension, and pickers that search while somebody types.
//! Sources: Microsoft's pages “Invoke and dismiss dialogs”, “Action commands of message
//! extensions” and “Typeahead search in Adaptive Cards”.

use anyhow::ensure;
use serde_json::{Value, json};

use crate::sim::teams::{
    people::{BotAnswer, merged},
    service::BotService,
};

/// A picker shows at most so many (“Typeahead search in Adaptive Cards”).
const RESULTS_MAX: usize = 15;

impl BotService {
    /// Somebody does something that is an invoke of this name.
    pub async fn invoke(
        &self,
        who: &str,
        conversation: &str,
        name: &str,
        value: &Value,
    ) -> anyhow::Result<BotAnswer> {
        let person = self.find(who)?;
        let mut activity = self.activity(&person, conversation, "invoke")?;
        activity["name"] = json!(name);
        activity["value"] = value.clone();
        self.deliver(&activity).await
    }

    /// Somebody uses the command of the message extension, on a message if one is given;
    /// gives the card of the dialog that opens.
    pub async fn extension(
        &self,
        who: &str,
        conversation: &str,
        on: Option<&str>,
    ) -> anyhow::Result<Value> {
        let mut value = json!({
            "commandId": "form", "commandContext": if on.is_some() { "message" } else { "compose" },
            "context": {"theme": "default"},
        });
        if let Some(content) = on {
            let body = json!({"contentType": "html", "content": content});
            value["messagePayload"] = json!({"id": "1", "body": body});
        }
        let answer = self.invoke(who, conversation, "composeExtension/fetchTask", &value).await?;
        shown(&answer)
    }

    /// Somebody presses the button of a dialog of the message extension with these inputs.
    pub async fn extension_submit(
        &self,
        who: &str,
        conversation: &str,
        data: &Value,
        inputs: &Value,
    ) -> anyhow::Result<BotAnswer> {
        let value = json!({"commandId": "form", "data": merged(data, inputs)});
        self.invoke(who, conversation, "composeExtension/submitAction", &value).await
    }

    /// Somebody types into a picker; what it shows, as title and value.
    pub async fn search(
        &self,
        who: &str,
        conversation: &str,
        dataset: &str,
        typed: &str,
    ) -> anyhow::Result<Vec<(String, String)>> {
        let options = json!({"skip": 0, "top": RESULTS_MAX});
        let value = json!({"queryText": typed, "queryOptions": options, "dataset": dataset});
        let answer = self.invoke(who, conversation, "application/search", &value).await?;
        ensure!(answer.status == 200, "the search was answered {}", answer.status);
        let body = answer.body;
        ensure!(
            body["type"] == "application/vnd.microsoft.search.searchResponse",
            "the answer is of another type: {body}"
        );
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let results = body["value"]["results"].as_array().into_iter().flatten();
        Ok(results
            .take(RESULTS_MAX)
            .map(|one| (text(&one["title"]), text(&one["value"])))
            .collect())
    }
}

/// The card that a dialog shows.
pub fn shown(answer: &BotAnswer) -> anyhow::Result<Value> {
    let task = &answer.body["task"];
    ensure!(task["type"] == "continue", "the dialog shows no card: {}", answer.body);
    Ok(task["value"]["card"]["content"].clone())
}
