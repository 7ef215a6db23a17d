//! Which devices Intune manages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        devices::list_user_devices::system,
        groups::shown,
        wording::{Filter, Frame, Slot, Value as Words, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        devices::{Compliance, ManagedDevice, ManagedFilter, System},
        message::{FactsView, Table},
        trouble::Result,
    },
    ports::world::World,
};

/// List the devices that Intune manages.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ListManagedDevices {
    /// Only with one system?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<System>,
    /// Only those in order, or only the others?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compliance: Option<Compliance>,
    /// Only of people in one department?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Which page, from 1?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["show", "list", "ask"], &["device"]).beside(&["everywhere"])],
    slots: &[
        ("os", Slot::Maybe(&Slot::Choice(SYSTEMS))),
        ("compliance", Slot::Maybe(&Slot::Choice(STATES))),
        ("department", Slot::Filter(Filter::Department)),
    ],
    examples: &[
        "list all managed devices",
        "show all noncompliant devices",
        "list the Android devices we manage",
    ],
};

/// The words for a sort of system.
const SYSTEMS: &[Words] = &[
    ("windows", &["windows", "win"]),
    ("macos", &["macos", "mac", "macs", "macbooks"]),
    ("ios", &["ios", "iphones", "ipads", "iphone", "ipad"]),
    ("android", &["android", "androids"]),
];

/// The words for a state; the longest that is said counts.
const STATES: &[Words] = &[
    (
        "noncompliant",
        &[
            "noncompliant",
            "non compliant",
            "non - compliant",
            "not compliant",
            "arent compliant",
            "isnt compliant",
            "aint compliant",
            "not in compliance",
            "not meeting compliance",
            "breaking compliance",
            "breach compliance",
            "uncompliant",
            "failing compliance",
            "fail compliance",
            "out of compliance",
        ],
    ),
    ("compliant", &["compliant"]),
];

/// Devices read for one answer.
const DEVICES_MAX: usize = 5_000;

impl Action for ListManagedDevices {
    const ABOUT: About = About {
        id: "list_managed_devices",
        title: "List Intune's devices",
        area: Area::Devices,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &["DeviceManagementManagedDevices.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { compliance: Some(Compliance::Noncompliant), ..Self::default() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let filter = ManagedFilter {
            system: self.os,
            compliance: self.compliance,
            department: self.department.clone(),
            ..ManagedFilter::default()
        };
        let (mut found, cut) = look.managed_devices(&asked.tenant, &filter, DEVICES_MAX).await?;
        found.sort_by_key(|device| device.name.to_lowercase());
        let sign = if cut { "+" } else { "" };
        let how_many =
            if found.is_empty() { "=none".to_owned() } else { format!("{}{sign}", found.len()) };
        let rows = found.iter().map(row).collect();
        let (rows, more, next) = shown::page(rows, self.page.unwrap_or(1), shown::PAGE, self);
        let columns = ["name", "system", "compliance", "primary_user", "last_seen"]
            .map(str::to_owned)
            .to_vec();
        let domain = asked.requester.upn.as_str().rsplit('@').next().unwrap_or_default();
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: self.department.clone().unwrap_or_else(|| domain.to_owned()),
            subtitle: None,
            facts: vec![("devices".to_owned(), how_many)],
            lists: Vec::new(),
            table: (!rows.is_empty()).then_some(Table { columns, rows }),
            more,
            next,
        }))
    }
}

fn row(device: &ManagedDevice) -> Vec<String> {
    vec![
        device.name.clone(),
        system(Some(&device.system), device.version.as_deref()),
        match device.compliance.as_str() {
            "compliant" => "=compliant".to_owned(),
            "noncompliant" => "=noncompliant".to_owned(),
            "inGracePeriod" => "=in_grace_period".to_owned(),
            other => other.to_owned(),
        },
        device.user.as_ref().map_or_else(String::new, |(name, _)| name.clone()),
        device.last_sync.map_or_else(String::new, |at| format!("@{at}")),
    ]
}
