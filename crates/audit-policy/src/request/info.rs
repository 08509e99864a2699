//! Method and URL → RequestInfo.
