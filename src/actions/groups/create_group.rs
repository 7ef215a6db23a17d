//! Create a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::{many, shown::sort_word},
        look,
        wording::{Detail, Frame, Slot, Value as Words, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{GroupChange, Ref, groups},
        groups::{LINKS_MAX, MemberRule, NewGroup},
        ids::Digest,
        plan::{Draft, Note, Value},
        trouble::{Reason, Result},
        users::{GroupSort, PersonRef},
    },
    ports::world::World,
};

/// What sort of group is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NewSort {
    /// Gives access; no mail.
    #[default]
    Security,
    /// With a mailbox, files and a calendar (Microsoft 365, also called Unified).
    #[serde(alias = "unified", alias = "m365")]
    Microsoft365,
    /// A security group whose members follow from a rule.
    Dynamic,
    /// Mail to many; made by Exchange.
    Distribution,
    /// Mail to many, and gives access; made by Exchange.
    MailEnabledSecurity,
}

impl NewSort {
    fn sort(self) -> GroupSort {
        match self {
            Self::Security | Self::Dynamic => GroupSort::Security,
            Self::Microsoft365 => GroupSort::Microsoft365,
            Self::Distribution => GroupSort::Distribution,
            Self::MailEnabledSecurity => GroupSort::MailEnabledSecurity,
        }
    }

    fn by_exchange(self) -> bool {
        matches!(self, Self::Distribution | Self::MailEnabledSecurity)
    }
}

/// Whether a rule is at work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleState {
    /// Members follow from it.
    #[default]
    #[serde(alias = "On")]
    On,
    /// Members stay as they are.
    #[serde(alias = "Paused")]
    Paused,
}

/// Create a group: Microsoft 365, security, dynamic, distribution or mail-enabled security.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CreateGroup {
    /// What should it be called?
    pub display_name: String,
    /// What sort of group?
    pub group_type: NewSort,
    /// Its name before the @? Made from its name unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_nickname: Option<String>,
    /// The mail address of a list? Made from the name before the @ unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// What is it for?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who owns it? You do, unless somebody is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub owner: Option<String>,
    /// Who else owns it?
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "person"))]
    pub owners: Vec<String>,
    /// Who is in it from the start?
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "person"))]
    pub members: Vec<String>,
    /// The rule of a dynamic group, such as (user.department -eq "Sales")?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub membership_rule: Option<String>,
    /// Is the rule at work?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub membership_rule_processing_state: Option<RuleState>,
    /// Does it receive mail? Follows from the sort.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_enabled: Option<bool>,
    /// Does it give access? Follows from the sort.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_enabled: Option<bool>,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["create", "set", "want"], &["group"]).beside(&["owner", "mailbox", "access"])
    ],
    slots: &[
        ("display_name", Slot::Name),
        ("group_type", Slot::Maybe(&Slot::Choice(SORTS))),
        ("owner", Slot::Maybe(&Slot::Owner)),
        ("members", Slot::Maybe(&Slot::People)),
        ("description", Slot::Detail(Detail::Description)),
    ],
    examples: &[
        "create a security group called Project Atlas",
        "create a new Microsoft 365 group \"Spring Fair\"",
        "please make a distribution list named Company Runners",
    ],
};

/// The words for a sort of group; the longest that is said counts.
pub(super) const SORTS: &[Words] = &[
    (
        "mail_enabled_security",
        &["mail enabled security", "mail enabled security group", "mail - enabled security"],
    ),
    ("distribution", &["distribution", "mailing list", "dl", "email list", "distro"]),
    (
        "microsoft365",
        &["microsoft 365", "m365", "office 365", "o365", "365 group", "unified", "team"],
    ),
    ("dynamic", &["dynamic", "dynamic security"]),
    ("security", &["security", "security group"]),
];

/// The longest name (group resource, `displayName`).
const NAME_MAX: usize = 256;
/// The longest name before the @ (group resource, `mailNickname`).
const NICKNAME_MAX: usize = 64;

impl Action for CreateGroup {
    const ABOUT: About = About {
        id: "create_group",
        title: "Create a group",
        area: Area::Groups,
        risk: Risk::Write,
        may: &[groups::CREATE_GROUP, groups::CREATE_LIST, groups::ADD_MEMBER],
        care: Care::Usual,
        undone_by: &[],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            display_name: "Project Atlas".to_owned(),
            members: vec!["john.doe@contoso.com".to_owned()],
            ..Self::default()
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let name = self.name()?;
        let rule = self.rule()?;
        self.switches()?;
        let nickname = self.free_nickname(look, asked, &name).await?;
        let owners = self.owners(look, asked).await?;
        let members = many::people(look, asked, &self.members).await?;
        if let Some(unknown) = members.unknown.first() {
            return Err(Reason::NoSuchPerson { name: unknown.clone() }.into());
        }
        let made = NewGroup {
            mail: self.address(asked, &nickname)?,
            name,
            nickname,
            sort: self.group_type.sort(),
            description: self.description.clone().filter(|text| !text.trim().is_empty()),
            owners: owners.iter().map(|owner| owner.id.clone()).collect(),
            rule,
        };
        let mut draft = Draft {
            subjects: members.found.clone(),
            objects: vec![made.name.clone()],
            ..Draft::default()
        };
        self.make(&mut draft, asked, made.clone(), &owners);
        let first = draft.steps[0].id;
        for member in &members.found {
            draft
                .step(
                    GroupChange::AddMember {
                        group: Ref::made_by(first),
                        sort: made.sort,
                        user: member.id.clone().into(),
                    },
                    &[("user", &member.name), ("group", &made.name)],
                    vec![Value::new("membership", "=not_member", "=member")],
                )
                .needing(&[first]);
        }
        if self.owner.is_none() && self.owners.is_empty() {
            draft.notes.push(Note::new(
                "requester_owns",
                &[("user", &asked.requester.name), ("group", &made.name)],
            ));
        }
        Ok(Planned::Changes(draft))
    }
}

impl CreateGroup {
    fn name(&self) -> Result<String, Reason> {
        let name = self.display_name.trim();
        if (1..=NAME_MAX).contains(&name.chars().count()) {
            return Ok(name.to_owned());
        }
        Err(wrong("display_name", "a group's name has 1 to 256 characters"))
    }

    /// A rule and people by hand exclude each other; only the directory's groups have rules.
    fn rule(&self) -> Result<Option<MemberRule>, Reason> {
        let text = self.membership_rule.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let Some(text) = text else {
            if self.group_type == NewSort::Dynamic {
                return Err(wrong(
                    "membership_rule",
                    "a dynamic group needs its rule, such as (user.department -eq \"Sales\")",
                ));
            }
            return Ok(None);
        };
        if self.group_type.by_exchange() {
            return Err(wrong("membership_rule", "Exchange's lists have no such rule"));
        }
        if !self.members.is_empty() {
            return Err(wrong("members", "the rule decides who is in a dynamic group"));
        }
        let state = self.membership_rule_processing_state.unwrap_or_default();
        Ok(Some(MemberRule { text: text.to_owned(), on: state == RuleState::On }))
    }

    /// The two switches follow from the sort; given, they must agree with it.
    fn switches(&self) -> Result<(), Reason> {
        let sort = self.group_type.sort();
        let mail = sort != GroupSort::Security;
        let security = matches!(sort, GroupSort::Security | GroupSort::MailEnabledSecurity);
        if self.mail_enabled.is_some_and(|given| given != mail) {
            return Err(wrong("mail_enabled", "it does not fit the sort of group"));
        }
        // A Microsoft 365 group may give access as well; Graph takes both.
        let free = sort == GroupSort::Microsoft365;
        if self.security_enabled.is_some_and(|given| given != security && !free) {
            return Err(wrong("security_enabled", "it does not fit the sort of group"));
        }
        Ok(())
    }

    /// The name before the @ that nobody has: as given, or made from the name. A group that
    /// is just like the wanted one is there already.
    async fn free_nickname(&self, look: &dyn World, asked: &Asked, name: &str) -> Result<String> {
        let given = self.mail_nickname.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if let Some(given) = given
            && !is_nickname(given)
        {
            return Err(wrong(
                "mail_nickname",
                "at most 64 letters, digits and signs, without spaces and @",
            )
            .into());
        }
        let wanted = given.map_or_else(|| nickname_of(name), str::to_owned);
        let sort = self.group_type.sort();
        let same = look.groups_named(&asked.tenant, name).await?;
        if same.iter().any(|group| group.name.eq_ignore_ascii_case(name) && group.sort == sort) {
            return Err(
                Reason::AlreadySo { what: format!("there is a group called {name}") }.into()
            );
        }
        for turn in 1..=9 {
            let candidate = if turn == 1 { wanted.clone() } else { format!("{wanted}-{turn}") };
            if look.groups_nicknamed(&asked.tenant, &candidate).await?.is_empty() {
                return Ok(candidate);
            }
            if given.is_some() {
                break;
            }
        }
        Err(wrong("mail_nickname", "another group has it; say another one").into())
    }

    /// Exchange is told the address of a list; it goes by the requester's own domain.
    fn address(&self, asked: &Asked, nickname: &str) -> Result<Option<String>, Reason> {
        if !self.group_type.by_exchange() {
            return match &self.mail {
                Some(_) => {
                    Err(wrong("mail", "the directory makes the address of this sort of group"))
                }
                None => Ok(None),
            };
        }
        let Some(mail) = &self.mail else {
            let domain = asked.requester.upn.as_str().rsplit('@').next().unwrap_or_default();
            return Ok(Some(format!("{nickname}@{domain}")));
        };
        let mail = mail.trim().to_lowercase();
        match mail.split_once('@') {
            Some((local, domain)) if is_nickname(local) && domain.contains('.') => Ok(Some(mail)),
            _ => Err(wrong("mail", "a mail address such as runners@contoso.com is wanted")),
        }
    }

    async fn owners(&self, look: &dyn World, asked: &Asked) -> Result<Vec<PersonRef>> {
        let named: Vec<String> = self.owner.iter().chain(&self.owners).cloned().collect();
        if named.is_empty() {
            return Ok(vec![asked.requester.clone()]);
        }
        if named.len() > LINKS_MAX {
            let what = format!("a group is made with at most {LINKS_MAX} owners");
            return Err(Reason::TooMuch { what }.into());
        }
        let mut owners: Vec<PersonRef> = Vec::new();
        for said in &named {
            let owner = look::user(look, asked, said).await?.to_ref();
            if owners.iter().all(|known| known.id != owner.id) {
                owners.push(owner);
            }
        }
        Ok(owners)
    }

    fn make(&self, draft: &mut Draft, asked: &Asked, made: NewGroup, owners: &[PersonRef]) {
        let sort = sort_word(made.sort);
        let names: Vec<&str> = owners.iter().map(|owner| owner.name.as_str()).collect();
        let mut values = vec![Value::new("owners", "=none", names.join(", "))];
        let mut tell = |what: &str, value: Option<&String>| {
            if let Some(value) = value {
                values.push(Value::new(what, "=none", value.clone()));
            }
        };
        tell("description", made.description.as_ref());
        tell("mail", made.mail.as_ref());
        tell("nickname", made.mail.is_none().then_some(&made.nickname));
        if let Some(rule) = &made.rule {
            values.push(Value::new("member_rule", "=none", rule.text.clone()));
            values.push(Value::new("rule_state", "=none", if rule.on { "=on" } else { "=paused" }));
        }
        let (name, tenant) = (made.name.clone(), asked.tenant.clone());
        let change = if self.group_type.by_exchange() {
            GroupChange::CreateList { tenant, made }
        } else {
            GroupChange::CreateGroup { tenant, made }
        };
        draft
            .step(change, &[("group", &name), ("sort", sort)], values)
            .cannot_be_undone("group_made");
    }
}

fn wrong(field: &str, why: &str) -> Reason {
    Reason::WrongArgument { field: field.to_owned(), why: why.to_owned() }
}

/// ASCII without a few signs (group resource, `mailNickname`).
fn is_nickname(text: &str) -> bool {
    let strange = |c: char| !c.is_ascii_graphic() || "@()\\[]\";:<>,".contains(c);
    (1..=NICKNAME_MAX).contains(&text.len()) && !text.contains(strange)
}

/// `Projekt Überblick` → `projekt-uberblick`; a name without any letter gets one of its own,
/// always the same.
fn nickname_of(name: &str) -> String {
    let mut made = String::new();
    for c in deunicode::deunicode(name).chars() {
        if c.is_ascii_alphanumeric() {
            made.push(c.to_ascii_lowercase());
        } else if !made.is_empty() && !made.ends_with('-') {
            made.push('-');
        }
    }
    // Room for a number behind it.
    made.truncate(NICKNAME_MAX - 4);
    let made = made.trim_end_matches('-');
    if made.is_empty() {
        format!("group-{}", Digest::of(name.as_bytes()).short())
    } else {
        made.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nickname_is_made_of_any_name() {
        assert_eq!(nickname_of("Project Atlas"), "project-atlas");
        assert_eq!(nickname_of("Équipe d'été — 2026"), "equipe-d-ete-2026");
        assert!(is_nickname(&nickname_of("Zażółć gęślą jaźń")));
        assert!(is_nickname(&nickname_of("市场部")));
        let signs = nickname_of("!?");
        assert!(signs.starts_with("group-") && is_nickname(&signs));
        assert_eq!(signs, nickname_of("!?"));
        assert!(nickname_of(&"x".repeat(200)).len() <= NICKNAME_MAX);
        for wrong in ["", "two words", "a@b", "naïve", "semi;colon"] {
            assert!(!is_nickname(wrong), "{wrong}");
        }
    }
}
