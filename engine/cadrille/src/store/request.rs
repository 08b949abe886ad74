//! One request to a hub: redirections, the token, and which failures are worth another try.

use std::io;
use std::time::Duration;

use ureq::http::{HeaderMap, Response, Uri};
use ureq::{Agent, Body};

use super::StoreError;
use super::hub::{HubConfig, Patience, Token};

/// More would be a loop.
const MOST_REDIRECTIONS: usize = 8;

/// Why a request gave no answer to work with.
pub(super) enum Trouble {
    /// Another try may succeed; the server may have said after how long.
    Passing { reason: String, wait: Option<Duration> },
    /// Another try would end the same.
    Lasting(StoreError),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Lasting(error)
    }
}

impl Trouble {
    fn passing(reason: impl Into<String>) -> Self {
        Self::Passing { reason: reason.into(), wait: None }
    }

    /// What a broken read of an answer's body means.
    pub(super) fn of_read(error: &io::Error) -> Self {
        Self::passing(format!("the connection broke ({error})"))
    }
}

/// Sends requests for one hub.
#[derive(Debug)]
pub(super) struct Requester {
    agent: Agent,
    /// Scheme and authority of the hub: the only place the token is sent to.
    home: Uri,
    token: Option<Token>,
}

impl Requester {
    pub(super) fn new(config: &HubConfig) -> Result<Self, StoreError> {
        let home = parse(&config.endpoint)?;
        let Patience { connect, silence, .. } = config.patience;
        let mut settings = Agent::config_builder()
            .http_status_as_error(false)
            // Redirections are followed below, where the token is taken off for other hosts.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("partwright/", env!("CARGO_PKG_VERSION")))
            // Lengths and digests are those of the plain bytes.
            .accept_encoding("identity")
            .timeout_resolve(Some(connect))
            .timeout_connect(Some(connect))
            .timeout_recv_response(Some(silence))
            .timeout_per_read(Some(silence));
        if is_loopback(&home) {
            // A proxy's loopback is another machine's.
            settings = settings.proxy(None);
        }
        Ok(Self { agent: settings.build().into(), home, token: config.token.clone() })
    }

    /// The hub's host, for messages.
    pub(super) fn host(&self) -> String {
        self.home.authority().map(ToString::to_string).unwrap_or_default()
    }

    /// Asks for `url` from byte `from` on; `about` is the repository, for messages, and `what` the thing asked for.
    pub(super) fn get(&self, url: &str, from: u64, about: &str, what: &str) -> Result<Response<Body>, Trouble> {
        let mut place = parse(url)?;
        for _ in 0..=MOST_REDIRECTIONS {
            let mut request = self.agent.get(&place);
            if from > 0 {
                request = request.header("Range", format!("bytes={from}-"));
            }
            if let Some(token) = self.token.as_ref().filter(|_| self.may_have_token(&place)) {
                request = request.header("Authorization", token.header());
            }
            let response = request.call().map_err(|error| trouble(&place, error))?;
            match response.status().as_u16() {
                301 | 302 | 303 | 307 | 308 => place = redirected(&place, response.headers())?,
                status => return self.judged(status, response, &place, about, what),
            }
        }
        let reason = "too many redirections follow one another";
        Err(StoreError::RedirectRefused { url: url.to_owned(), target: place.to_string(), reason }.into())
    }

    /// The answer, if its status is one to work with (416 is: the caller asked for bytes behind the end).
    fn judged(
        &self,
        status: u16,
        response: Response<Body>,
        place: &Uri,
        about: &str,
        what: &str,
    ) -> Result<Response<Body>, Trouble> {
        let (repository, host) = (about.to_owned(), self.host());
        Err(match status {
            200 | 206 | 416 => return Ok(response),
            401 => StoreError::TokenNeeded { repository, host }.into(),
            403 => StoreError::AccessDenied { repository, host }.into(),
            404 | 410 => StoreError::NoSuchRepository { repository, host, what: what.to_owned() }.into(),
            408 | 429 | 500 | 502 | 503 | 504 => Trouble::Passing {
                reason: format!("the server answered {}", response.status()),
                wait: retry_after(response.headers()),
            },
            _ => StoreError::Refused { url: shown(place), status }.into(),
        })
    }

    /// Whether a place may have the token: the hub itself, and only where nobody can listen on the way.
    fn may_have_token(&self, place: &Uri) -> bool {
        let same = place.scheme() == self.home.scheme() && place.authority() == self.home.authority();
        same && (place.scheme_str() == Some("https") || is_loopback(place))
    }
}

fn parse(url: &str) -> Result<Uri, StoreError> {
    let wrong = |reason: String| StoreError::NotReachable { url: url.to_owned(), reason };
    let uri: Uri = url.parse().map_err(|error| wrong(format!("this is no address ({error})")))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(_)) => Ok(uri),
        _ => Err(wrong("an address begins with https:// and a host".to_owned())),
    }
}

fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An address without its query, which may hold a signature that opens the file to anybody.
fn shown(uri: &Uri) -> String {
    uri.to_string().split('?').next().unwrap_or_default().to_owned()
}

/// Where a redirection leads.
fn redirected(from: &Uri, headers: &HeaderMap) -> Result<Uri, StoreError> {
    let target = headers.get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let refused = |reason: &'static str| StoreError::RedirectRefused {
        url: shown(from),
        target: target.split('?').next().unwrap_or_default().to_owned(),
        reason,
    };
    let (scheme, authority) = (from.scheme_str().unwrap_or("https"), from.authority().map_or("", |a| a.as_str()));
    let absolute = if target.contains("://") {
        target.to_owned()
    } else if target.starts_with("//") {
        format!("{scheme}:{target}")
    } else if target.starts_with('/') {
        format!("{scheme}://{authority}{target}")
    } else {
        return Err(refused("it is not a whole address"));
    };
    let to = parse(&absolute).map_err(|_| refused("it is no address of the web"))?;
    if scheme == "https" && to.scheme_str() != Some("https") {
        return Err(refused("it would leave HTTPS"));
    }
    Ok(to)
}

/// The wait a server asks for, in seconds; the other form, a date, is left to the usual waits.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

fn trouble(place: &Uri, error: ureq::Error) -> Trouble {
    match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            Trouble::passing("no connection could be made: nobody listens there")
        }
        ureq::Error::Io(error) => Trouble::of_read(&error),
        ureq::Error::Timeout(_) => Trouble::passing("the server is silent"),
        ureq::Error::ConnectionFailed => Trouble::passing("no connection could be made"),
        ureq::Error::Protocol(error) => Trouble::passing(format!("the answer broke off ({error})")),
        ureq::Error::HostNotFound => {
            StoreError::NotReachable { url: shown(place), reason: "the host is not found".to_owned() }.into()
        }
        error => StoreError::NotReachable { url: shown(place), reason: error.to_string() }.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirections_are_resolved_or_refused() {
        let check = |from: &str, location: &str, expected: Option<&str>| {
            let headers = HeaderMap::from_iter([(ureq::http::header::LOCATION, location.parse().unwrap())]);
            let to = redirected(&from.parse().unwrap(), &headers).ok().map(|uri| uri.to_string());
            assert_eq!(to.as_deref(), expected, "{from} -> {location}");
        };
        check("https://hub.org/a/b", "https://cdn.org/x?y=1", Some("https://cdn.org/x?y=1"));
        check("https://hub.org/a/b", "/c/d", Some("https://hub.org/c/d"));
        check("http://127.0.0.1:80/a", "//127.0.0.1:81/c", Some("http://127.0.0.1:81/c"));
        check("https://hub.org/a/b", "http://hub.org/c", None);
        check("https://hub.org/a/b", "file:///etc/passwd", None);
        check("https://hub.org/a/b", "c", None);
    }

    #[test]
    fn the_token_goes_to_the_hub_alone_and_never_in_the_clear() {
        let check = |endpoint: &str, place: &str, expected: bool| {
            let config = HubConfig { endpoint: endpoint.to_owned(), ..HubConfig::default() };
            let requester = Requester::new(&config).unwrap();
            assert_eq!(requester.may_have_token(&place.parse().unwrap()), expected, "{endpoint} {place}");
        };
        check("https://hub.org", "https://hub.org/a", true);
        check("https://hub.org", "https://hub.org.evil.com/a", false);
        check("https://hub.org", "https://hub.org:444/a", false);
        check("https://hub.org", "http://hub.org/a", false);
        check("http://hub.org", "http://hub.org/a", false);
        check("http://127.0.0.1:8000", "http://127.0.0.1:8000/a", true);
        check("http://127.0.0.1:8000", "http://127.0.0.1:8001/a", false);
        check("http://[::1]:8000", "http://[::1]:8000/a", true);
    }

    #[test]
    fn addresses_are_checked() {
        for endpoint in ["", "hub.org", "ftp://hub.org", "https://"] {
            let config = HubConfig { endpoint: endpoint.to_owned(), ..HubConfig::default() };
            assert!(matches!(Requester::new(&config), Err(StoreError::NotReachable { .. })), "{endpoint}");
        }
    }
}
