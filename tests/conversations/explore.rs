use countersign::domain::chat::Verb;
use crate::stage::*;

#[tokio::test(flavor = "multi_thread")]
async fn one() {
    let stage = Stage::new().await;
    for words in [
        "disable john.doe@contoso.com", "enable john.doe@contoso.com", "sign john.doe@contoso.com out everywhere",
        "reset the password for john.doe@contoso.com",
        "remove the Microsoft 365 E3 licence from jane.roe@contoso.com", "assign Microsoft 365 E3 to jane.roe@contoso.com",
        "add omar.haddad@contoso.com to Company News", "remove jane.roe@contoso.com from the Sales Team group",
        "remove jane.roe@contoso.com from Company News",
        "set an out of office for mona.vale@contoso.com: \"Back on Monday\"", "show me jane.roe@contoso.com",
        "add omar.haddad@contoso.com to Tier Zero", "add omar.haddad@contoso.com to Licence Entra P2",
    ] {
        let before = stage.effects().len();
        stage.says("tina.tech", words).await;
        println!("\n##### {words}\nPENDING {}", stage.newest(HELPDESK));
        if stage.with_button(APPROVALS, Verb::Approve).is_some() {
            stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
            println!("AFTER {}", stage.newest(HELPDESK));
        }
        println!("EFFECTS {:?} TOLD {}", &stage.effects()[before..], stage.told(HELPDESK));
    }
    println!("DM {:?}", stage.direct("tina.tech"));
    println!("USER {}", stage.world.user("mona.vale@contoso.com").unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn two() {
    let stage = Stage::new().await;
    for words in [
        "assign Power BI Pro to john.doe@contoso.com", "assign Microsoft 365 E3 to lea.nowhere@contoso.com",
        "remove the Entra ID P2 licence from jane.roe@contoso.com", "remove all licences from jane.roe@contoso.com", "remove all licences from omar.haddad@contoso.com",
        "disable sven.onprem@contoso.com", "reset the password for sven.onprem@contoso.com", "reset the password of Rita Partner",
        "disable walt.gone@contoso.com", "enable john.doe@contoso.com", "assign Microsoft 365 E3 to john.doe@contoso.com",
        "add john.doe@contoso.com to VPN Users", "remove john.doe@contoso.com from Finance Restricted",
        "add john.doe@contoso.com to All Engineering", "add john.doe@contoso.com to Build Servers",
        "remove john.doe@contoso.com from all groups", "remove nadia.petrova@contoso.com from all groups",
        "reset the password for nobody.here@contoso.com", "reset the password for Zebulon Quux", "reset the password for Sam Taylor",
        "add john.doe@contoso.com to the Unicorn group", "assign Fancy Licence to john.doe@contoso.com",
        "set an out of office for jane.roe@contoso.com", "disable ada.admin@contoso.com", "help", "what is waiting?",
        "set john's password to Hunter2!", "set john.doe@contoso.com's password to Hunter2!", "the weather is nice", "cancel that", "cancel #1001",
        "disable john.doe@contoso.com on Friday at 17:00", "disable john.doe@contoso.com yesterday at 17:00",
        "disable john.doe@contoso.com and set an out of office message: \"I left\"",
        "disable john.doe@contoso.com on Friday at 17:00 and remove jane.roe@contoso.com from VPN Users now and sign john.doe@contoso.com out",
        "reset the password for jon.doe@contoso.com", "reset password for info@contoso.com",
        "set out of office for info@contoso.com: \"We are closed\"", "please reset",
    ] {
        let said = stage.bot_said(HELPDESK).len();
        stage.says("tina.tech", words).await;
        println!("\n##### {words}");
        for m in &stage.bot_said(HELPDESK)[said..] { println!("---- {}", shown(m)); }
        println!("whisper {:?}", stage.whispered("tina.tech").last());
    }
}
