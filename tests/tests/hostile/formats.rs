//! curl commands, reviews and forms made to hurt.

use super::inputs::{DEEP, MILLION, Table, each, large, text, times};

pub const CURL: Table<Vec<u8>> = &[
    ("a URL of 10 MB", || text(format!("curl https://h/{}", large("a/")))),
    ("a URL of dots", || text(format!("curl https://h{}", large("/..")))),
    ("a URL of slashes", || text(format!("curl https://h{}", large("/")))),
    ("a host of 10 MB", || text(format!("curl {}", large("$(")))),
    ("a user of 10 MB", || text(format!("curl https://{}@h/", large("%41")))),
    ("patterns of 10 MB", || text(format!("curl 'https://h/{}'", large("[]")))),
    ("escaped patterns of 10 MB", || text(format!("curl 'https://h/{}'", large("\\[")))),
    ("a million URLs", || text(format!("curl {}", times("h ", MILLION)))),
    ("9,000 URLs", || text(format!("curl {}", times("h ", 9000)))),
    ("a million --next", || text(format!("curl {}", times("h --next ", MILLION)))),
    ("a million commands", || text(times("curl h\n", MILLION))),
    ("a million headers", || text(format!("curl h {}", each(MILLION, |index| format!("-H X-{index}:a "))))),
    ("9,000 bytes of switches again and again", || {
        text(format!("curl h {}", times(&format!("-{} ", "k".repeat(1000)), 1000)))
    }),
    ("an option of 10 MB", || text(format!("curl h --{}", large("data")))),
    ("data of 10 MB", || text(format!("curl h -d '{}'", large("{\"a\":1}")))),
    ("data of 10 MB for many", || text(format!("curl {} -d '{}'", times("h ", 90), large("{\"a\":1}")))),
    ("encoded data of 10 MB", || text(format!("curl -G h --data-urlencode 'a={}'", large("é ")))),
    ("escapes in the query", || text(format!("curl -G h -d '{}'", large("%Aa")))),
    ("variables that grow", || {
        let more = each(18, |index| format!("V{}=$V{index}$V{index}; ", index + 1));
        text(format!("V0={}; {more} curl h/$V18", "x".repeat(1000)))
    }),
    ("a variable again and again", || text(format!("V={}; curl h/{}", "x".repeat(1000), large("$V")))),
    ("a token of 10 MB", || text(format!("curl h --oauth2-bearer {}", large("a")))),
    ("a password of 10 MB", || text(format!("curl h -u a:{}", large("a")))),
    ("quotes to be written", || text(format!("curl h -A \"{}\"", large("'")))),
    ("zeros", || text(format!("curl h -d '{}'", large("\0")))),
    ("not UTF-8", || [b"curl h -d '".to_vec(), vec![0xff; 1_000_000], b"'".to_vec()].concat()),
];

fn review(rest: &str) -> Vec<u8> {
    text(format!(
        r#"{{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{{"operation":"UPDATE","resource":{{"version":"v1","resource":"pods"}},{rest}}}}}"#
    ))
}

pub const REVIEWS: Table<Vec<u8>> = &[
    ("an object 100,000 deep", || review(&format!("\"object\":{}", times("{\"a\":", DEEP)))),
    ("an object 9,900 deep", || review(&format!("\"object\":{}1{}", times("{\"a\":", 9900), times("}", 9900)))),
    ("an object of 10 MB", || review(&format!("\"object\":{{\"a\":\"{}\"}}", large("<")))),
    ("a name of 10 MB", || review(&format!("\"name\":\"{}\"", large("/")))),
    ("a million unknown fields", || review(&format!("{}\"a\":1", each(MILLION, |index| format!("\"a{index}\":1,"))))),
    ("a million groups", || review(&format!("\"userInfo\":{{\"groups\":[{}\"a\"]}}", times("\"g\",", MILLION)))),
    ("a million extras", || {
        review(&format!(
            "\"userInfo\":{{\"extra\":{{{}\"a\":[]}}}}",
            each(MILLION, |index| format!("\"e{index}\":[\"v\"],"))
        ))
    }),
    ("YAML 9,000 deep", || {
        text(format!(
            "kind: AdmissionReview\nrequest:\n  operation: CREATE\n  resource: {{resource: pods}}\n  object: {}{}",
            times("[", 9000),
            times("]", 9000)
        ))
    }),
    ("requirements of 10 MB", || {
        text(format!(
            "kind: SubjectAccessReview\nspec: {{resourceAttributes: {{verb: list, resource: pods, labelSelector: {{requirements: [{}{{}}]}}}}}}",
            large("{key: a, operator: In, values: [b, c]}, ")
        ))
    }),
    ("zeros and no UTF-8", || {
        [b"kind: SubjectAccessReview\nspec: \"".to_vec(), vec![0, 0xff, 0xfe], b"\"".to_vec()].concat()
    }),
];

pub const FORMS: Table<Vec<u8>> = &[
    ("a name of 10 MB", || text(format!("verb: get\nresource: pods\nname: {}", large("ä")))),
    ("a resource of 10 MB", || text(format!("verb: get\nresource: {}", large("a/")))),
    ("a verb of 10 MB", || text(format!("resource: pods\nverb: {}", large("a")))),
    ("a path of 10 MB", || text(format!("path: /{}", large("a b%")))),
    ("a query of 10 MB", || text(format!("verb: watch\nresource: pods\ndryRun: true\nquery: {}", large("a=b&")))),
    ("a query of parameters that sort", || {
        text(format!(
            "verb: list\nresource: pods\nlabelSelector: a\nquery: {}",
            each(MILLION, |index| format!("a{index}&"))
        ))
    }),
    ("a selector of 10 MB", || text(format!("verb: list\nresource: pods\nlabelSelector: \"{}\"", large("a in (b),")))),
    ("a million headers", || {
        text(format!("path: /\nheaders: [{}]", each(MILLION, |index| format!("\"X-{index}: a\", "))))
    }),
    ("a million groups", || text(format!("path: /\nimpersonate: {{user: a, groups: [{}]}}", times("g, ", MILLION)))),
    ("an extra of 10 MB", || text(format!("path: /\nimpersonate: {{user: a, extra: {{\"{}\": [b]}}}}", large("A/")))),
    ("a body of 10 MB", || text(format!("verb: create\nresource: pods\nbody: '{{\"a\":\"{}\"}}'", large("<")))),
    ("a body of blank lines", || text(format!("path: /\nmethod: POST\nbody: \"{}\"", large("\\n")))),
    ("a body of status lines", || text(format!("path: /\nmethod: POST\nbody: \"{}\"", large("\\nHTTP/1.1 200 OK\\n")))),
    ("deep lists", || text(format!("path: {}", times("[", DEEP)))),
    ("zeros and no UTF-8", || [b"path: /\0".to_vec(), vec![0xff; 100]].concat()),
];
