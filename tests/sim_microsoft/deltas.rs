//! Delta queries: first everything, then only what changed.

use countersign::sim::microsoft::DEMO_CLIENT_ID;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{GRAPH, JOHN, Reply, Sim};

/// The part of a link under the version.
fn link(reply: &Reply, name: &str) -> Option<String> {
    let whole = reply.body[name].as_str()?;
    Some(whole.split_once("/v1.0").unwrap().1.to_owned())
}

/// All pages from here on, and the last link.
async fn round(sim: &Sim, path: &str) -> (Vec<Value>, String) {
    let (mut all, mut path) = (Vec::new(), path.to_owned());
    loop {
        let page = sim.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        all.extend(page.body["value"].as_array().unwrap().iter().cloned());
        match link(&page, "@odata.nextLink") {
            Some(next) => {
                assert!(next.contains("$skiptoken="), "{next}");
                path = next;
            }
            None => return (all, link(&page, "@odata.deltaLink").unwrap()),
        }
    }
}

#[tokio::test]
async fn first_everybody_comes_page_by_page_and_then_nobody() {
    let sim = Sim::start().await;
    sim.world.set_conduct(|conduct| conduct.delta_page = Some(7));
    let (all, delta) = round(&sim, "/users/delta?$select=displayName,jobTitle").await;
    assert!(all.len() > 20, "{}", all.len());
    assert!(delta.contains("$deltatoken="), "{delta}");
    let named = |one: &&Value| one["displayName"].is_string() && one["id"].is_string();
    assert_eq!(all.iter().filter(named).count(), all.len());
    assert!(all.iter().all(|one| one.get("userPrincipalName").is_none()));
    assert!(all.iter().any(|one| one.get("jobTitle").is_none()), "what was never set is absent");
    let (none, next) = round(&sim, &delta).await;
    assert!(none.is_empty() && next != delta);
    // A link may be followed again.
    assert!(round(&sim, &delta).await.0.is_empty());
}

#[tokio::test]
async fn only_what_was_selected_is_told_and_from_now_on_begins_empty() {
    let sim = Sim::start().await;
    let (none, delta) =
        round(&sim, "/users/delta?$select=displayName,jobTitle&$deltatoken=latest").await;
    assert!(none.is_empty());
    sim.patch(&format!("/users/{JOHN}"), json!({ "department": "Legal" })).await;
    let (none, delta) = round(&sim, &delta).await;
    assert!(none.is_empty(), "{none:?}");
    sim.patch(&format!("/users/{JOHN}"), json!({ "displayName": "Jon", "jobTitle": null })).await;
    let (told, _) = round(&sim, &delta).await;
    let id = sim.world.user(JOHN).unwrap()["id"].clone();
    assert_eq!(told, [json!({ "id": id, "displayName": "Jon", "jobTitle": null })]);
    let brief =
        sim.http.get(format!("{}/v1.0{delta}", sim.base)).header("Prefer", "return=minimal");
    sim.patch(&format!("/users/{JOHN}"), json!({ "displayName": "Johnny" })).await;
    let told = sim.send(brief).await;
    assert_eq!(told.body["value"][0]["displayName"], "Johnny");
}

#[tokio::test]
async fn who_is_deleted_is_removed_first_for_a_while_and_then_for_good() {
    let sim = Sim::start().await;
    let id = sim.world.user(JOHN).unwrap()["id"].clone();
    let (_, delta) = round(&sim, "/users/delta?$deltatoken=latest").await;
    sim.delete(&format!("/users/{JOHN}")).await;
    let (told, after) = round(&sim, &delta).await;
    assert_eq!(told, [json!({ "id": id, "@removed": { "reason": "changed" } })]);
    sim.delete(&format!("/directory/deletedItems/{}", id.as_str().unwrap())).await;
    let (told, _) = round(&sim, &after).await;
    assert_eq!(told, [json!({ "id": id, "@removed": { "reason": "deleted" } })]);
}

#[tokio::test]
async fn what_delta_queries_do_not_take_is_refused_in_graph_s_words() {
    let sim = Sim::start().await;
    for (path, code, part) in [
        ("/users/delta?$orderby=displayName", "Request_UnsupportedQuery", "Unsupported Query."),
        ("/users/delta?$filter=department eq 'Sales'", "Request_UnsupportedQuery", "Unsupported"),
        ("/groups/delta?$search=\"displayName:x\"", "Request_UnsupportedQuery", "Unsupported"),
        ("/users/delta?$select=id,signInActivity", "BadRequest", "properties: signInActivity"),
        ("/users/delta?$select=birthday", "BadRequest", "properties: birthday"),
        ("/users/delta?$select=shoeSize", "BadRequest", "shoeSize"),
        ("/users/delta?$deltatoken=nonsense", "BadRequest", "Badly formed"),
    ] {
        let reply = sim.get(path).await;
        assert_eq!((reply.status, reply.code()), (400, code), "{path}");
        assert!(reply.message().contains(part), "{path}: {}", reply.message());
    }
    let id = sim.world.user(JOHN).unwrap()["id"].as_str().unwrap().to_owned();
    let (told, _) = round(&sim, &format!("/users/delta?$filter=id eq '{id}'&$top=1")).await;
    assert_eq!(told.len(), 1);
}

#[tokio::test]
async fn a_token_lives_for_seven_days_and_a_forgotten_one_is_gone() {
    let mut sim = Sim::start().await;
    let (_, delta) = round(&sim, "/groups/delta?$deltatoken=latest").await;
    // The access token lives for an hour only.
    sim.clock.advance(SignedDuration::from_hours(24 * 7));
    sim.token = sim.world.access_token(DEMO_CLIENT_ID, GRAPH).unwrap();
    assert!(round(&sim, &delta).await.0.is_empty());
    sim.clock.advance(SignedDuration::from_mins(1));
    let old = sim.get(&delta).await;
    assert_eq!((old.status, old.code()), (400, "syncStateNotFound"));
    let (_, delta) = round(&sim, "/groups/delta?$deltatoken=latest").await;
    sim.world.reset();
    let gone = sim.get(&delta).await;
    assert_eq!(gone.status, 410);
    let again = gone.headers["location"].to_str().unwrap();
    assert!(again.ends_with("/v1.0/groups/delta?$deltatoken="), "{again}");
}
