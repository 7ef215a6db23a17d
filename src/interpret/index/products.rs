//! Everyday names of licences. Microsoft's own names and part numbers contradict each
//! other (`O365_BUSINESS_PREMIUM` is Business Standard), so the table goes by part number.

use crate::interpret::text::key;

/// Part number → what people call it, folded. Microsoft, "Product names and service plan
/// identifiers for licensing", for the product behind each part number.
const EVERYDAY: &[(&str, &str)] = &[
    ("SPE_E3", "e3, m365 e3, ms365 e3, 365 e3, microsoft e3, m365, microsoft 365, ms 365 e3"),
    ("SPE_E5", "e5, m365 e5, ms365 e5, 365 e5, microsoft e5, m365, microsoft 365"),
    (
        "ENTERPRISEPACK",
        "e3, o365 e3, office e3, office365 e3, 365 e3, o365, office 365, office 365 enterprise e3",
    ),
    ("ENTERPRISEPREMIUM", "e5, o365 e5, office e5, office365 e5, o365, office 365"),
    ("STANDARDPACK", "e1, o365 e1, office e1, office 365 e1"),
    (
        "SPB",
        "business premium, biz premium, bus premium, m365 business premium, 365 business premium, m365 bp, m365, microsoft 365",
    ),
    (
        "O365_BUSINESS_PREMIUM",
        "business standard, biz standard, bus standard, m365 business standard, 365 business standard, m365, microsoft 365",
    ),
    ("O365_BUSINESS_ESSENTIALS", "business basic, m365 business basic, 365 business basic"),
    ("SPE_F1", "f3, m365 f3, 365 f3, frontline f3, frontline"),
    ("M365_F1", "f1, m365 f1"),
    (
        "EXCHANGESTANDARD",
        "exchange plan 1, exchange p1, exchange online plan 1, exchange online p1, exchange 1, exo plan 1, exo p1",
    ),
    (
        "EXCHANGEENTERPRISE",
        "exchange plan 2, exchange p2, exchange online plan 2, exchange online p2, exchange 2, exo plan 2, exo p2",
    ),
    ("POWER_BI_PRO", "power bi, powerbi, pbi, power bi pro, powerbi pro, pbi pro"),
    ("POWER_BI_STANDARD", "fabric, fabric free, microsoft fabric, power bi free, powerbi free"),
    (
        "VISIOCLIENT",
        "visio, visio plan 2, visio p2, ms visio, microsoft visio, visio desktop, visio pro",
    ),
    ("VISIOONLINE_PLAN1", "visio, visio plan 1, visio p1, visio online"),
    (
        "PROJECTPROFESSIONAL",
        "project, ms project, microsoft project, project plan 3, project p3, planner plan 3, planner p3, project pro, project professional, project 3",
    ),
    ("PROJECTPREMIUM", "project, project plan 5, project p5, planner plan 5"),
    (
        "Microsoft_365_Copilot",
        "copilot, m365 copilot, microsoft copilot, 365 copilot, ms copilot, copilot for m365, co pilot, office copilot, microsoft 365 copilot, copilot for microsoft 365",
    ),
    (
        "MCOEV",
        "teams phone, phone system, teams phone standard, teams telephony, teams calling, telephony, ms teams phone, microsoft teams phone",
    ),
    (
        "AAD_PREMIUM",
        "entra p1, aad p1, azure ad p1, entra id p1, entra plan 1, azure ad premium p1",
    ),
    (
        "AAD_PREMIUM_P2",
        "entra p2, aad p2, azure ad p2, entra id p2, azure ad premium p2, entra plan 2, entra id plan 2, aad premium p2",
    ),
    ("EMS", "ems, ems e3, enterprise mobility e3"),
    (
        "EMSPREMIUM",
        "ems, ems e5, enterprise mobility, enterprise mobility e5, enterprise mobility and security, enterprise mobility security e5",
    ),
    ("INTUNE_A", "intune, ms intune, microsoft intune, intune plan 1"),
];

/// Everything a licence is called, folded.
pub fn names(part_number: &str, product: &str) -> Vec<String> {
    let mut names = vec![part_number.to_lowercase(), key(product)];
    names.extend(key(product).strip_prefix("microsoft ").map(str::to_owned));
    let everyday = EVERYDAY.iter().filter(|(part, _)| part.eq_ignore_ascii_case(part_number));
    names.extend(everyday.flat_map(|(_, list)| list.split(", ").map(str::to_owned)));
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    names
}
