//! Forms: every sort of question, filled in, wrong, hostile, long.

use serde_json::json;

use crate::domain::{
    area::Area,
    chat::{Place, PlaceKind, Platform},
    form::{
        Complaint, Form, Why,
        given::{Answers, Given, TIME},
        view::{ChooserView, FieldView, FormView, PartView, Shape, key},
    },
    ids::{Nonce, Number},
    message::Message,
    plan::Note,
    samples::{FROM_RIGHT, NASTY, token},
    trouble::{Choice, Reason},
};

/// The samples of forms.
pub fn samples() -> Vec<(String, Message)> {
    let mut all = Vec::new();
    for (name, view) in views() {
        for (shape, ending) in [(Shape::Window, ""), (Shape::Card, "-card")] {
            let view = FormView { shape, ..view.clone() };
            all.push((format!("fill-in-{name}{ending}"), Message::Form(view)));
        }
    }
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let actions = vec![
        (Area::Users, owned(&["get_user", "disable_user", "enable_user"])),
        (Area::PasswordsAndSecurity, owned(&["reset_password", "revoke_sessions"])),
        (Area::Licences, owned(&["assign_license", "remove_license"])),
        (Area::Groups, owned(&["add_to_group", "remove_from_group"])),
        (Area::Mailboxes, owned(&["set_out_of_office"])),
    ];
    for (name, actions) in [("all", actions), ("none", Vec::new())] {
        for (shape, ending) in [(Shape::Window, ""), (Shape::Card, "-card")] {
            let view = ChooserView { actions: actions.clone(), shape, place: Some(place()) };
            all.push((format!("choose-form-{name}{ending}"), Message::Chooser(view)));
        }
    }
    all
}

/// The notes that only forms and programs get.
pub fn notes() -> Vec<Note> {
    vec![
        Note::new("read_apart", &[("user", "Tina Tech")]),
        Note::new("form_sent", &[("number", "#1043")]),
        Note::new("form_answered", &[]),
        Note::new("form_working", &[]),
        Note::new("form_not_stored", &[]),
        Note::new("form_not_opened", &[]),
        Note::new("form_use_typed", &[("typed", NASTY)]),
        Note::new("client", &[("client", "hr-portal"), ("user", "Tina Tech")]),
        Note::new("api_token", &[]),
        Note::new("api_busy", &[("most", "30"), ("seconds", "12")]),
        Note::new("api_key", &[]),
        Note::new("api_key_used", &[]),
        Note::new("api_json", &[("why", NASTY)]),
        Note::new("api_type", &[]),
        Note::new("api_large", &[("most", "65536")]),
        Note::new("api_area", &[("client", "hr-portal"), ("area", "mailboxes")]),
        Note::new("api_reads", &[]),
        Note::new("api_on_behalf", &[]),
        Note::new("api_confirm", &[]),
        Note::new("api_no_request", &[]),
        Note::new("api_unstored", &[]),
        Note::new("answer_missing", &[]),
        Note::new("answer_long", &[("most", "3000")]),
        Note::new("answer_many", &[("most", "100")]),
        Note::new("answer_not_offered", &[("offered", "on, off")]),
        Note::new("answer_whole", &[]),
        Note::new("answer_bounds", &[("least", "1"), ("most", "30")]),
        Note::new("answer_bounds", &[("least", "1"), ("most", "")]),
        Note::new("answer_bounds", &[("least", ""), ("most", "30")]),
        Note::new("answer_number", &[]),
        Note::new("answer_date", &[]),
        Note::new("answer_time", &[]),
        Note::new("answer_pairs", &[("line", NASTY)]),
        Note::new("answer_json", &[("line", "3")]),
        Note::new("answer_unknown", &[("names", "user, force_change")]),
        Note::new("answer_list", &[]),
        Note::new("answer_single", &[]),
        Note::new(
            "answer_unclear",
            &[("choices", "Sales (security group); Sales (distribution list)")],
        ),
    ]
}

fn place() -> Place {
    Place {
        platform: Platform::Slack,
        realm: "T0CONTOSO".to_owned(),
        conversation: "C0HELPDESK".to_owned(),
        thread: Some("1754302320.000200".to_owned()),
        kind: PlaceKind::Channel,
        service_url: None,
    }
}

/// One field of every sort, single and as a list.
fn every_sort() -> Form {
    let schema = json!({
        "type": "object",
        "required": ["user", "days", "sort", "on", "words"],
        "properties": {
            "user": { "type": "string", "x-pick": "person", "description": "Whose account? A sign-in name, such as `ada@contoso.com`." },
            "groups": { "type": "array", "items": { "type": "string" }, "x-pick": "group", "description": "Which groups?" },
            "device": { "type": "string", "x-pick": "device", "description": "Which device? Its name or object id." },
            "days": { "type": "integer", "minimum": 1, "maximum": 30, "description": "For how many days?" },
            "share": { "type": "number", "description": "What share of it?" },
            "force": { "type": "boolean", "default": true, "description": "Must they choose their own at the next sign-in?" },
            "sort": { "enum": ["one_way", "both_ways"], "description": "What sort?" },
            "marks": { "type": "array", "items": { "enum": ["red", "green"] }, "description": "Which marks?" },
            "on": { "type": "string", "format": "date", "description": "On which day?" },
            "start": { "type": "string", "x-pick": "date-time", "description": "From when? At once if empty." },
            "words": { "type": "string", "maxLength": 3000, "description": "What should it say?" },
            "set": { "type": "object", "additionalProperties": { "type": "string" }, "description": "Which properties? One to a line, as: city = Bern." },
            "raw": { "description": "Anything else? JSON." },
        },
    });
    let order = [
        "user", "groups", "device", "days", "share", "force", "sort", "marks", "on", "start",
        "words", "set", "raw",
    ];
    Form::of("reset_password", &schema, &order, true)
}

fn one(text: &str) -> Given {
    Given::One(text.to_owned())
}

fn filled() -> Answers {
    let many = |all: &[&str]| Given::Many(all.iter().map(|one| (*one).to_owned()).collect());
    let time = format!("start{TIME}");
    [
        ("user", one("john.doe@contoso.com")),
        ("groups", many(&["g-1", "g-2"])),
        ("device", one("DESKTOP-7")),
        ("days", one("7")),
        ("share", one("2.5")),
        ("force", one("true")),
        ("sort", one("both_ways")),
        ("marks", many(&["red"])),
        ("on", one("2026-11-30")),
        ("start", one("2026-12-01")),
        (time.as_str(), one("17:00")),
        ("words", one("Back on Monday.")),
        ("set", one("city = Bern")),
        ("raw", one("{\"a\": 1}")),
        ("at", one("2026-12-01")),
        ("at#time", one("08:30")),
    ]
    .map(|(name, given)| (name.to_owned(), given))
    .into()
}

fn part(number: usize, form: &Form, given: &Answers, named: &[Choice], wrong: bool) -> PartView {
    let field = |field: &crate::domain::form::Field| {
        let own = key(number, &field.name);
        let note = Note::new("answer_long", &[("most", "3000")]);
        FieldView {
            field: field.clone(),
            given: given.get(&field.name).cloned(),
            time: given
                .get(&format!("{}{TIME}", field.name))
                .and_then(Given::text)
                .map(str::to_owned),
            named: named.to_vec(),
            wrong: wrong.then(|| Complaint { field: Some(own.clone()), why: Why::Answer(note) }),
            key: own,
        }
    };
    PartView { action: form.action.clone(), fields: form.fields.iter().map(field).collect() }
}

fn views() -> Vec<(&'static str, FormView)> {
    let form = every_sort();
    let named = |label: &str| {
        let choice = |value: &str| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            detail: format!("{label}, Sales"),
        };
        vec![choice("john.doe@contoso.com"), choice("g-1"), choice("g-2")]
    };
    let view = |parts: Vec<PartView>| FormView {
        parts,
        shape: Shape::Window,
        nonce: Nonce::new([0x5a; 16]),
        of: None,
        place: Some(place()),
        wrong: Vec::new(),
    };
    let empty = view(vec![part(0, &form, &Answers::new(), &[], false)]);
    let full = FormView {
        of: Some((Number(1042), token())),
        ..view(vec![part(0, &form, &filled(), &named("John Doe"), false)])
    };
    let hostile: Answers = filled().into_keys().map(|name| (name, one(&NASTY[..60]))).collect();
    let mut asking = every_sort();
    for (at, field) in asking.fields.iter_mut().enumerate() {
        field.question = if at % 2 == 0 { NASTY.to_owned() } else { FROM_RIGHT.to_owned() };
        field.hint = Some(NASTY.to_owned());
    }
    let reason = Reason::NoSuchPerson { name: NASTY.to_owned() };
    let nasty = FormView {
        wrong: vec![Complaint { field: None, why: Why::Reason(reason) }],
        ..view(vec![part(0, &asking, &hostile, &named(NASTY), true)])
    };
    let several = (0..3).map(|n| part(n, &form, &filled(), &named(FROM_RIGHT), false)).collect();
    let several = FormView { of: Some((Number(1042), token())), ..view(several) };
    vec![("empty", empty), ("full", full), ("nasty", nasty), ("several", several)]
}
