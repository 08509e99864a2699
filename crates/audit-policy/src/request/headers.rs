//! What kube-apiserver reads from headers: source IPs, the user agent, impersonation, the audit id.
