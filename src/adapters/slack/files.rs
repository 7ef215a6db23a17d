//! Files that came with a message: read with the bot token, and only from Slack's own hosts.
//!
//! Source: docs.slack.dev, "files.info" and "File object" (`url_private_download` wants the
//! token in a header, and `files:read`; without it the answer is a page to sign in at).

use reqwest::{StatusCode, Url, header};

use super::{
    chat::SlackChat,
    web::{ApiError, Method, WebApi, bearer},
};
use crate::{
    adapters::http::{self, BodyError},
    domain::chat::{Attached, Place},
    ports::chat::FileError,
};

impl SlackChat {
    /// The bytes of a file, at most `max`.
    pub(super) async fn fetched(
        &self,
        place: &Place,
        file: &Attached,
        max: usize,
    ) -> Result<Vec<u8>, FileError> {
        let seat = self.seat(place).map_err(|error| FileError::Away(error.into()))?;
        let said = seat.api.call(Method::FileInfo, &[("file", &file.at)], None).await?;
        let about = &said["file"];
        if about["size"].as_u64().is_some_and(|size| size > max as u64) {
            return Err(FileError::TooLarge);
        }
        let address = about["url_private_download"].as_str().or(about["url_private"].as_str());
        seat.api.download(address.ok_or(FileError::Gone)?, max).await
    }
}

impl WebApi {
    /// Reads a file. The token goes to the API's own host and to hosts below it, to no other.
    async fn download(&self, address: &str, max: usize) -> Result<Vec<u8>, FileError> {
        let url: Url = address.parse().map_err(|_| FileError::Elsewhere)?;
        if !is_ours(self.base(), &url) {
            return Err(FileError::Elsewhere);
        }
        let token = bearer(&self.token).map_err(|_| FileError::Forbidden)?;
        let sent = self.http.get(url).header(header::AUTHORIZATION, token).send().await;
        let answer = sent.map_err(|error| FileError::Away(error.without_url().into()))?;
        let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let page = kind.is_some_and(|kind| kind.starts_with("text/html"));
        match answer.status() {
            StatusCode::OK if !page => {}
            // A page to sign in at, or the way to one.
            status if status == StatusCode::OK || status.is_redirection() => {
                return Err(FileError::Forbidden);
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(FileError::Forbidden),
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(FileError::Gone),
            status => return Err(FileError::Away(anyhow::anyhow!("status {}", status.as_u16()))),
        }
        match http::read(answer, max).await {
            Ok(bytes) => Ok(bytes.to_vec()),
            Err(BodyError::TooLong(_)) => Err(FileError::TooLarge),
            Err(error) => Err(FileError::Away(error.into())),
        }
    }
}

/// The same host as the API's or one below it (`files.slack.com`), reached in the same way.
fn is_ours(base: &Url, url: &Url) -> bool {
    let (Some(own), Some(host)) = (base.host_str(), url.host_str()) else { return false };
    let below = || base.domain().is_some() && host.ends_with(&format!(".{own}"));
    url.scheme() == base.scheme()
        && url.port_or_known_default() == base.port_or_known_default()
        && url.username().is_empty()
        && url.password().is_none()
        && (host == own || below())
}

impl From<ApiError> for FileError {
    fn from(error: ApiError) -> Self {
        match &error {
            // The error names of files.info on docs.slack.dev.
            ApiError::Said { error: said, .. } => match said.as_str() {
                "file_not_found" | "file_deleted" => Self::Gone,
                _ => Self::Forbidden,
            },
            _ => Self::Away(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_goes_to_slacks_own_hosts_alone() {
        let ours = |base: &str, url: &str| is_ours(&base.parse().unwrap(), &url.parse().unwrap());
        let slack = "https://slack.com/api/";
        assert!(ours(slack, "https://files.slack.com/files-pri/T1-F1/download/leavers.csv"));
        for bad in [
            "http://files.slack.com/files-pri/T1-F1/leavers.csv",
            "https://files.slack.com:8443/leavers.csv",
            "https://slack.com.evil.example/leavers.csv",
            "https://evilslack.com/leavers.csv",
            "https://x:y@files.slack.com/leavers.csv",
            "https://169.254.169.254/leavers.csv",
        ] {
            assert!(!ours(slack, bad), "{bad}");
        }
        assert!(ours("http://127.0.0.1:7000/api/", "http://127.0.0.1:7000/files-pri/F1/a.csv"));
        assert!(!ours("http://127.0.0.1:7000/api/", "http://127.0.0.1:7001/files-pri/F1/a.csv"));
        assert!(!ours("http://127.0.0.1:7000/api/", "http://x.127.0.0.1.example:7000/a.csv"));
    }
}
