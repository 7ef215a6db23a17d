//! C3: fifty tenants with the same names and the same object ids, and a sign-in service that hands
//! out other tenants' tokens now and then. Every call is watched on its way.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Body, extract::Request, http::header, middleware};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign::domain::chat::Verb;
use jiff::SignedDuration;
use serde_json::Value;

use crate::{
    assure::{Dice, figure, times},
    attacks::button,
    stage::{APPROVALS, Between, Customer, HELPDESK, Settings, Stage, channel_of},
    tenants::{directory, tenant_id},
};

const SEED: u64 = 0x7E4A_0017;
const TENANTS: u32 = 50;
/// In each of the fifty, and in the operator's own.
const PEOPLE: [(&str, &str); 5] = [
    ("john.doe", "John Doe"),
    ("hannah.reeves", "Hannah Reeves"),
    ("omar.haddad", "Omar Haddad"),
    ("samir.nadar", "Samir Nadar"),
    ("jane.roe", "Jane Roe"),
];

/// What stands between the house and Microsoft.
#[derive(Clone, Default)]
struct Watch {
    /// The tenants of the tokens that calls were made with.
    used: Arc<Mutex<Vec<String>>>,
    /// Asks for a token of the first give one of the second.
    poison: Arc<Mutex<Option<(String, String)>>>,
    poisoned: Arc<Mutex<u32>>,
}

impl Watch {
    fn on(&self, mut request: Request<Body>) -> Request<Body> {
        let path = request.uri().path().to_owned();
        if let Some((asked, given)) = &*self.poison.lock().unwrap()
            && path.starts_with(&format!("/{asked}/oauth2/v2.0/token"))
        {
            *request.uri_mut() = path.replacen(asked, given, 1).parse().unwrap();
            *self.poisoned.lock().unwrap() += 1;
        }
        let bearer = request.headers().get(header::AUTHORIZATION);
        if let Some(token) =
            bearer.filter(|_| path.starts_with("/v1.0") || path.starts_with("/adm"))
        {
            let middle = token.to_str().unwrap().split('.').nth(1).unwrap();
            let claims: Value =
                serde_json::from_slice(&URL_SAFE_NO_PAD.decode(middle).unwrap()).unwrap();
            self.used.lock().unwrap().push(claims["tid"].as_str().unwrap().to_owned());
        }
        request
    }

    /// The tenants of the tokens that were used since the last time.
    fn taken(&self) -> Vec<String> {
        let mut used = std::mem::take(&mut *self.used.lock().unwrap());
        used.sort();
        used.dedup();
        used
    }
}

fn name(number: u32) -> String {
    format!("T{number:02}")
}

async fn fifty(watch: &Watch) -> Stage {
    let customer = |number| Customer {
        name: name(number),
        directory: directory(number, "contoso.com", &PEOPLE),
        more: format!(
            "[tenants.approvals]\nslack_channels = [\"{}\"]\npersonal = false\n",
            channel_of(&name(number))
        ),
    };
    let watch = watch.clone();
    let calls = move |routes: Router| {
        let watch = watch.clone();
        routes.layer(middleware::map_request(move |request| {
            let request = watch.on(request);
            async move { request }
        }))
    };
    let settings = Settings {
        approvers: "[\"anna.approver@contoso.com\"]".to_owned(),
        customers: (0..TENANTS).map(customer).collect(),
        ..Settings::default()
    };
    let between = Between { calls: Some(Arc::new(calls)), ..Between::default() };
    let stage = Box::pin(Stage::between(settings, between)).await;
    let ids = |world: &countersign::sim::microsoft::World| {
        PEOPLE.map(|(alias, _)| world.user(&format!("{alias}@contoso.com")).unwrap()["id"].clone())
    };
    let own = ids(&stage.world);
    assert!(stage.customers.values().all(|world| ids(world) == own), "the same ids everywhere");
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn c3_no_call_is_made_with_another_tenant_s_token() {
    let watch = Watch::default();
    let stage = fifty(&watch).await;
    watch.taken();
    let tried = times(150, 10_000);
    eprintln!("seed {SEED:#x}");
    let mut dice = Dice(SEED);
    let home = stage.tenant().to_string();
    let mut blocked: BTreeMap<(u32, usize), bool> = BTreeMap::new();
    let mut expected: BTreeMap<u32, usize> = BTreeMap::new();
    for at in 0..tried {
        let number = u32::try_from(dice.roll(u64::from(TENANTS))).unwrap();
        let other =
            (number + 1 + u32::try_from(dice.roll(u64::from(TENANTS) - 1)).unwrap()) % TENANTS;
        let who = dice.place(PEOPLE.len());
        let (channel, elsewhere) = (channel_of(&name(number)), channel_of(&name(other)));
        let (alias, shown) = PEOPLE[who];
        let said =
            if dice.roll(2) == 0 { shown.to_owned() } else { format!("{alias}@contoso.com") };
        let is = blocked.get(&(number, who)).copied().unwrap_or_default();
        let words = format!("{} sign-in of {said}", if is { "allow" } else { "block" });
        let mut allowed = [tenant_id(number), home.clone()];
        allowed.sort();
        match dice.roll(8) {
            0 => {
                stage.says_at("tina.tech", &channel, &format!("look up {alias}@contoso.com")).await;
            }
            1 => {
                // An id of another tenant, as only a bent client says it.
                let id = stage.customers[&name(other)].user(&format!("{alias}@contoso.com"));
                let id = id.unwrap()["id"].as_str().unwrap().to_owned();
                let words = format!("block sign-in of {}/{id}", tenant_id(other));
                stage.says_at("tina.tech", &channel, &words).await;
            }
            2 => {
                // Sign-in gives another tenant's token, after those that are kept are over.
                stage.pass(SignedDuration::from_hours(2)).await;
                watch.taken();
                *watch.poison.lock().unwrap() = Some((tenant_id(number), tenant_id(other)));
                stage.says_at("tina.tech", &channel, &words).await;
                *watch.poison.lock().unwrap() = None;
                stage.clock.pass(SignedDuration::from_secs(5));
            }
            3 => {
                // A card of one, pressed from another's conversation.
                stage.says_at("tina.tech", &channel, &words).await;
                let mut bent = button(&stage, &channel, Verb::Approve);
                bent.channel.clone_from(&elsewhere);
                let sent = bent.pressed_by(&stage, "anna.approver", Verb::Approve.as_str());
                stage.slack.send_again(&sent).await;
                stage.settle().await;
                stage.presses("tina.tech", &channel, Verb::Cancel).await;
            }
            4 => {
                // Said in a conversation of none, by its name.
                stage.says("tina.tech", &format!("{}: {words}", name(number))).await;
                stage.presses("anna.approver", &channel, Verb::Approve).await;
                blocked.insert((number, who), !is);
                *expected.entry(number).or_default() += 1;
            }
            _ => {
                stage.says_at("tina.tech", &channel, &words).await;
                stage.presses("anna.approver", &channel, Verb::Approve).await;
                blocked.insert((number, who), !is);
                *expected.entry(number).or_default() += 1;
            }
        }
        let used = watch.taken();
        assert!(
            used.iter().all(|tenant| allowed.contains(tenant)),
            "operation {at} about {}: calls with tokens of {used:?}",
            tenant_id(number)
        );
    }
    for number in 0..TENANTS {
        let felt = stage.customers[&name(number)].ledger().len();
        let should = expected.get(&number).copied().unwrap_or_default();
        assert_eq!(felt, should, "{}", name(number));
    }
    assert!(stage.effects().is_empty(), "the operator's own tenant felt nothing");
    assert!(stage.bot_said(APPROVALS).is_empty() && !stage.bot_said(HELPDESK).is_empty());
    assert!(*watch.poisoned.lock().unwrap() > 0, "no token was poisoned");
    figure("C3", "operations over 50 tenants with the same names and ids", tried, SEED);
}
