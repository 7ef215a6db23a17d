//! Actions planned by what the tenant says, and carried out step by step.

use countersign::{
    actions::{self, Asked, Planned, SecretsTo},
    domain::{
        change::{Change, MADE, Sight},
        message::FactsView,
        plan::{Draft, Step},
        proposal::Proposal,
        secret::Secret,
        step::{StepRun, StepState},
        trouble::{Reason, Trouble},
    },
    ports::{clock::Clock as _, hands::Made},
    sim::microsoft::{AppRegistration, PolicyPace},
};
use jiff::{SignedDuration, tz::TimeZone};
use serde_json::{Map, Value};

use crate::room::{Room, contoso};

/// A room in which Conditional Access is asked as often as we like.
pub async fn room() -> Room {
    let room = Room::with(&contoso(), |settings| settings.limits.policies_per_second = 1e6).await;
    room.world.set_conduct(|conduct| conduct.policy_pace = PolicyPace::Free);
    room
}

/// Tina asks.
pub async fn asked(room: &Room) -> Asked {
    Asked {
        tenant: room.tenant.clone(),
        requester: room.person("tina.tech@contoso.com").await.to_ref(),
        secrets_to: SecretsTo::Requester,
        zone: TimeZone::UTC,
        now: room.clock.now(),
        emergency: Vec::new(),
        drives: Vec::new(),
        graph_allowed: Vec::new(),
        ends_proposed: None,
    }
}

fn map(arguments: Value) -> Map<String, Value> {
    match arguments {
        Value::Object(map) => map,
        other => panic!("no arguments: {other}"),
    }
}

pub async fn planned(
    room: &Room,
    asked: &Asked,
    action: &str,
    arguments: Value,
) -> Result<Planned, Trouble> {
    let entry = actions::entry(action).unwrap();
    entry.plan(&map(arguments), &room.microsoft, asked).await
}

/// What would change.
pub async fn draft(room: &Room, asked: &Asked, action: &str, arguments: Value) -> Draft {
    match planned(room, asked, action, arguments).await {
        Ok(Planned::Changes(draft)) => draft,
        other => panic!("{action}: {other:?}"),
    }
}

/// What was looked up.
pub async fn facts(room: &Room, asked: &Asked, action: &str, arguments: Value) -> FactsView {
    match planned(room, asked, action, arguments).await {
        Ok(Planned::Facts(facts)) => facts,
        other => panic!("{action}: {other:?}"),
    }
}

/// The rows of what was looked up, cells joined.
pub async fn rows(room: &Room, asked: &Asked, action: &str, arguments: Value) -> Vec<String> {
    let found = facts(room, asked, action, arguments).await;
    found.table.unwrap().rows.into_iter().map(|row| row.join(" | ")).collect()
}

/// Why it is not even drafted.
pub async fn no(room: &Room, asked: &Asked, action: &str, arguments: Value) -> Reason {
    match planned(room, asked, action, arguments).await {
        Err(Trouble::Refused(reason)) => reason,
        other => panic!("{action}: {other:?}"),
    }
}

/// The lines of a step: `what: before → after`.
pub fn lines(step: &Step) -> Vec<String> {
    step.values
        .iter()
        .map(|value| format!("{}: {} → {}", value.what, value.before, value.after))
        .collect()
}

/// How a step ended, and what it found before.
pub struct Ended {
    pub made: Made,
    pub before: Sight,
    pub after: Sight,
}

/// Makes one change: looks, makes, looks.
pub async fn make(room: &Room, change: &Change) -> Ended {
    let before = room.look(change).await;
    room.clock.pass(SignedDuration::from_secs(5));
    let made = room.make(change).await;
    let after = room.look(change).await;
    Ended { made, before, after }
}

/// Makes every step of a draft, each of which must be taken and seen; gives what came out of
/// the last one.
pub async fn carry_out(room: &Room, draft: &Draft) -> (Vec<StepRun>, Option<Secret>) {
    let (mut runs, mut said) = (Vec::new(), None);
    for step in &draft.steps {
        let Ended { made, before, after } = make(room, &step.change).await;
        assert_eq!(step.change.effect().moved(&before), None, "{before:?}");
        let Made::Accepted(output) = made else { panic!("{:?}: {made:?}", step.change) };
        let seen = step.change.holds(Some(&before), &after);
        assert!(seen, "{:?}: {before:?} → {after:?}", step.change);
        let mut run = StepRun::new(step.id);
        run.state = StepState::Done;
        run.before = Some(before);
        run.outputs.extend(output.id.map(|id| (MADE.to_owned(), id)));
        said = output.secret;
        runs.push(run);
    }
    (runs, said)
}

/// What would undo a draft that was carried out.
pub fn back(action: &str, arguments: &Value, draft: &Draft, runs: &[StepRun]) -> Vec<Proposal> {
    let done: Vec<(&Step, &StepRun)> = draft.steps.iter().zip(runs).collect();
    actions::entry(action).unwrap().inverse(&map(arguments.clone()), &done)
}

/// The same tenant, in which our application lacks these permissions.
pub fn without(room: &Room, rights: &[&str]) {
    let app = rights.iter().fold(AppRegistration::demo(), |app, right| app.without(right));
    room.world.set_app(app);
    room.clock.pass(SignedDuration::from_hours(1));
}

/// What a refused change lacks.
pub fn lacking(made: Made) -> String {
    match made {
        Made::Refused(Reason::MissingPermission { missing, .. }) => missing,
        other => panic!("nothing is missing: {other:?}"),
    }
}

/// Somebody else changes something, behind our back.
pub async fn elsewhere(room: &Room, method: &str, path: &str, body: Option<Value>) -> Value {
    use countersign::sim::microsoft::DEMO_CLIENT_ID;
    let token = room.world.access_token(DEMO_CLIENT_ID, "https://graph.microsoft.com").unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/v1.0{path}", room.base);
    let request = client.request(method.parse().unwrap(), url).bearer_auth(token);
    let request = match &body {
        Some(body) => request.json(body),
        None => request,
    };
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{method} {path}: {}", answer.status());
    answer.json().await.unwrap_or(Value::Null)
}
