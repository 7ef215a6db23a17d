//! `graph PATCH /users/ada@contoso.com {"officeLocation": "Leeds"}`: a request of Graph,
//! spelled out. Read as it is written and from the own words alone; nothing is guessed.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::domain::proposal::{Because, Intent, Proposal, Understood};

/// The action that sends it.
pub(super) const ACTION: &str = "graph_request";

/// The whole message: who is spoken to, the word, a method, a path, perhaps a JSON object.
static SPELLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?is)^\s*(?:(?:⟨@\d+⟩|@?countersign)[,:]?\s+)?(?:graph(?:\s+request)?:?\s+(get|post|put|patch|delete)|(?:(?:please |pls )?(?:run|do|send|call|issue|fire)(?: an?)? )?((?-i:GET|POST|PUT|PATCH|DELETE)))\s+(?:https://graph\.microsoft\.com/v1\.0)?(/\S*)\s*(?:(?:with |and )?(?:the |a |this )?(?:(?:body|payload|json)\s*:?\s*)?)?(\{.*\})?\s*(?:[-–—,;]\s*(?:please |pls )?(?:run|send|do|execute|fire|call|issue|try) (?:that|this|it)(?: one)?)?\s*(?:(?:against|on|in|to|via) (?:ms |microsoft )?graph(?: api)?)?(?: for (?:me|us))?(?: please| pls)?[.?]?\s*$",
    )
    .expect("a fixed pattern")
});

/// In a sentence that asks for a call of Graph: "quick graph call please: GET /users?$top=5".
static WITHIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?s)(\z.)?(?:^|[^A-Za-z])(GET)\s+(?:https://graph\.microsoft\.com)?(/\S*[^\s.,;:!?])(\z.)?",
    )
    .expect("a fixed pattern")
});

/// Below a line that says so: "Run this raw against Graph:", "raw: GET /domains".
static BELOW: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?s)^([^/{}]{1,100}?[:\n]\s*)(GET|POST|PUT|PATCH|DELETE)\s+(?:https://graph\.microsoft\.com(?:/v1\.0)?)?(/\S*)\s*(?:(?:with |and )?(?:the |a |this )?(?:(?:body|payload|json)\s*:?\s*)?)?(\{.*\})?\s*[.]?\s*$",
    )
    .expect("a fixed pattern")
});

/// Do these words hand a request over as it is written?
fn hands_over(lead: &str) -> bool {
    const CALLS: &[&str] = &[
        "raw", "graph", "run", "execute", "fire", "send", "call", "issue", "perform", "written",
        "verbatim", "submit", "post",
    ];
    const OTHER: &[&str] = &[
        "not",
        "dont",
        "never",
        "what",
        "why",
        "how",
        "explain",
        "does",
        "would",
        "should",
        "mean",
        "means",
        "if",
        "wrong",
        "failed",
        "error",
        "got",
        "ran",
        "was",
        "yesterday",
        "then",
        "instead",
    ];
    let lead = lead.to_lowercase().replace(['\'', '’'], "");
    let words: Vec<&str> = lead.split(|c: char| !c.is_alphabetic()).collect();
    let any = |of: &[&str]| words.iter().any(|word| of.contains(word));
    any(CALLS) && !any(OTHER)
}

/// Does a sentence ask for one look by Graph, and for nothing else?
fn calls_graph(own: &str) -> bool {
    const CALLS: &[&str] = &[
        "call", "request", "query", "run", "fire", "paste", "send", "execute", "perform", "do",
        "straight", "against",
    ];
    const MORE: &[&str] = &["then", "delete", "remove", "update", "change", "afterwards"];
    let own = own.to_lowercase();
    let words: Vec<&str> = own.split(|c: char| !c.is_alphabetic()).collect();
    let any = |of: &[&str]| words.iter().any(|word| of.contains(word));
    words.contains(&"graph") && any(CALLS) && !any(MORE)
}

/// The request that these own words spell out.
pub(super) fn spelled(own: &str) -> Option<Understood> {
    let below = || BELOW.captures(own).filter(|found| hands_over(&found[1]));
    let within = || {
        let mut all = WITHIN.captures_iter(own);
        let one = all.next()?;
        // Two requests are two messages.
        (calls_graph(own) && all.next().is_none()).then_some(one)
    };
    let found = SPELLED.captures(own).or_else(below).or_else(within)?;
    let mut arguments = Map::new();
    let mut method =
        [1, 2].into_iter().filter_map(|at| found.get(at)).map(|found| found.as_str().trim());
    let method = method.rfind(|one| one.chars().all(char::is_alphabetic))?;
    arguments.insert("method".to_owned(), method.to_uppercase().into());
    arguments.insert("path".to_owned(), found[3].into());
    if let Some(body) = found.get(4) {
        // What is no JSON is handed on as it is: the action says what is wrong with it.
        let body = body.as_str();
        let read = serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned()));
        arguments.insert("body".to_owned(), read);
    }
    let words = format!("{method} {}", &found[3]).chars().take(80).collect();
    let because = vec![Because { words, gave: "action".to_owned(), quoted: false }];
    let proposal = Proposal { action: ACTION.to_owned(), arguments, because };
    Some(Understood { proposals: vec![proposal], ..Understood::only(Intent::Request) })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::spelled;

    fn read(own: &str) -> Option<Value> {
        spelled(own).map(|understood| Value::Object(understood.proposals[0].arguments.clone()))
    }

    #[test]
    fn what_is_spelled_out_is_read_as_it_is_written() {
        let path = "/users/ada@contoso.com/calendars?$top=5";
        let wanted = json!({ "method": "GET", "path": path });
        for own in [
            format!("graph GET {path}"),
            format!("⟨@0⟩ graph request get {path}\n"),
            format!("@Countersign graph: GET {path}"),
            format!("GET {path}"),
            format!("run GET {path} against Graph for me"),
            format!("GET https://graph.microsoft.com/v1.0{path}"),
        ] {
            assert_eq!(read(&own), Some(wanted.clone()), "{own}");
        }
        assert_eq!(
            read("graph PATCH /users/ada {\n \"officeLocation\": \"Leeds\"\n}"),
            Some(
                json!({ "method": "PATCH", "path": "/users/ada", "body": { "officeLocation": "Leeds" } })
            )
        );
        assert_eq!(read("graph POST /x {nothing}").unwrap()["body"], "{nothing}");
    }

    #[test]
    fn nothing_else_is() {
        for own in [
            "graph GET users",
            "get /users",
            "graph GET /users and then delete them",
            "graph GET /users\nthanks",
            "graph OPTIONS /users",
            "the graph of GET /users",
            "graph DELETE",
        ] {
            assert_eq!(read(own), None, "{own}");
        }
    }
}
