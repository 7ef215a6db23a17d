//! Only this machine's own browser gets in, and no page but ours.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Refusal;

/// Lets a request through that was made on this machine, by nobody or by our own page.
pub async fn only_this_machine(request: Request, next: Next) -> Response {
    match looked_at(request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => {
            let hint = "Open the address that the demo printed.";
            Refusal { status: StatusCode::FORBIDDEN, error: error.to_owned(), hint }.into_response()
        }
    }
}

fn looked_at(method: &Method, headers: &HeaderMap) -> Result<(), &'static str> {
    // A name that somebody else's DNS points at this machine is not ours.
    let Some(host) = only(headers, header::HOST).filter(|host| is_local(host)) else {
        return Err("the request names another host");
    };
    let origin = headers.get_all(header::ORIGIN);
    if origin.iter().any(|origin| origin.as_bytes() != format!("http://{host}").as_bytes()) {
        return Err("the request was made by another page");
    }
    if headers.get_all("sec-fetch-site").iter().any(|site| site == "cross-site") {
        return Err("the request was made by another page");
    }
    let json = only(headers, header::CONTENT_TYPE)
        .is_some_and(|kind| kind.split(';').next() == Some("application/json"));
    // A page elsewhere cannot send JSON without asking first (CORS).
    if *method == Method::POST && !json {
        return Err("what people do is sent as JSON");
    }
    Ok(())
}

fn only(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// `127.0.0.1` or `localhost`, with or without a port.
fn is_local(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    (name == "127.0.0.1" || name == "localhost") && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &Method, pairs: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        looked_at(method, &headers).is_ok()
    }

    #[test]
    fn the_page_itself_gets_in_and_every_other_does_not() {
        let (get, post) = (&Method::GET, &Method::POST);
        let json = ("content-type", "application/json");
        let here = ("host", "127.0.0.1:3978");
        assert!(asked(get, &[here]));
        assert!(asked(get, &[("host", "localhost:3978")]));
        assert!(asked(post, &[here, json, ("origin", "http://127.0.0.1:3978")]));
        assert!(!asked(get, &[]));
        assert!(!asked(get, &[here, here]));
        for host in ["countersign.example:3978", "127.0.0.1.evil.example", "[::1]:1", "127.0.0.1:x"]
        {
            assert!(!asked(get, &[("host", host)]), "{host}");
        }
        for origin in
            ["http://127.0.0.1:1", "https://127.0.0.1:3978", "http://evil.example", "null"]
        {
            assert!(!asked(post, &[here, json, ("origin", origin)]), "{origin}");
        }
        assert!(!asked(post, &[here, json, ("sec-fetch-site", "cross-site")]));
        assert!(!asked(post, &[here, ("content-type", "text/plain")]));
        assert!(!asked(post, &[here]));
    }
}
