//! All samples as files, to be looked at and to be checked by other tools.

use std::{fs, path::Path};

use anyhow::Context as _;
use jiff::tz::TimeZone;

use crate::{
    adapters::cards::Cards,
    domain::{chat::Face, message::Message},
};

/// Writes each sample of [`Message::samples`] in each face into `dir`, which is made:
/// `012-name.teams.json`, `.slack.json`, `.plain.txt`. Says how many files.
///
/// The JSON files are what a chat would get: Teams an activity's card, Slack a
/// message with `text` and `blocks`, or a modal.
pub fn write_samples(dir: &Path) -> anyhow::Result<usize> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let cards = Cards::new("en")?;
    let zone = TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC);
    let mut written = 0;
    for (at, (name, message)) in Message::samples().iter().enumerate() {
        for face in Face::ALL {
            let drawn =
                cards.draw(message, face, &zone).with_context(|| format!("sample {name}"))?;
            let (ending, text) = match face {
                Face::Plain => {
                    ("plain.txt", drawn.body.as_str().unwrap_or_default().to_owned() + "\n")
                }
                Face::Teams => ("teams.json", serde_json::to_string_pretty(&drawn.body)?),
                Face::Slack => {
                    let mut body = drawn.body;
                    match body.get_mut("view").map(serde_json::Value::take) {
                        Some(view) => body = view,
                        None => body["text"] = drawn.summary.into(),
                    }
                    ("slack.json", serde_json::to_string_pretty(&body)?)
                }
            };
            let file = dir.join(format!("{at:03}-{name}.{ending}"));
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
            written += 1;
        }
    }
    Ok(written)
}
