//! An action with arguments that words do not give: what a form, or another program, sends.
//!
//! A question of the requester is made to be about it, and its one open argument answered;
//! from there on it goes its ordinary way.

use countersign::{
    domain::{
        chat::Verb,
        proposal::{Open, Proposal},
        request::Stage as Waiting,
        trouble::{Ask, Choice, Question},
    },
    ports::store::Turn,
};
use serde_json::Value;

use crate::stage::{APPROVALS, HELPDESK, Stage, slack_id};

/// Tina Tech asks for this action with these arguments; the first text is her answer.
pub async fn given(stage: &Stage, action: &str, arguments: Value) {
    let Value::Object(mut arguments) = arguments else { panic!("arguments are an object") };
    let argument = arguments.iter().find(|(_, value)| value.is_string()).unwrap().0.clone();
    let value = arguments.remove(&argument).unwrap().as_str().unwrap().to_owned();
    stage.says("tina.tech", "reset the password for Sam Taylor").await;
    let store = &stage.house().store;
    let mut request = store.open(&stage.tenant(), None, 1).await.unwrap().remove(0);
    let version = request.version;
    let Waiting::Clarifying { open, .. } = &mut request.stage else { panic!("no question") };
    let proposal = Proposal { action: action.to_owned(), arguments, because: Vec::new() };
    let choice = Choice { value: value.clone(), label: value.clone(), detail: String::new() };
    let question = Question { ask: Ask::WhichOne, said: None, choices: vec![choice] };
    *open = vec![Open { proposal, argument, question }];
    let mut turn = Turn { at: stage.clock_now(), ..Turn::default() };
    turn.redraw.push(request.id);
    turn.requests.push((request, Some(version)));
    store.save(turn).await.unwrap();
    stage.settle().await;
    let card = stage.with_button(HELPDESK, Verb::Pick).expect("a question with choices");
    stage.slack.fill(&slack_id("tina.tech"), &card.ts, "choice", &value).await.unwrap();
    stage.presses("tina.tech", HELPDESK, Verb::Pick).await;
}

/// Has what waits signed, and gives what the tenant felt of it.
pub async fn signed(stage: &Stage) -> Vec<String> {
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Waiting for a signature"), "{card}");
    let before = stage.effects().len();
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.effects()[before..].to_vec()
}

/// The first line of what the bot said last.
pub fn line(stage: &Stage) -> String {
    stage.newest(HELPDESK).lines().next().unwrap_or_default().to_owned()
}

/// What Tina Tech reads of the answer: in the channel, and what only she is shown.
pub async fn asked(stage: &Stage, words: &str) -> String {
    read_of(stage, stage.says("tina.tech", words)).await
}

/// The same of an action that is given with its arguments.
pub async fn looked(stage: &Stage, action: &str, arguments: Value) -> String {
    read_of(stage, given(stage, action, arguments)).await
}

async fn read_of<T>(stage: &Stage, asking: impl Future<Output = T>) -> String {
    let before = (stage.whispered("tina.tech").len(), stage.direct("tina.tech").len());
    asking.await;
    let mut said = vec![stage.newest(HELPDESK)];
    said.extend(stage.whispered("tina.tech").split_off(before.0));
    said.extend(stage.direct("tina.tech").split_off(before.1));
    said.join("\n")
}

/// Each sentence with what its answer must hold; all that miss are shown at once.
pub async fn each_holds(stage: &Stage, table: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (words, wanted) in table {
        let said = asked(stage, words).await;
        if let Some(missing) = wanted.iter().find(|text| !said.contains(**text)) {
            wrong.push(format!("{words}\n  lacks {missing:?} in:\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
