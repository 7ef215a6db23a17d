//! What an approver sees of a process before scrolling, on a phone 320 px wide.

use countersign::domain::chat::Verb;
use serde_json::{Value, json};

use crate::stage::{APPROVALS, Stage};

/// The four processes, in words, and what the first screen says of each.
const PROCESSES: &[(&str, &str, &[&str])] = &[
    (
        "leaver",
        "offboard john.doe@contoso.com on 2026-11-30",
        &[
            "Offboard somebody",
            "John Doe (john.doe@contoso.com)",
            "30 Nov 2026, 17:00",
            "high: access or data goes",
            "No undo sessions, password, sign-in methods",
        ],
    ),
    (
        "joiner",
        "New hire please\nName: Nora Quist\nJob title: Account Manager\nDepartment: Sales\n\
         Manager: Samir Nadar\nStart date: 2026-11-30\nLicence: Microsoft 365 E3\nGroups: VPN Users",
        &[
            "Onboard somebody",
            "Nora Quist (nora.quist@contoso.com)",
            "at once; the rest Mon 30 Nov 2026, 08:00",
            "moderate",
            "Secret to tina.tech@contoso.com",
        ],
    ),
    (
        "contractor",
        "New contractor please\nName: Bob Stone\nCompany: Northwind\nDepartment: Sales\n\
         Manager: Samir Nadar\nStart date: 2026-11-30\nEnd date: 2027-02-26\nGroups: VPN Users",
        &["New contractor", "Bob Stone (bob.stone@contoso.com)", "Secret to tina.tech"],
    ),
    (
        "mover",
        "John Doe will move from Sales to Finance, reporting to Fiona Ledger. Please update his record.",
        &["Move somebody", "John Doe (john.doe@contoso.com)", "at once", "moderate"],
    ),
];

/// Characters on a line of a card that is 320 px wide, as `make cards` draws it.
const WIDE: usize = 33;
/// Lines on the first screen, the buttons one of them.
const LINES_MAX: usize = 12;

/// Leaves the card where `scripts/render_cards.mjs` finds it.
fn leave(name: &str, card: &Value) {
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/processes");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(format!("{folder}/{name}.json"), card.to_string()).unwrap();
}

/// A text as lines: words are not broken.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().unwrap();
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDE {
            lines.push(word.to_owned());
        } else {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines
}

/// The lines above the buttons that decide; `None`: there are no such buttons.
fn before_the_buttons(blocks: &Value) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    for block in blocks.as_array().unwrap() {
        match block["type"].as_str().unwrap() {
            "ActionSet" | "actions" => return Some(lines),
            "TextBlock" => lines.extend(wrapped(block["text"].as_str().unwrap())),
            "RichTextBlock" => {
                let inlines = block["inlines"].as_array().unwrap().iter();
                let runs: Vec<&str> = inlines.map(|run| run["text"].as_str().unwrap()).collect();
                lines.extend(wrapped(&runs.concat()));
            }
            "Container" => lines.extend(before_the_buttons(&json!([
                block["items"][0],
                { "type": "ActionSet" }
            ]))?),
            "header" | "section" => {
                let text = block["text"]["text"].as_str().unwrap().replace('*', "");
                lines.extend(text.lines().flat_map(wrapped));
            }
            other => panic!("{other} stands before the buttons"),
        }
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_screen_of_each_process_has_what_matters_and_both_buttons() {
    for (name, words, said) in PROCESSES {
        let stage = Stage::new().await;
        stage.says("tina.tech", words).await;
        let teams = stage.teams_cards("anna.approver").pop().expect("it was understood");
        let (teams, slack) = (teams.card.unwrap(), stage.bot_said(APPROVALS).pop().unwrap());
        leave(&format!("{name}.teams"), &teams);
        let slack = slack.blocks.unwrap();
        leave(&format!("{name}.slack"), &json!({ "blocks": slack }));
        for (face, blocks) in [("Teams", &teams["body"]), ("Slack", &slack)] {
            let lines = before_the_buttons(blocks).unwrap_or_else(|| panic!("{name} in {face}"));
            let screen = lines.join("\n");
            assert!(lines.len() < LINES_MAX, "{name} in {face}:\n{screen}");
            let all = lines.join(" ").replace('\u{a0}', " ");
            for said in *said {
                assert!(all.contains(said), "{name} in {face} lacks {said:?}:\n{screen}");
            }
            for who in ["tina.tech@contoso.com", "Risk", "When"] {
                assert!(all.contains(who), "{name} in {face} lacks {who:?}:\n{screen}");
            }
            let text = blocks.to_string();
            // Said once, wherever on the card.
            for once in ["Asked\u{a0}by", "2026, 08:00", "2026, 17:00"] {
                let facts = text.split("What will change").next().unwrap();
                assert!(facts.matches(once).count() <= 1, "{name} in {face}: {once}");
            }
            assert!(!text.contains("T00:00:00Z") && !text.contains("T000000Z"), "{name} in {face}");
            assert!(!text.contains("*Starts*"), "{name} in {face}: it stands under When");
            let (decide, steps) =
                (text.find(Verb::Approve.as_str()), text.find("What will change"));
            assert!(decide < steps && text.contains(Verb::Reject.as_str()), "{name} in {face}");
        }
    }
}
