//! A browser: opens the link of a chat, signs in at the simulated Entra, comes back.

use countersign::sim::microsoft::AppRegistration;
use reqwest::{Client, StatusCode, Url, redirect::Policy};
use serde_json::{Value, json};

use crate::stage::{Settings, Stage};

/// A room where people sign in at Entra; with further rules.
pub async fn room(policy: &str) -> Stage {
    let settings = Settings {
        policy: format!("{}\n{policy}", Settings::default().policy),
        more: "[sign_in]\nenabled = true\n".to_owned(),
        ..Settings::default()
    };
    let stage = Stage::with(settings).await;
    let back = format!("{}/sign-in/done", stage.base);
    stage.world.set_app(AppRegistration::demo().with_redirect(&back));
    stage
}

/// The token of the newest link to a sign-in among these words.
pub fn token_in(said: &str) -> String {
    let at = said.rfind("/sign-in/#").unwrap_or_else(|| panic!("no link in {said}")) + 10;
    let token = said[at..at + 64].to_owned();
    assert!(token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    token
}

/// A tab of somebody's browser.
pub struct Tab {
    http: Client,
    base: String,
    /// Where Entra's page is, once the link was opened.
    pub page: Option<Url>,
    /// What only this tab holds.
    pub browser: String,
    /// What Entra sent it back with.
    pub state: String,
    /// The code, too.
    pub code: String,
}

/// What the page was told: its words, or why not.
pub type Told = Result<Value, (StatusCode, String)>;

impl Tab {
    /// A new one.
    pub fn new(stage: &Stage) -> Self {
        let http = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        let base = stage.base.clone();
        let nothing = String::new;
        Self { http, base, page: None, browser: nothing(), state: nothing(), code: nothing() }
    }

    async fn post(&self, what: &str, body: Value) -> Told {
        let address = format!("{}/sign-in/{what}", self.base);
        let answer = self.http.post(address).json(&body).send().await.unwrap();
        let status = answer.status();
        let said: Value = answer.json().await.unwrap();
        if status == 200 {
            return Ok(said);
        }
        Err((status, said["say"].as_str().unwrap_or_default().to_owned()))
    }

    /// Opens the link and presses the button.
    pub async fn begins(&mut self, token: &str) -> Result<(), (StatusCode, String)> {
        let begun = self.post("begin", json!({ "token": token })).await?;
        self.page = Some(begun["page"].as_str().unwrap().parse().unwrap());
        begun["browser"].as_str().unwrap().clone_into(&mut self.browser);
        Ok(())
    }

    /// Changes what Entra is asked, as whoever holds the browser can.
    pub fn asks_entra_without(&mut self, names: &[&str]) {
        let page = self.page.as_mut().unwrap();
        let left: Vec<(String, String)> = page
            .query_pairs()
            .filter(|(name, _)| !names.contains(&&**name))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        page.query_pairs_mut().clear().extend_pairs(left);
    }

    /// Signs in at Entra.
    pub async fn signs_in(&mut self, who: &str, more: &[(&str, &str)]) {
        let upn = format!("{who}@contoso.com");
        let form: Vec<(&str, &str)> =
            [("user", upn.as_str())].into_iter().chain(more.iter().copied()).collect();
        let page = self.page.clone().expect("the link was opened");
        let answer = self.http.post(page).form(&form).send().await.unwrap();
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let Some(to) = to else { panic!("{}", answer.text().await.unwrap()) };
        let back: Url = to.parse().unwrap();
        let of = |wanted: &str| {
            let found = back.query_pairs().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        assert_eq!(back.path(), "/sign-in/done");
        (self.state, self.code) = (of("state"), of("code"));
        let done = self.http.get(back).send().await.unwrap();
        assert_eq!(done.status(), 200, "looking at the address does nothing");
    }

    /// Comes back from Entra.
    pub async fn comes_back(&self) -> Told {
        let body = json!({ "state": self.state, "browser": self.browser, "code": self.code });
        self.post("back", body).await
    }

    /// Presses the button of the last page.
    pub async fn confirms(&self) -> Told {
        self.post("confirm", json!({ "state": self.state, "browser": self.browser })).await
    }

    /// All of it, up to the last button.
    pub async fn goes(stage: &Stage, token: &str, who: &str) -> (Self, Told) {
        let mut tab = Self::new(stage);
        tab.begins(token).await.unwrap();
        tab.signs_in(who, &[("mfa", "1")]).await;
        let told = tab.comes_back().await;
        (tab, told)
    }
}

/// What a page says when it does not go on.
pub fn refused(told: Told) -> String {
    match told {
        Ok(said) => panic!("it went on: {said}"),
        Err((status, why)) => {
            assert!(status.is_client_error(), "{status}: {why}");
            why
        }
    }
}
