//! One-time links among those who only look, and among many who want it first.

use countersign::sim::microsoft::World;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::{
    assure::{Dice, figure, times},
    links::{PREVIEWS, with_link},
    stage::Stage,
};

const JOHN: &str = "john.doe@contoso.com";

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// What one look at a link is like: pages and scripts, prefetching, and buttons pressed without
/// the token that only the page's own script reads out of the address.
fn looks(base: &str, token: &str) -> Vec<RequestBuilder> {
    let client = client();
    let page = format!("{base}/s/#{token}");
    let open = format!("{base}/s/open");
    let mut looks: Vec<RequestBuilder> = [Method::GET, Method::HEAD, Method::OPTIONS]
        .into_iter()
        .flat_map(|method| {
            [page.clone(), format!("{base}/s/link.js"), open.clone(), format!("{base}/s/{token}")]
                .map(|address| client.request(method.clone(), address))
        })
        .collect();
    let ahead = [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("purpose", "preview"),
        ("x-moz", "prefetch"),
        ("x-purpose", "preview"),
    ];
    looks.extend(ahead.map(|(name, value)| client.get(&page).header(name, value)));
    // Scanners send the forms they find, and what they make of the address.
    looks.extend([
        client.post(&open),
        client.post(&open).json(&json!({})),
        client.post(&open).json(&json!({ "token": "" })),
        client.post(&open).json(&json!({ "token": null })),
        client.post(&open).json(&json!({ "token": "test" })),
        client.post(&open).form(&[("token", token)]),
        client.post(format!("{open}?token={token}")).json(&json!({})),
        client.post(format!("{open}#{token}")).json(&json!({})),
        client.post(format!("{base}/s/{token}")).json(&json!({})),
        client.post(&page).form(&[("open", "yes")]),
    ]);
    looks
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_scanners_looking_in_any_order_never_use_a_link_up() {
    let seed = 0x11_4B5;
    let mut dice = Dice(seed);
    let (stage, token) = with_link().await;
    let mut all: Vec<RequestBuilder> = PREVIEWS
        .iter()
        .flat_map(|agent| {
            looks(&stage.base, &token).into_iter().map(|look| look.header("user-agent", *agent))
        })
        .collect();
    let tried = u32::try_from(all.len()).unwrap();
    while !all.is_empty() {
        let look = all.swap_remove(dice.place(all.len()));
        let answer = look.send().await.unwrap();
        let (status, at) = (answer.status(), answer.url().clone());
        let said = answer.text().await.unwrap();
        let told = status == 200 && said.contains("\"secret\":\"");
        assert!(!told, "seed {seed:#x}: {at} said the secret: {said}");
    }
    let (status, body) = crate::links::open(&stage, &token).await;
    assert_eq!(status, 200, "seed {seed:#x}: used up: {body}");
    assert!(is_the_password(&stage.world, &body), "seed {seed:#x}");
    figure("I7", "looks of 20 link previewers and mail scanners at a one-time link", tried, seed);
}

fn is_the_password(world: &World, body: &Value) -> bool {
    body["secret"].as_str().is_some_and(|value| world.password_is(JOHN, value))
}

/// What came of a thousand who opened one link at once, with scanners among them.
async fn raced(
    stage: &Stage,
    token: &str,
    readers: usize,
    dice: &mut Dice,
) -> Vec<(StatusCode, Value)> {
    let client = client();
    let mut asks: Vec<RequestBuilder> = (0..readers)
        .map(|_| client.post(format!("{}/s/open", stage.base)).json(&json!({ "token": token })))
        .collect();
    asks.extend(looks(&stage.base, token));
    for at in (1..asks.len()).rev() {
        asks.swap(at, dice.place(at + 1));
    }
    let answers = asks.into_iter().map(|ask| {
        tokio::spawn(async move {
            let answer = ask.send().await.unwrap();
            let status = answer.status();
            let said = answer.bytes().await.unwrap();
            (status, serde_json::from_slice(&said).unwrap_or_default())
        })
    });
    let answers: Vec<_> = answers.collect();
    futures::future::join_all(answers).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_readers_at_once_are_one_reader() {
    let (readers, seed) = (1_000, 0x000E_AD01);
    let races = times(1, 5);
    for race in 0..races {
        let mut dice = Dice(seed + u64::from(race));
        let (stage, token) = with_link().await;
        let answers = raced(&stage, &token, readers, &mut dice).await;
        let got: Vec<&Value> = answers
            .iter()
            .map(|(_, body)| body)
            .filter(|body| body["secret"].is_string())
            .collect();
        assert_eq!(got.len(), 1, "seed {seed:#x}, race {race}: {} got it", got.len());
        assert!(is_the_password(&stage.world, got[0]), "seed {seed:#x}, race {race}");
        let facts = crate::attacks::facts(&stage).await;
        let opened = facts.iter().filter(|(kind, _)| kind == "secret.opened").count();
        assert_eq!(opened, 1, "seed {seed:#x}, race {race}: the record says once");
        let broken = answers.iter().filter(|(status, _)| status.is_server_error()).count();
        assert_eq!(broken, 0, "seed {seed:#x}, race {race}: everybody is answered");
    }
    let tried = u32::try_from(readers).unwrap() * races;
    figure("I7", "readers of a one-time link, a thousand at once", tried, seed);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_races_of_a_few_readers_each_has_one_winner() {
    let (readers, seed) = (4, 0x000F_E3AD);
    let races = times(10, 1_000);
    let mut dice = Dice(seed);
    let mut stage = Stage::new().await;
    for race in 0..races {
        // The chats have forgotten the race before; a room that has seen many is left.
        if race % 100 == 99 {
            stage = Stage::new().await;
        }
        stage.pass(jiff::SignedDuration::from_hours(1)).await;
        let token = crate::links::another(&stage).await;
        let answers = raced(&stage, &token, readers, &mut dice).await;
        let got: Vec<&Value> = answers
            .iter()
            .map(|(_, body)| body)
            .filter(|body| body["secret"].is_string())
            .collect();
        assert_eq!(got.len(), 1, "seed {seed:#x}, race {race}: {} got it", got.len());
        assert!(is_the_password(&stage.world, got[0]), "seed {seed:#x}, race {race}");
    }
    figure("I7", "races of four readers of a one-time link, scanners among them", races, seed);
}
