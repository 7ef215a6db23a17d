//! The limits of Teams and Slack, and what gives way when a card is too long.
//!
//! A card is drawn at the first level that fits. Nothing is cut without saying so:
//!
//! 1. every step with its lines; texts of people up to 600, then 300 characters,
//! 2. every step on one line, texts up to 120, then 60 characters,
//! 3. steps counted by kind, with those that ended badly listed, and a sentence that
//!    says so, and how to see each of them.
//!
//! The digest that is signed is always over the full plan.

use serde_json::Value;

use crate::domain::chat::Face;

/// How the steps are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steps {
    /// Each with its lines.
    Full,
    /// Each on one line.
    Short,
    /// Counted by kind.
    Counted,
}

/// How much room there is.
#[derive(Debug, Clone, Copy)]
pub struct Level {
    /// Characters of one text that people typed.
    pub typed: usize,
    /// How the steps are shown.
    pub steps: Steps,
    /// Items of one list (people, notes, signatures, facts…).
    pub items: usize,
}

const fn level(typed: usize, steps: Steps, items: usize) -> Level {
    Level { typed, steps, items }
}

/// From roomy to tight.
pub const LEVELS: [Level; 6] = [
    level(600, Steps::Full, 40),
    level(300, Steps::Full, 20),
    level(120, Steps::Short, 20),
    level(60, Steps::Short, 10),
    level(60, Steps::Counted, 10),
    level(40, Steps::Counted, 4),
];

/// Plans of so few steps and bytes are listed on every face, however long and hostile their
/// texts are (a test draws them).
pub const LISTED: (usize, usize) = (3, 4_000);

/// The plain face has room for everything.
pub const PLAIN: [Level; 1] = [level(usize::MAX, Steps::Full, usize::MAX)];

/// Characters of a summary: what a lock screen shows, generously.
pub const SUMMARY_MAX: usize = 180;

/// Bytes of a card as UTF-8. Incoming webhooks and older Teams clients end at 28 KB;
/// bots may send about 100 KB as UTF-16 (Microsoft Teams, "Format your bot messages").
pub const TEAMS_BYTES: usize = 26 * 1024;
/// Blocks of a Slack message; a modal has 100 (docs.slack.dev, Block Kit).
const SLACK_BLOCKS: usize = 50;
const SLACK_VIEW_BLOCKS: usize = 100;
/// Bytes of a modal: `view_too_large` is over 250 kB (docs.slack.dev, views.open).
const SLACK_VIEW_BYTES: usize = 240 * 1024;
/// Characters of one Slack text object.
const SLACK_TEXT: usize = 3000;
/// Characters of all texts together. Slack answers `msg_blocks_too_long` somewhat
/// above 13,000; the figure is not documented.
const SLACK_ALL: usize = 12_000;
/// Characters of one packed section, with room for the line breaks.
pub const PACKED: usize = 2900;

/// Is a plan of so many steps and bytes listed on every face? It may be if this says no.
pub fn surely_lists(steps: usize, bytes: usize) -> bool {
    steps <= LISTED.0 && bytes <= LISTED.1
}

/// Would the platform take it?
pub fn fits(face: Face, body: &Value) -> bool {
    match face {
        Face::Plain => true,
        Face::Teams => body.to_string().len() <= TEAMS_BYTES,
        Face::Slack => {
            let (blocks, most, all) = match body.get("view") {
                Some(view) => (view.get("blocks"), SLACK_VIEW_BLOCKS, SLACK_VIEW_BYTES),
                None => (body.get("blocks"), SLACK_BLOCKS, SLACK_ALL),
            };
            let mut texts = Vec::new();
            collect(body, &mut texts);
            blocks.and_then(Value::as_array).is_some_and(|blocks| blocks.len() <= most)
                && texts.iter().all(|length| *length <= SLACK_TEXT)
                && texts.iter().sum::<usize>() <= all
                && body.to_string().len() <= SLACK_VIEW_BYTES
        }
    }
}

/// The lengths of all texts, in characters.
fn collect(value: &Value, texts: &mut Vec<usize>) {
    match value {
        Value::String(text) => texts.push(text.chars().count()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => {
            let shown = fields.iter().filter(|(name, _)| *name != "value");
            shown.for_each(|(_, field)| collect(field, texts));
        }
        _ => {}
    }
}

/// Puts lines together into as few texts as possible, none over [`PACKED`] characters.
/// A single longer line stays alone; the card is then drawn at a tighter level.
#[expect(clippy::needless_pass_by_value, reason = "filters get their arguments by value")]
pub fn pack(lines: Vec<String>, between: String) -> Vec<String> {
    let mut packed: Vec<String> = Vec::new();
    let mut room = 0;
    for line in lines {
        let length = line.chars().count() + between.chars().count();
        match packed.last_mut() {
            Some(text) if room >= length => {
                text.push_str(&between);
                text.push_str(&line);
                room -= length;
            }
            _ => {
                room = PACKED.saturating_sub(length);
                packed.push(line);
            }
        }
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_packed_in_order_and_none_is_lost() {
        let lines: Vec<String> = (0..300).map(|n| format!("{n} {}", "x".repeat(90))).collect();
        let packed = pack(lines.clone(), "\n".to_owned());
        assert!(packed.iter().all(|text| text.chars().count() <= PACKED));
        assert!(packed.len() < 12);
        assert_eq!(packed.join("\n"), lines.join("\n"));
    }
}
