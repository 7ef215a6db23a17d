//! The shape of the house, checked so that nobody has to say it in review.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use countersign::{actions::understood, cli, config::Config};

/// The floors, lowest first. Rooms on one line may not look at each other.
const FLOORS: &[&[&str]] = &[
    &["domain"],
    &["ports", "config"],
    &["actions", "policy", "audit", "adapters", "sim"],
    &["interpret", "engine"],
    &["desk"],
    &["web"],
    &["app"],
    &["cli"],
];

/// A file longer than this is two ideas.
const LINES_MAX: usize = 400;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(under: &str, ending: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(under), ending, &mut found);
    found.sort();
    assert!(!found.is_empty(), "{under} has no {ending}");
    let short = |path: &Path| path.strip_prefix(root()).unwrap().to_owned();
    // What is no text (pictures, packages) has nothing to say.
    found.iter().filter_map(|path| Some((short(path), fs::read_to_string(path).ok()?))).collect()
}

fn rust() -> Vec<(PathBuf, String)> {
    files("src", ".rs")
}

/// The text without what is only for tests and without comments.
fn product(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
    let code = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

fn room_of(file: &Path) -> Option<String> {
    let mut parts = file.components().skip(1).map(|part| part.as_os_str().to_string_lossy());
    let first = parts.next()?;
    Some(first.strip_suffix(".rs").unwrap_or(&first).to_owned())
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Rooms named by `crate::room` and by `use crate::{room::…, other}`.
fn rooms_used(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            found.extend(first_names(list));
        } else {
            found.insert(name(rest));
        }
    }
    found
}

/// The names at depth one of a braced list.
fn first_names(list: &str) -> Vec<String> {
    let (mut depth, mut begins, mut found) = (0_u32, true, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            c if begins && depth == 0 && !c.is_whitespace() => {
                found.push(name(&list[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    found
}

fn name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn a_use_is_read_as_it_is_written() {
    let code = "use crate::{\n    a::{b, c::{d, e}},\n    f,\n    g::h,\n};\nlet x = crate::i::J;";
    let found: Vec<_> = rooms_used(code).into_iter().collect();
    assert_eq!(found, ["a", "f", "g", "i"]);
}

#[test]
fn arrows_point_down() {
    let mut wrong = Vec::new();
    for (file, text) in rust() {
        let Some(room) = room_of(&file) else { continue };
        let Some(own) = floor(&room) else {
            assert!(["lib", "main"].contains(&room.as_str()), "{} has no floor", file.display());
            continue;
        };
        for used in rooms_used(&product(&text)) {
            let below = floor(&used).is_some_and(|other| other < own);
            if used != room && !below {
                wrong.push(format!("{} may not use `{used}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_folder_begins_with_a_map_that_says_what_is_not_there() {
    for (file, text) in rust() {
        let is_map = file.file_name().is_some_and(|name| name == "mod.rs");
        assert!(text.starts_with("//!") || text.is_empty() || !is_map, "{}", file.display());
        let mods = text.lines().filter(|line| line.trim_start().starts_with("pub mod ")).count();
        let says = text.lines().take_while(|line| line.starts_with("//!"));
        let says: String = says.collect::<Vec<_>>().join("\n");
        assert!(
            !is_map || mods < 2 || says.contains("Not here"),
            "{} does not say what is not there",
            file.display()
        );
    }
}

#[test]
fn the_heart_is_quiet() {
    for (file, text) in rust() {
        let room = room_of(&file).unwrap_or_default();
        if ["domain", "policy", "audit"].contains(&room.as_str()) {
            let code = product(&text);
            for word in [".await", "async fn", "Timestamp::now", "reqwest", "sqlx", "axum"] {
                assert!(!code.contains(word), "{} says `{word}`", file.display());
            }
        }
    }
}

#[test]
fn no_file_is_longer_than_one_idea() {
    let mut long = Vec::new();
    for (file, text) in rust() {
        let lines = product(&text).lines().count();
        if lines > LINES_MAX {
            long.push(format!("{} has {lines} lines", file.display()));
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn an_action_is_named_like_its_file_and_only_once() {
    let mut ids = BTreeSet::new();
    for entry in understood() {
        let about = &entry.about;
        assert!(ids.insert(about.id), "{} is there twice", about.id);
        let file = root().join(format!("src/actions/{}/{}.rs", about.area, about.id));
        assert!(file.is_file(), "{} is not in {}", about.id, file.display());
    }
    for (file, text) in files("src/actions", ".rs") {
        if text.contains("impl Action for") {
            let id = file.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(ids.contains(id.as_str()), "{} is not understood", file.display());
        }
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]");
        } else if inside && line.contains('=') {
            let reason = line.split_once(" # ").map_or("", |(_, reason)| reason.trim());
            assert!(reason.len() > 8, "no reason beside: {line}");
        }
    }
}

#[test]
fn the_printed_pages_are_what_is_printed_today() {
    let page = fs::read_to_string(root().join("docs/actions.md")).unwrap();
    assert_eq!(
        page,
        cli::actions::docs::page(),
        "run: cargo run -- actions docs > docs/actions.md"
    );
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let table = cli::actions::docs::groups("docs/actions.md");
    assert!(readme.contains(&table), "the README's table of actions is not this one:\n{table}");
}

#[test]
fn the_example_settings_can_be_read_and_explain_every_key() {
    Config::read(cli::config::EXAMPLE, &std::collections::BTreeMap::new()).unwrap();
    let structs = ["sections", "policy", "api", "model", "telemetry", "endpoints"]
        .map(|file| fs::read_to_string(root().join(format!("src/config/{file}.rs"))).unwrap())
        .concat();
    let fields = structs.lines().filter_map(|line| line.strip_prefix("    pub "));
    let keys: BTreeSet<_> = fields
        .filter(|line| !line.contains("fn "))
        .filter_map(|line| line.split_once(": "))
        .map(|(key, _)| key)
        .collect();
    assert!(keys.len() > 30, "only {} keys were found", keys.len());
    for key in keys {
        let mentioned = cli::config::EXAMPLE.lines().any(|line| {
            let line = line.trim_start_matches('#').trim();
            if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
                return section.split('.').any(|part| part == key);
            }
            line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
        });
        assert!(mentioned, "countersign.example.toml does not mention `{key}`");
    }
}

/// Every commented default, switched on, is a value that the settings accept.
#[test]
fn the_example_s_commented_keys_are_right_too() {
    let mut text = String::new();
    for line in cli::config::EXAMPLE.lines() {
        let shown =
            line.strip_prefix('#').filter(|rest| !rest.starts_with(' ') && !rest.is_empty());
        // A secret and a certificate together are refused, and so are two sorts of keys.
        let either = [
            "certificate",
            "private_key",
            "federated_token_path",
            "encryption",
            "signing =",
            "previous_",
            "token =",
            "app_token",
        ];
        match shown {
            Some(key) if either.iter().any(|word| key.starts_with(word)) => {}
            Some(key) => text.push_str(key),
            None => text.push_str(line),
        }
        text.push('\n');
    }
    let config = Config::read(&text, &std::collections::BTreeMap::new());
    let config = config.unwrap_or_else(|error| panic!("{error:#}\n{text}"));
    assert!(config.teams.is_some() && config.slack.is_some());
    assert_eq!(config.policy.expires_after, jiff::SignedDuration::from_hours(8));
}

#[test]
fn nothing_speaks_of_the_place_where_it_was_written() {
    // Put together here, so that this file does not say them.
    let words =
        [["../", "shared"].concat(), ["/work/", "wt"].concat(), ["/work/", "main"].concat()];
    for folder in ["src", "tests", "docs", "cards", "manifests", "scripts"] {
        for (file, text) in files(folder, "") {
            for word in &words {
                assert!(!text.contains(word.as_str()), "{} says {word}", file.display());
            }
        }
    }
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let mut pages = files("docs", ".md");
    pages.push((PathBuf::from("README.md"), fs::read_to_string(root().join("README.md")).unwrap()));
    for (page, text) in pages {
        let folder = page.parent().unwrap_or(Path::new(""));
        for (at, _) in text.match_indices("](") {
            let target: String = text[at + 2..].chars().take_while(|c| *c != ')').collect();
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") && !file.ends_with("demo.png") {
                let path = root().join(folder).join(file);
                assert!(path.exists(), "{} links to {target}", page.display());
            }
        }
    }
}
