//! Every message, every face: within the services' limits, saying the same, and the
//! same shape whatever people typed.

use std::collections::{BTreeMap, BTreeSet};

use countersign::{
    adapters::cards::{CardError, Cards, escape, fit, texts::Texts, write::write_samples},
    domain::{
        chat::{Drawn, Face, Verb},
        message::{Message, QuestionView, RequestView, StepView},
        plan::Note,
        samples::{FROM_RIGHT, NASTY, extremes, others},
        trouble::{Ask, Choice},
    },
};
use jiff::tz::TimeZone;
use serde_json::Value;

#[path = "cards/slack.rs"]
mod slack;
#[path = "cards/teams.rs"]
mod teams;

const EN: &str = include_str!("../cards/texts/en.toml");

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn cards() -> Cards {
    Cards::new("en").unwrap()
}

fn draw(message: &Message, face: Face) -> Drawn {
    cards().draw(message, face, &berlin()).unwrap()
}

#[test]
fn every_sample_is_taken_by_every_platform() {
    let cards = cards();
    let samples = Message::samples();
    assert!(samples.len() > 100, "{} samples", samples.len());
    for (name, message) in &samples {
        for face in Face::ALL {
            let drawn = cards.draw(message, face, &berlin()).unwrap();
            let wrong = match face {
                Face::Teams => teams::refuses(&drawn.body),
                Face::Slack => slack::refuses(&drawn.body),
                Face::Plain => match drawn.body.as_str() {
                    Some(text) if !text.is_empty() => Vec::new(),
                    _ => vec!["no words".to_owned()],
                },
            };
            assert_eq!(wrong, Vec::<String>::new(), "{name} on {face:?}");
        }
    }
}

#[test]
fn every_message_has_a_summary_of_one_short_line_on_each_face() {
    for (name, message) in &Message::samples() {
        for face in Face::ALL {
            let summary = draw(message, face).summary;
            assert!(!summary.trim().is_empty(), "{name}");
            assert!(summary.chars().count() <= fit::SUMMARY_MAX + 40, "{name}: {summary}");
            assert!(!summary.contains('\n'), "{name}");
            assert!(!summary.contains("/s/open#"), "{name}: a link in a notification");
        }
    }
}

#[test]
fn names_of_samples_and_of_requests_are_unique() {
    let samples = Message::samples();
    let names: BTreeSet<&str> = samples.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), samples.len());
}

// What people type.

/// The skeleton of a card: everything but its words.
fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::String(String::new()),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, field)| (name.clone(), shape(field))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn whatever_people_type_the_card_keeps_its_shape() {
    let short: Vec<String> = NASTY.split(' ').map(str::to_owned).collect();
    let texts = short.iter().map(String::as_str).chain([
        FROM_RIGHT,
        "\"}]}",
        "\\\"",
        "{{ s }}",
        "{% endif %}",
        "|",
        "\n\n# x\n```\n",
        "=allowed",
        "=no_such_word",
        "@2026-08-04T15:00:00Z",
        "@everyone",
        "{user}",
        "\u{0}\u{7}a",
    ]);
    for face in [Face::Teams, Face::Slack] {
        let benign = shape(&draw(&Message::Request(extremes::typed("x")), face).body);
        for text in texts.clone() {
            let card = draw(&Message::Request(extremes::typed(text)), face).body;
            assert_eq!(shape(&card), benign, "{face:?} with {text:?}");
        }
    }
}

#[test]
fn nothing_that_people_type_becomes_mark_up_in_teams() {
    for (name, message) in &Message::samples() {
        for text in teams::shown(&draw(message, Face::Teams).body) {
            let text = without_mention(message, &text);
            for mark in ["*", "`", "~", "](", "<", "&lt;"] {
                assert!(!text.contains(mark), "{name}: {mark} in {text}");
            }
            assert!(!text.starts_with(['#', '>', '-']) || text.starts_with("#1"), "{name}: {text}");
            readable(name, &text);
        }
    }
}

#[test]
fn nothing_that_people_type_becomes_mark_up_in_slack() {
    for (name, message) in &Message::samples() {
        let drawn = draw(message, Face::Slack);
        for text in slack::mrkdwn(&drawn.body) {
            for line in text.lines() {
                let line = line.strip_prefix("> ").unwrap_or(line);
                let line = &without_mention(message, line);
                for mark in ["`", "~", "<", ">", ":tada:", "@here", "@channel", "&lt;"] {
                    assert!(!line.contains(mark), "{name}: {mark} in {line}");
                }
                assert_eq!(line.matches('*').count() % 2, 0, "{name}: {line}");
                assert!(line.matches('*').count() <= 2, "{name}: {line}");
            }
            readable(name, &text);
        }
        assert!(!drawn.summary.contains(['<', '>', '*', '`']), "{name}: {}", drawn.summary);
    }
}

/// A question begins with the one whom it mentions: the only mark-up there is, and it is ours.
fn without_mention(message: &Message, text: &str) -> String {
    let Message::Asked(view) = message else { return text.to_owned() };
    let ours = [format!("<@{}>: ", view.to.id), "<at>".to_owned(), "</at>: ".to_owned()];
    let once = |text: String, mark: &String| text.replacen(mark.as_str(), "", 1);
    ours.iter().fold(text.to_owned(), once)
}

/// Nothing hides, and what runs from right to left stays among itself.
fn readable(name: &str, text: &str) {
    let hidden = |c: &char| {
        matches!(*c, '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}')
            || (c.is_control() && *c != '\n')
    };
    assert!(!text.chars().any(|c| hidden(&c)), "{name}: {text:?}");
    for line in text.lines() {
        let mut depth = 0_i32;
        for c in line.chars() {
            depth += match c {
                '\u{2068}' => 1,
                '\u{2069}' => -1,
                _ => 0,
            };
            assert!(depth >= 0, "{name}: {line:?}");
        }
        assert_eq!(depth, 0, "{name}: {line:?}");
    }
}

// What must be on the card.

fn request(name: &str) -> RequestView {
    let found = Message::samples().into_iter().find(|(sample, _)| sample == name);
    match found {
        Some((_, Message::Request(view))) => view,
        other => panic!("{name} is {other:?}"),
    }
}

/// All words of a card, without the marks that a face puts in.
fn words(message: &Message, face: Face) -> String {
    let body = draw(message, face).body;
    match face {
        Face::Plain => body.as_str().unwrap().to_owned(),
        Face::Teams => teams::shown(&body).join("\n").replace('\u{A0}', " "),
        Face::Slack => slack::shown(&body)
            .join("\n")
            .replace(['*', '\u{A0}', '\u{2060}'], " ")
            .replace("&amp;", "&"),
    }
}

#[test]
fn a_card_shows_what_is_signed_on_every_face() {
    let view = request("pending-reset");
    for face in Face::ALL {
        let words = words(&Message::Request(view.clone()), face);
        let normal = words.split_whitespace().collect::<Vec<_>>().join(" ");
        for wanted in [
            "#1042",
            "Reset password",
            "Waiting for a signature",
            "John Doe (john.doe@contoso.com)",
            "Tina Tech (tina.tech@contoso.com)",
            "1. Set a new password for John Doe",
            "Password: the current one → new, generated",
            "Goes to Tina Tech (tina.tech@contoso.com) by one-time link",
            "Cannot be undone: the old password is gone for good",
            "2. End all sessions of John Doe",
            "Sessions: valid → ended",
            "Sessions of John Doe take some minutes to end; access tokens live up to about an hour.",
            "1 of the approvers for users",
            "Tue 4 Aug 2026, 17:00 CEST (UTC+2)",
            "3f9c0a77b2e1",
            "“reset the password” → the action",
        ] {
            assert!(normal.contains(wanted), "{face:?} lacks {wanted}\n{normal}");
        }
    }
}

#[test]
fn every_step_outcome_is_a_sign_and_a_word() {
    let view = request("partly-failed");
    for face in Face::ALL {
        let words = words(&Message::Request(view.clone()), face);
        let normal = words.split_whitespace().collect::<Vec<_>>().join(" ");
        for wanted in [
            "✗ Partly failed: 1 of 3 steps",
            "✓ 1. Block sign-in for John Doe – done (read back)",
            "✓ 2. End all sessions of John Doe – done (confirmed by its new date)",
            "✗ 3. Set the automatic replies of John Doe – failed",
            "This is not possible: John Doe has no mailbox.",
            "Anna Approver (anna.approver@contoso.com), Mon 3 Aug 2026, 11:12 CEST (UTC+2)",
        ] {
            assert!(normal.contains(wanted), "{face:?} lacks {wanted}\n{normal}");
        }
    }
}

#[test]
fn the_plain_face_lists_every_step_of_the_longest_plan() {
    let view = request("five-hundred-steps-ended");
    let words = words(&Message::Request(view.clone()), Face::Plain);
    for step in &view.steps {
        let user = &step.names["user"];
        assert!(words.contains(&format!(" {}. ", step.id)), "step {}", step.id);
        assert!(words.contains(user), "{user}");
    }
    assert!(view.subjects.iter().all(|who| words.contains(who.upn.as_str())));
}

#[test]
fn twelve_steps_are_shown_one_by_one_everywhere() {
    let view = request("twelve-steps");
    for face in Face::ALL {
        let words = words(&Message::Request(view.clone()), face);
        for id in 1..=12 {
            assert!(words.contains(&format!("{id}.")), "{face:?}: step {id}");
        }
        assert!(!words.contains("too many for one message"), "{face:?}");
    }
}

#[test]
fn a_plan_too_long_for_a_card_is_counted_and_says_so() {
    let view = request("five-hundred-steps-ended");
    for face in [Face::Teams, Face::Slack] {
        let words = words(&Message::Request(view.clone()), face);
        assert!(words.contains("500 steps are too many for one message"), "{words}");
        assert!(words.contains("Block sign-in: 250"), "{words}");
        assert!(words.contains("250 × Cannot be undone"), "{words}");
        assert!(words.contains("nobody signs before they were listed to them"), "{words}");
        assert!(words.contains("Show every step"), "{words}");
        assert!(words.contains("… 240 more") || words.contains("… 246 more"), "{words}");
    }
}

#[test]
fn a_short_plan_is_listed_whatever_it_says() {
    let (steps, bytes) = fit::LISTED;
    let every = request("many-of-every-change").steps;
    let kinds: BTreeMap<&str, &StepView> = every.iter().map(|step| (&*step.kind, step)).collect();
    assert!(kinds.len() >= 8, "{} kinds", kinds.len());
    let cards = cards();
    // From a few long values to many short ones, as many as the bytes have room for.
    for text in ["&<>*_~".repeat(80), NASTY.to_owned(), FROM_RIGHT.to_owned(), "W ".repeat(30)] {
        for length in [text.len(), 12, 1] {
            let value: String = text.chars().take(length).collect();
            let typed = extremes::typed(&text);
            for &kind in kinds.values() {
                let mut view = typed.clone();
                view.steps = vec![kind.clone(); steps];
                view.subjects = typed.subjects.iter().cycle().take(steps * 2).cloned().collect();
                for step in &mut view.steps {
                    step.names.values_mut().for_each(|name| name.clone_from(&text));
                    let plain = kind.values.first().cloned();
                    let room = bytes / steps / (2 * value.len() + 40) + 1;
                    step.values = plain.iter().cycle().take(room).cloned().collect();
                    for one in &mut step.values {
                        (one.before, one.after) = (value.clone(), value.clone());
                    }
                }
                for face in Face::ALL {
                    let message = Message::Request(view.clone());
                    let counted = cards.counts_steps(&message, face, &berlin(), None).unwrap();
                    assert!(!counted, "{face:?}: {} of {length} of {text}", kind.kind);
                }
            }
        }
    }
}

#[test]
fn a_text_that_is_cut_says_how_much_is_missing() {
    let long = extremes::typed(&"y".repeat(2000));
    for face in [Face::Teams, Face::Slack] {
        let words = words(&Message::Request(long.clone()), face);
        assert!(words.contains("more characters"), "{face:?}");
    }
    assert!(!words(&Message::Request(long), Face::Plain).contains("more characters"));
}

#[test]
fn times_are_absolute_and_in_the_tenants_zone() {
    let message = Message::Request(request("scheduled"));
    let summer = draw(&message, Face::Plain).body;
    assert!(summer.as_str().unwrap().contains("Sun 25 Oct 2026, 02:30 CEST (UTC+2)"));
    for (zone, wanted) in [
        ("UTC", "Sun 25 Oct 2026, 00:30 UTC"),
        ("Asia/Kolkata", "Sun 25 Oct 2026, 06:00 IST (UTC+5:30)"),
        ("America/Sao_Paulo", "Sat 24 Oct 2026, 21:30 UTC-3"),
    ] {
        let zone = TimeZone::get(zone).unwrap();
        let drawn = cards().draw(&message, Face::Plain, &zone).unwrap();
        assert!(drawn.body.as_str().unwrap().contains(wanted), "{}", drawn.body);
    }
}

#[test]
fn confirm_cards_say_that_no_second_person_looks() {
    let view = request("pending-confirm");
    for face in Face::ALL {
        let words = words(&Message::Request(view.clone()), face);
        assert!(words.contains("the requester alone; no second person looks"));
        assert!(words.contains("Waiting for the requester to confirm"));
    }
}

// Buttons.

#[test]
fn buttons_carry_request_nonce_and_digest_and_read_back_as_their_verb() {
    let view = request("pending-reset");
    let card = draw(&Message::Request(view.clone()), Face::Teams).body;
    let approve = &card["actions"][0];
    assert_eq!(approve["verb"], "countersign.approve");
    assert_eq!(approve["data"]["r"], view.token.request.to_string());
    assert_eq!(approve["data"]["n"], view.token.nonce.as_str());
    assert_eq!(approve["data"]["d"], view.token.digest.to_string());
    assert_eq!(approve["fallback"]["data"]["verb"], "countersign.approve");
    let message = draw(&Message::Request(request("repeated-buttons")), Face::Slack).body;
    let buttons = slack::buttons(&message);
    let ids: Vec<&str> = buttons.iter().map(|b| b["action_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["countersign.approve", "countersign.approve:1", "countersign.reject"]);
    let value =
        format!("{}|{}|{}", view.token.request, view.token.nonce.as_str(), view.token.digest);
    for button in &buttons {
        assert!(Verb::read(button["action_id"].as_str().unwrap()).is_some());
        assert_eq!(button["value"], value.as_str());
    }
}

#[test]
fn a_comment_can_be_typed_only_beside_approve_and_reject() {
    for (name, wanted) in [("pending-reset", true), ("running", false), ("pending-confirm", false)]
    {
        let message = Message::Request(request(name));
        let teams = draw(&message, Face::Teams).body.to_string();
        assert_eq!(teams.contains("\"Input.Text\""), wanted, "{name}");
        let slack = draw(&message, Face::Slack).body.to_string();
        assert_eq!(slack.contains("\"plain_text_input\""), wanted, "{name}");
    }
}

#[test]
fn a_form_keeps_the_message_it_came_from() {
    let found = Message::samples().into_iter().find(|(name, _)| name == "form-which-person");
    let (_, message) = found.unwrap();
    let view = draw(&message, Face::Slack).body["view"].clone();
    let data: Value = serde_json::from_str(view["private_metadata"].as_str().unwrap()).unwrap();
    assert_eq!(data["channel"], "C0HELPDESK");
    assert_eq!(data["ts"], "1754302320.000200");
    for part in ["r", "n", "d"] {
        assert!(data[part].is_string(), "{part}");
    }
}

#[test]
fn an_answered_question_has_no_buttons_left() {
    for name in ["question-answered", "question-over"] {
        let (_, message) = Message::samples().into_iter().find(|(n, _)| n == name).unwrap();
        assert!(slack::buttons(&draw(&message, Face::Slack).body).is_empty());
        assert!(draw(&message, Face::Teams).body.get("actions").is_none());
    }
}

#[test]
fn choices_hand_back_exactly_their_value() {
    let value = "odd \u{202E} *value* <x>";
    let choice = |label: &str| Choice {
        value: format!("{value}{label}"),
        label: label.to_owned(),
        detail: String::new(),
    };
    let view: QuestionView =
        others::question(Ask::WhichGroup, None, vec![choice("a"), choice("b")]);
    let card = draw(&Message::Question(view.clone()), Face::Teams).body.to_string();
    let blocks = draw(&Message::Question(view), Face::Slack).body.to_string();
    let wanted = serde_json::to_string(&format!("{value}a")).unwrap();
    assert!(card.contains(&wanted) && blocks.contains(&wanted));
}

#[test]
fn columns_stand_abreast_only_where_their_words_fit_a_phone() {
    let samples: BTreeMap<_, _> = Message::samples().into_iter().collect();
    let abreast =
        |name: &str| draw(&samples[name], Face::Teams).body.to_string().contains("\"ColumnSet\"");
    assert!(abreast("pages-plans"), "two short columns");
    assert!(!abreast("pages-middle"), "mail addresses would be cut into pieces");
    assert!(!abreast("facts-table"), "six columns");
}

#[test]
fn a_link_that_is_no_web_address_is_not_drawn() {
    let (_, message) = Message::samples().into_iter().find(|(n, _)| n == "secret-link").unwrap();
    let Message::SecretLink(mut view) = message else { panic!("another message") };
    view.link = "javascript:alert(1)".to_owned();
    let drawn = cards().draw(&Message::SecretLink(view), Face::Teams, &berlin());
    assert_eq!(drawn.unwrap_err(), CardError::NotALink);
}

// Texts.

#[test]
fn a_key_without_a_text_stops_the_card() {
    let message = Message::Note(Note::new("no_such_note", &[]));
    for face in Face::ALL {
        let drawn = cards().draw(&message, face, &berlin());
        assert_eq!(drawn.unwrap_err(), CardError::NoText("note.no_such_note".to_owned()));
    }
    assert_eq!(Cards::new("tlh").unwrap_err(), CardError::NoLanguage("tlh".to_owned()));
}

#[test]
fn every_kind_of_change_has_its_sentence_and_its_count() {
    let texts = Texts::read(EN).unwrap();
    for kind in countersign::domain::change::kinds() {
        for family in ["change", "many"] {
            assert!(texts.has(&format!("{family}.{}", kind.as_str())), "{}", kind.as_str());
        }
    }
    for verb in Verb::ALL {
        let name = verb.as_str().trim_start_matches("countersign.");
        assert!(texts.has(&format!("button.{name}")), "{name}");
    }
}

/// Keys that the code names, wherever it drafts, judges or answers.
#[test]
fn every_key_that_the_code_names_has_its_text() {
    let texts = Texts::read(EN).unwrap();
    let families: [(&str, &[&str]); 6] = [
        (r#"(?:Note::new|\bnote)\(\s*"([a-z_]+)""#, &["note", "verdict"]),
        (r#"\bwhy = "([a-z_]+)""#, &["verdict"]),
        (r#"Value::new\(\s*"([a-z_]+)""#, &["value"]),
        (r#"\b(?:tell|list)\(\s*"([a-z_]+)""#, &["value"]),
        (r#"cannot_be_undone\(\s*"([a-z_]+)""#, &["final"]),
        (r#""=([a-z_]+)""#, &["word"]),
    ];
    let mut found = 0;
    for (file, source) in sources(std::path::Path::new("src")) {
        let ours = ["actions", "desk", "policy", "engine"].iter().any(|f| file.contains(f));
        for (pattern, families) in families.iter().filter(|_| ours) {
            for key in regex::Regex::new(pattern).unwrap().captures_iter(&source) {
                let known =
                    families.iter().any(|family| texts.has(&format!("{family}.{}", &key[1])));
                assert!(known, "{file} names {families:?} {}, which has no text", &key[1]);
                found += 1;
            }
        }
    }
    assert!(found > 30, "only {found} keys were found");
}

#[test]
fn an_action_is_called_the_same_on_a_card_as_in_the_catalogue() {
    let texts = Texts::read(EN).unwrap();
    for entry in countersign::actions::CATALOG {
        let about = &entry.about;
        let title = texts.say(&format!("action.{}", about.id), &BTreeMap::default()).unwrap();
        assert_eq!(title, about.title);
    }
}

/// All source files below a folder, with what is before their tests.
fn sources(dir: &std::path::Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let product = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            all.push((path.display().to_string(), product));
        }
    }
    all
}

/// Draws all samples with texts that say their own key, and looks which appear.
/// Put there by whoever draws: no card, form or sentence can forget it, and it always fits.
#[test]
fn where_there_are_several_everything_begins_with_the_tenant() {
    let cards = Cards::new("en").unwrap();
    let name = "*Fabrikam* <!here> and Daughters of the Old Town Limited, 60";
    for (sample, message) in &Message::samples() {
        let none = matches!(message, Message::Question(view) | Message::QuestionForm(view)
            if view.action == "which_tenant");
        for face in Face::ALL {
            let drawn = cards.draw_about(message, face, &berlin(), Some(name)).unwrap();
            assert!(fit::fits(face, &drawn.body), "{sample} {face:?}");
            let first = match face {
                Face::Plain => drawn.body.as_str().unwrap().lines().next().unwrap().to_owned(),
                Face::Teams => drawn.body["body"][0]["text"].to_string(),
                Face::Slack => {
                    let blocks = drawn.body.get("view").unwrap_or(&drawn.body);
                    blocks["blocks"][0]["elements"][0]["text"].to_string()
                }
            };
            let said = first.contains("Tenant: ") && first.contains("Daughters");
            assert_eq!(said, !none, "{sample} {face:?}: {first}");
            assert_eq!(drawn.summary.contains("Daughters"), !none, "{sample}: {}", drawn.summary);
            let shown = format!("{} {}", drawn.body, drawn.summary);
            let harmless = face != Face::Slack || !shown.contains("<!here>");
            assert!(harmless && !drawn.summary.contains('\n'), "{sample} {face:?}");
        }
    }
}

#[test]
fn every_text_is_used_by_some_sample_or_named_by_the_code() {
    let texts = Texts::read(EN).unwrap();
    let mut marked = toml::Table::new();
    for (key, said) in texts.all() {
        let mark = |text: &String| {
            let rests = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
            let mut marked = format!("⟦{}⟧", key.replace('_', "-"));
            for (field, _) in rests {
                marked.extend([" {", field, "}"]);
            }
            toml::Value::String(marked)
        };
        marked.insert(key.to_owned(), toml::Value::Array(said.iter().map(mark).collect()));
    }
    // Keys with dots stay flat: a quoted TOML key.
    let marked = Texts::read(&toml::to_string(&marked).unwrap()).unwrap();
    let cards = Cards::with_texts(marked).unwrap();
    let mut seen = BTreeSet::new();
    for (_, message) in &Message::samples() {
        for face in Face::ALL {
            let drawn = cards.draw_about(message, face, &berlin(), Some("Fabrikam")).unwrap();
            let text = format!("{} {}", drawn.body, drawn.summary);
            for part in text.split('⟦').skip(1) {
                if let Some((key, _)) = part.split_once('⟧') {
                    seen.insert(key.to_owned());
                }
            }
        }
    }
    // What actions and changes name is named in the code; their own cards are drawn by the
    // walk through the catalogue.
    let code: String = sources(std::path::Path::new("src")).into_iter().map(|(_, it)| it).collect();
    let named = |key: &str| {
        let families = [
            "action", "area", "change", "many", "value", "note", "verdict", "final", "brief",
            "word",
        ];
        let word = |(family, word): (&str, &str)| {
            families.contains(&family)
                && [format!("\"{word}\""), format!("\"={word}\"")]
                    .iter()
                    .any(|it| code.contains(it))
        };
        key.split_once('.').is_some_and(word)
    };
    let unused: Vec<&str> = texts
        .all()
        .map(|(key, _)| key)
        .filter(|key| !seen.contains(&key.replace('_', "-")) && !named(key))
        .collect();
    assert_eq!(unused, Vec::<&str>::new());
}

#[test]
fn the_samples_can_be_written_for_looking_at() {
    let dir = tempfile::tempdir().unwrap();
    let written = write_samples(dir.path()).unwrap();
    assert_eq!(written, Message::samples().len() * 3);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), written);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(40))]
    #[test]
    fn any_text_at_all_can_be_shown(text in "\\PC{0,80}|[*_~`<>&\\[\\]()#@:|\"\\\\{}%\\n\u{202E}]{0,40}") {
        for face in [Face::Teams, Face::Slack] {
            let drawn = draw(&Message::Request(extremes::typed(&text)), face);
            let wrong = match face {
                Face::Teams => teams::refuses(&drawn.body),
                _ => slack::refuses(&drawn.body),
            };
            proptest::prop_assert!(wrong.is_empty(), "{wrong:?}");
        }
        proptest::prop_assert!(!escape::mrkdwn(&text).contains(['<', '>', '*', '`', '~']));
        proptest::prop_assert!(!escape::md(&text).contains(['<', '>', '*', '`', '~']));
    }
}
