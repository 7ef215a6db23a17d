//! Product names of part numbers.
//!
//! Graph tells only `skuPartNumber`. The names are those of Microsoft's public list
//! "Product names and service plan identifiers for licensing"; the table holds the
//! products most tenants have, in the order of the part number. One that is not
//! here is shown by its part number.

/// Part number and product name, sorted by part number.
const NAMES: &[(&str, &str)] = &[
    ("AAD_BASIC", "Microsoft Entra Basic"),
    ("AAD_PREMIUM", "Microsoft Entra ID P1"),
    ("AAD_PREMIUM_P2", "Microsoft Entra ID P2"),
    ("ADALLOM_STANDALONE", "Microsoft Defender for Cloud Apps"),
    ("ATA", "Microsoft Defender for Identity"),
    ("ATP_ENTERPRISE", "Microsoft Defender for Office 365 (Plan 1)"),
    ("CCIBOTS_PRIVPREV_VIRAL", "Power Virtual Agents Viral Trial"),
    ("DEFENDER_ENDPOINT_P1", "Microsoft Defender for Endpoint P1"),
    ("DESKLESSPACK", "Office 365 F3"),
    ("DEVELOPERPACK_E5", "Microsoft 365 E5 Developer (without Windows and Audio Conferencing)"),
    ("DYN365_BUSINESS_CENTRAL_ESSENTIAL", "Dynamics 365 Business Central Essentials"),
    ("DYN365_ENTERPRISE_SALES", "Dynamics 365 for Sales Enterprise Edition"),
    ("EMS", "Enterprise Mobility + Security E3"),
    ("EMSPREMIUM", "Enterprise Mobility + Security E5"),
    ("ENTERPRISEPACK", "Office 365 E3"),
    ("ENTERPRISEPACKPLUS_FACULTY", "Office 365 A3 for faculty"),
    ("ENTERPRISEPACKPLUS_STUDENT", "Office 365 A3 for students"),
    ("ENTERPRISEPREMIUM", "Office 365 E5"),
    ("ENTERPRISEPREMIUM_NOPSTNCONF", "Office 365 E5 Without Audio Conferencing"),
    ("EXCHANGEARCHIVE_ADDON", "Exchange Online Archiving for Exchange Online"),
    ("EXCHANGEDESKLESS", "Exchange Online Kiosk"),
    ("EXCHANGEENTERPRISE", "Exchange Online (Plan 2)"),
    ("EXCHANGESTANDARD", "Exchange Online (Plan 1)"),
    ("EXCHANGE_S_ESSENTIALS", "Exchange Online Essentials"),
    ("FLOW_FREE", "Microsoft Power Automate Free"),
    ("FLOW_PER_USER", "Power Automate per user plan"),
    ("IDENTITY_THREAT_PROTECTION", "Microsoft 365 E5 Security"),
    ("INFORMATION_PROTECTION_COMPLIANCE", "Microsoft 365 E5 Compliance"),
    ("INTUNE_A", "Intune"),
    ("M365EDU_A1", "Microsoft 365 A1"),
    ("M365EDU_A3_FACULTY", "Microsoft 365 A3 for Faculty"),
    ("M365EDU_A3_STUDENT", "Microsoft 365 A3 for Students"),
    ("M365EDU_A5_FACULTY", "Microsoft 365 A5 for Faculty"),
    ("M365EDU_A5_STUDENT", "Microsoft 365 A5 for Students"),
    ("M365_F1", "Microsoft 365 F1"),
    ("MCOEV", "Microsoft Teams Phone Standard"),
    ("MCOMEETADV", "Microsoft 365 Audio Conferencing"),
    ("MCOPSTN1", "Microsoft 365 Domestic Calling Plan"),
    ("MCOPSTN2", "Microsoft 365 Domestic and International Calling Plan"),
    ("MDATP_XPLAT", "Microsoft Defender for Endpoint P2_XPLAT"),
    ("MICROSOFT_BUSINESS_CENTER", "Microsoft Business Center"),
    ("Microsoft_365_Copilot", "Microsoft 365 Copilot"),
    ("Microsoft_Teams_Enterprise_New", "Microsoft Teams Enterprise"),
    ("Microsoft_Teams_Premium", "Microsoft Teams Premium Introductory Pricing"),
    ("O365_BUSINESS", "Microsoft 365 Apps for Business"),
    ("O365_BUSINESS_ESSENTIALS", "Microsoft 365 Business Basic"),
    ("O365_BUSINESS_PREMIUM", "Microsoft 365 Business Standard"),
    ("OFFICESUBSCRIPTION", "Microsoft 365 Apps for Enterprise"),
    ("PHONESYSTEM_VIRTUALUSER", "Microsoft Teams Phone Resource Account"),
    ("POWERAPPS_PER_USER", "Power Apps per user plan"),
    ("POWERAPPS_VIRAL", "Microsoft Power Apps Plan 2 Trial"),
    ("POWER_BI_PRO", "Power BI Pro"),
    ("POWER_BI_STANDARD", "Microsoft Fabric (Free)"),
    ("PROJECTPREMIUM", "Project Online Premium"),
    ("PROJECTPROFESSIONAL", "Project Plan 3"),
    ("PROJECT_P1", "Project Plan 1"),
    ("RIGHTSMANAGEMENT", "Azure Information Protection Plan 1"),
    ("SHAREPOINTENTERPRISE", "SharePoint Online (Plan 2)"),
    ("SHAREPOINTSTANDARD", "SharePoint Online (Plan 1)"),
    ("SPB", "Microsoft 365 Business Premium"),
    ("SPE_E3", "Microsoft 365 E3"),
    ("SPE_E5", "Microsoft 365 E5"),
    ("SPE_F1", "Microsoft 365 F3"),
    ("STANDARDPACK", "Office 365 E1"),
    ("STANDARDWOFFPACK_FACULTY", "Office 365 A1 for Faculty"),
    ("STANDARDWOFFPACK_STUDENT", "Office 365 A1 for Students"),
    ("STREAM", "Microsoft Stream"),
    ("TEAMS_EXPLORATORY", "Microsoft Teams Exploratory"),
    ("TEAMS_FREE", "Microsoft Teams (Free)"),
    ("THREAT_INTELLIGENCE", "Microsoft Defender for Office 365 (Plan 2)"),
    ("VISIOCLIENT", "Visio Plan 2"),
    ("VISIOONLINE_PLAN1", "Visio Plan 1"),
    ("WINDOWS_STORE", "Windows Store for Business"),
    ("WIN_DEF_ATP", "Microsoft Defender for Endpoint"),
];

/// The product's name, if the table has it.
pub fn name(part_number: &str) -> Option<&'static str> {
    NAMES.binary_search_by(|(part, _)| (*part).cmp(part_number)).ok().map(|at| NAMES[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_finds_each_of_its_own() {
        assert!(NAMES.is_sorted_by(|(a, _), (b, _)| a < b));
        for (part, product) in NAMES {
            assert_eq!(name(part), Some(*product));
        }
        assert_eq!(name("NO_SUCH_PRODUCT"), None);
    }
}
