//! Text without the mention of the bot, people as `⟨@n⟩`, one space between words.
//!
//! Mentions are taken from the entities that the service signed, never from the
//! text: anybody can type `<at>`.

use crate::{
    adapters::teams::activity::Activity,
    domain::chat::{ChatUser, Mention, Platform, Words},
};

/// At most this many people are told apart in one message.
const MENTIONS_MAX: usize = 50;

/// The words of a message and whom they mention.
pub fn read(activity: &Activity, tenant: &str) -> (Words, Vec<Mention>) {
    // The brackets of our own marks cannot be typed.
    let mut text = activity.text.as_deref().unwrap_or_default().replace('⟨', "‹").replace('⟩', "›");
    let bot = activity.recipient.as_ref().and_then(|bot| bot.id.as_deref());
    let mut people = Vec::new();
    for mention in activity.mentions().take(MENTIONS_MAX) {
        let shown = mention.text.trim();
        let Some(id) =
            mention.mentioned.id.filter(|_| shown.starts_with("<at") && shown.ends_with("</at>"))
        else {
            continue;
        };
        // Two people of one name have the same text; the entities come in its order.
        let Some(at) = text.find(shown) else { continue };
        let mark = if bot == Some(id.as_str()) {
            " ".to_owned()
        } else {
            let object = mention
                .mentioned
                .aad_object_id
                .map_or_else(|| id.clone(), |object| object.to_lowercase());
            let user = ChatUser {
                platform: Platform::Teams,
                realm: tenant.to_owned(),
                id: object,
                address: Some(id),
            };
            people.push(Mention { user });
            format!("⟨@{}⟩", people.len() - 1)
        };
        text.replace_range(at..at + shown.len(), &mark);
    }
    let mut words = tidy(&decoded(&text));
    // Where the quotation stands is not known; that there is one is said as in a mail.
    if activity.quotes() && !words.is_empty() {
        words.push_str("\n>");
    }
    (Words(words), people)
}

/// Teams writes the five special characters and the hard space as entities.
fn decoded(text: &str) -> String {
    let text = text
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    // Last, so that what was typed as `&lt;` is not decoded twice.
    text.replace("&#39;", "'").replace("&amp;", "&")
}

/// One space between words of a line; lines stay lines, empty ones go.
fn tidy(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_json(activity: serde_json::Value) -> (String, Vec<Mention>) {
        let (words, people) = read(&serde_json::from_value(activity).unwrap(), "contoso");
        (words.0, people)
    }

    #[test]
    fn the_bot_is_left_out_and_people_keep_their_place() {
        let (words, people) = read_json(json!({
            "recipient": {"id": "28:bot"},
            "text": "<at>Countersign</at>\u{a0}reset the password of <at>Ada</at>, then of&nbsp;<at>Ada</at> &amp; go",
            "entities": [
                {"type": "clientInfo", "platform": "Web"},
                {"type": "mention", "mentioned": {"id": "28:bot"}, "text": "<at>Countersign</at>"},
                {"type": "mention", "mentioned": {"id": "29:first", "aadObjectId": "object-1"}, "text": "<at>Ada</at>"},
                {"type": "mention", "mentioned": {"id": "29:second"}, "text": "<at>Ada</at>"},
            ],
        }));
        assert_eq!(words, "reset the password of ⟨@0⟩, then of ⟨@1⟩ & go");
        let ids: Vec<_> = people.iter().map(|mention| mention.user.id.as_str()).collect();
        assert_eq!(ids, ["object-1", "29:second"]);
        assert_eq!(people[1].user.address.as_deref(), Some("29:second"));
    }

    #[test]
    fn what_only_looks_like_a_mention_is_text() {
        let (words, people) = read_json(json!({
            "recipient": {"id": "28:bot"},
            "text": "⟨@0⟩ <at>Ada</at> everyone",
            "entities": [{"type": "mention", "mentioned": {"id": "29:ada"}, "text": "everyone"}, {"type": "mention"}, 7],
        }));
        assert_eq!(words, "‹@0› <at>Ada</at> everyone");
        assert!(people.is_empty());
    }

    #[test]
    fn a_quotation_is_marked_though_nobody_can_tell_where_it_stands() {
        let html = |content: &str| json!([{ "contentType": "text/html", "content": content }]);
        let quoted = "<blockquote itemtype=\"http://schema.skype.com/Reply\">add me</blockquote>ok";
        let read =
            |content| read_json(json!({ "text": "add me\nok", "attachments": html(content) }));
        assert_eq!(read(quoted).0, "add me\nok\n>");
        assert_eq!(read("<div>add me<br>ok</div>").0, "add me\nok");
    }

    #[test]
    fn no_text_is_no_words() {
        assert_eq!(read_json(json!({"text": null})).0, "");
        assert_eq!(read_json(json!({"text": " \u{a0}\n\n a  b \r\n c"})).0, "a b\nc");
    }
}
