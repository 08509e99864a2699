//! Exchange → the same request in another format, so that changing the format keeps the meaning.

use super::{Form, Format, Given, ReadOptions, curl, event, http, info, read, review};
use crate::exchange::{Authentication, Impersonation};
use crate::{Exchange, GoString, Release};

/// A request in another format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// The request's text.
    pub text: String,
    /// What is known besides and would be assumed otherwise of that text: user, answer, times, …
    pub given: Given,
}

/// The request of an exchange in this format, and everything else about the exchange that the text does not say. Read again with what
/// is given it is the same exchange, but for headers that no event has anything of (`Host`, `Content-Length`), and the metadata of constrained
/// impersonation. A review asks whether the same is allowed: it has no query, no headers and no body.
///
/// None for a format that requests are not written in (kubectl, scenarios), and where the request is not text or holds what that format
/// cannot (a header's name with a blank; a body in a review; a body of which an event says less).
pub fn rewrite(exchange: &Exchange, format: Format, release: Release) -> Option<Rewritten> {
    let request = &exchange.request;
    let is_text = request.method.as_str().is_some()
        && request.target.as_str().is_some()
        && request.body.as_str().is_some()
        && request.headers.iter().all(|(_, value)| value.as_str().is_some());
    if !is_text {
        return None;
    }
    let text = match format {
        Format::Form => Form::of(exchange, release).to_yaml(),
        Format::Http => http::write(request)?,
        Format::Curl => curl::write(request)?,
        Format::Event => event::write::write(exchange, release)?,
        Format::Review => review::write::write(exchange, release)?,
        _ => return None,
    };
    let mut options = ReadOptions { release, format: Some(format), ..ReadOptions::default() };
    // Rules ask nothing of a query.
    let seen = |exchange: &Exchange| {
        let mut info = info::of_request(&exchange.request, release)?;
        if format == Format::Review {
            info.request_uri = GoString::default();
        }
        Ok::<_, info::NeverAudited>(info)
    };
    // What is given changes what is assumed: the answer to a refused user is another.
    for _ in 0..3 {
        let mut reading = read(text.as_bytes(), &options).ok()?;
        if reading.pick >= reading.requests.len() {
            return None;
        }
        let assumed = reading.requests.swap_remove(reading.pick).exchange;
        // What the server refuses (a blank in the target) is not refused where the format mends it: then it is another request.
        if seen(&assumed) != seen(exchange) {
            return None;
        }
        if !give_differences(&mut options.given, exchange, &assumed) {
            // An event has objects and no body: what can be recorded must be the same.
            let all = |exchange: &Exchange| event::write::recording(exchange, release).stages;
            if format == Format::Event && all(&assumed) != all(exchange) {
                return None;
            }
            break;
        }
    }
    Some(Rewritten { text, given: options.given })
}

/// Gives what the exchange has otherwise than what was assumed. Whether there was anything.
fn give_differences(given: &mut Given, exchange: &Exchange, assumed: &Exchange) -> bool {
    let before = given.clone();
    if exchange.authentication != assumed.authentication {
        given.user = Some(exchange.authentication.clone());
    }
    let is_refused = exchange.impersonation == Impersonation::Refused;
    if is_refused != (assumed.impersonation == Impersonation::Refused)
        && exchange.authentication != Authentication::Failed
    {
        given.impersonation_allowed = Some(!is_refused);
    }
    if exchange.source_ips != assumed.source_ips {
        given.from = Some(exchange.source_ips.clone());
    }
    if exchange.outcome != assumed.outcome {
        given.outcome = Some(exchange.outcome.clone());
    }
    if exchange.response.code != assumed.response.code {
        given.code = exchange.response.code;
    }
    if exchange.response.body != assumed.response.body {
        given.body = Some(exchange.response.body.clone());
    }
    if exchange.objects != assumed.objects {
        given.objects = exchange.objects.clone();
    }
    if exchange.annotations != assumed.annotations {
        given.annotations = Some(exchange.annotations.clone());
    }
    if exchange.times != assumed.times {
        given.times = Some(exchange.times.clone());
    }
    if exchange.audit_id != assumed.audit_id {
        given.audit_id = Some(exchange.audit_id.clone());
    }
    *given != before
}
