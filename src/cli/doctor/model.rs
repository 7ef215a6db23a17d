//! The language model, if one is set: does it answer a tiny question in time?

use crate::{
    app,
    cli::{doctor::check::Check, reach},
    config::Model as Set,
    domain::trouble::chain,
    ports::model::{Candidate, Kind, Model, Offered, Question, Silence, Takes},
};

/// Asks it one thing.
pub async fn look(set: &Set) -> Vec<Check> {
    let what = "model";
    let model = match app::model(set, reach::clock()) {
        Ok(model) => model,
        Err(error) => return vec![Check::wrong(what, format!("{error:#}"), "correct [model]")],
    };
    let began = reach::clock().now();
    let answer = model.ask(&tiny()).await;
    let took = reach::clock().now().duration_since(began).as_millis();
    vec![match answer {
        Ok(_) => Check::ok(what, format!("{} answers in {took} ms", set.name)),
        Err(silence) => {
            let found = format!("{}; words are read without it", chain(&silence));
            Check::wrong(what, found, mend(&silence))
        }
    }]
}

fn mend(silence: &Silence) -> &'static str {
    match silence {
        Silence::Refused(_) => {
            "check model.name, model.key and model.header; with Azure, the name is the deployment's and the header api-key"
        }
        Silence::TooLate => {
            "load the model beforehand and keep it loaded, or take a smaller one: nobody waits longer than model.timeout"
        }
        Silence::Unfit(_) => {
            "take a model or a server that keeps to a JSON schema; this one answers in another form"
        }
        _ => {
            "check model.url: it ends in /v1, and this machine must reach it; or leave [model] out"
        }
    }
}

/// About nobody.
fn tiny() -> Question {
    Question {
        words: "please unlock [u1]".to_owned(),
        actions: vec![Offered {
            id: "unlock_user",
            title: "Unlock an account",
            example: None,
            arguments: vec![("user", Takes::One(Kind::Person))],
        }],
        candidates: vec![Candidate { id: "u1".to_owned(), kind: Kind::Person }],
    }
}
