//! What a face would take for mark-up, taken away.
//!
//! Backslashes and entities are read by some Teams clients and shown by others, and
//! Slack has no escape for `*` at all. So characters that could become mark-up are
//! shown as their nearest look-alike, and only where they could: `adm_john@contoso.com`
//! stays as it is. That also holds for readers that undo entities before they look for
//! mark-up, as pictures of Slack messages made outside Slack do.

use minijinja::{AutoEscape, Environment, Error, ErrorKind, escape_formatter};

/// Chooses the escaping by the template's name: `.json.j2` writes JSON values,
/// `.mrkdwn.j2` writes Slack's mrkdwn, anything else writes text. Adds the filter
/// `md` for strings of an Adaptive Card and `plain` for Slack's plain text.
pub fn by_name(templates: &mut Environment<'static>) {
    templates.set_auto_escape_callback(|name| {
        if name.ends_with(".json.j2") {
            AutoEscape::Json
        } else if name.ends_with(".mrkdwn.j2") {
            AutoEscape::Custom("mrkdwn")
        } else {
            AutoEscape::None
        }
    });
    templates.set_formatter(|out, state, value| match state.auto_escape() {
        AutoEscape::Custom("mrkdwn") if !value.is_undefined() => out
            .write_str(&mrkdwn(&value.to_string()))
            .map_err(|_| Error::new(ErrorKind::WriteFailure, "cannot write")),
        _ => escape_formatter(out, state, value),
    });
    templates.add_filter("md", |text: String| md(&text));
    templates.add_filter("plain", |text: String| plain(&text));
}

/// For an Adaptive Card: nothing is read as Markdown, a mention or HTML.
pub fn md(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, &c) in chars.iter().enumerate() {
        let next = chars.get(at + 1).copied();
        match c {
            '<' => out.push('‹'),
            '>' => out.push('›'),
            '\\' if next.is_some_and(|n| n.is_ascii_punctuation()) => out.push('∖'),
            '(' if at > 0 && chars[at - 1] == ']' => out.push_str(" ("),
            '&' if entity(&chars[at..]) => out.push_str("& "),
            _ => out.push(emphasis(&chars, at)),
        }
    }
    not_a_list(out)
}

/// For Slack's mrkdwn: nothing is read as formatting, a mention, a link or an emoji.
pub fn mrkdwn(text: &str) -> String {
    plain(text).replace('&', "&amp;")
}

/// For Slack's plain text, which Slack shows as it is, but not every picture of it does.
pub fn plain(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, &c) in chars.iter().enumerate() {
        match c {
            '<' => out.push('‹'),
            '>' => out.push('›'),
            '(' if at > 0 && chars[at - 1] == ']' => out.push_str(" ("),
            ':' if emoji_name(&chars[at..]) => out.push('∶'),
            // Slack may link names of channels and groups by itself: a word joiner parts them.
            '@' | '#' if begins_word(&chars, at) => out.extend([c, '\u{2060}']),
            _ => out.push(emphasis(&chars, at)),
        }
    }
    out
}

/// A sign that stands before a letter and not after one: `@here`, `#general`.
fn begins_word(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| chars.get(at));
    chars.get(at + 1).is_some_and(|c| c.is_alphabetic() || "_!-".contains(*c))
        && before.is_none_or(|c| !(c.is_alphanumeric() || "_.+-'".contains(*c)))
}

/// A character that could switch formatting on, or its look-alike.
fn emphasis(chars: &[char], at: usize) -> char {
    let after_word = at > 0 && chars[at - 1].is_alphanumeric();
    match chars[at] {
        '*' => '∗',
        '`' => 'ˋ',
        '~' => '∼',
        // Inside or after a word it cannot begin emphasis, and without a beginning there is no end.
        '_' if !after_word => 'ˍ',
        other => other,
    }
}

/// `- x`, `# x`, `1. x` at the start would be a list or a heading: a no-break space is neither.
fn not_a_list(text: String) -> String {
    let Some((first, rest)) = text.split_once(' ') else { return text };
    let bullet = !first.is_empty() && first.chars().all(|c| "-+#=>".contains(c));
    let number = first
        .strip_suffix(['.', ')'])
        .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()));
    if bullet || number { format!("{first}\u{A0}{rest}") } else { text }
}

/// `&word;` or `&#12;` begins here.
fn entity(chars: &[char]) -> bool {
    let name = chars.iter().skip(1).take(32);
    let length = name.clone().take_while(|c| c.is_ascii_alphanumeric() || **c == '#').count();
    length > 0 && chars.get(length + 1) == Some(&';')
}

/// `:word:` begins here.
fn emoji_name(chars: &[char]) -> bool {
    let name = chars.iter().skip(1).take(64);
    let inside = |c: &&char| c.is_alphanumeric() || "_+-'".contains(**c);
    let length = name.clone().take_while(inside).count();
    let named = chars.iter().skip(1).take(length).any(|c| !c.is_ascii_digit());
    length > 0 && named && chars.get(length + 1) == Some(&':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in ["adm_john@contoso.com", "R&D", "O'Brien", "CONTOSO\\ada", "10:30:15", "C#"] {
            assert_eq!(md(name), name);
        }
        assert_eq!(mrkdwn("adm_john@contoso.com at 10:30:15"), "adm_john@contoso.com at 10:30:15");
    }

    #[test]
    fn mark_up_becomes_text() {
        assert_eq!(
            md("<at>All</at> [x](https://e.example) **b**"),
            "‹at›All‹/at› [x] (https://e.example) ∗∗b∗∗"
        );
        assert_eq!(md("1. x"), "1.\u{A0}x");
        assert_eq!(md("&lt;b&gt;"), "& lt;b& gt;");
        assert_eq!(mrkdwn("<!channel> `x` :tada: _y_"), "‹!channel› ˋxˋ ∶tada: ˍy_");
        assert_eq!(
            mrkdwn("@here in #general, C# for #1042"),
            "@\u{2060}here in #\u{2060}general, C# for #1042"
        );
    }
}
