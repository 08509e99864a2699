/** What kube-apiserver writes to its audit log for a request under an audit policy, at which stage, and why. */

/**
 * Loads the engine: once, whoever asks; later calls answer the same.
 *
 * @param source where the wasm is, if not beside the package's own files: a URL, a response, its bytes or a compiled module.
 * Only the first call's counts.
 */
export function load(source?: Source | Promise<Source>): Promise<Engine>;

export type Source = URL | string | Request | Response | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

/**
 * The engine. Its functions answer at once, keep nothing, and throw a `TypeError` only where an argument is of another type than is said here;
 * what may fail otherwise is a `Result`. Places are in UTF-16 units, as JavaScript's strings count. Rules and requests count from 0.
 */
export interface Engine {
  /** The Kubernetes releases that can be asked, newest first: `["1.37", "1.36", …]`. */
  releases(): Release[];
  /** Whether a policy loads, in the API server's words, and what is wrong with it. A policy that does not load is no failure here. */
  check(policy: string, options?: Pick<Options, "kubernetes">): Result<Check>;
  /** What a text is read as: the requests that reach the server, and what was assumed. */
  read(request: string, options?: Options): Result<Reading>;
  /** Which rule each request matches, at which level, and why. With `null` for the policy it is that of the scenario that the request is. */
  explain(policy: string | null, request: string, options?: Options): Result<Explanation>;
  /** What is recorded of the request that the text is about (or `pick`): each stage with its event, or why there is none. */
  record(policy: string | null, request: string, options?: Options): Result<Recording>;
  /** The names of the files that a kubectl or curl command reads: what `files` may hold. `-` stands for standard input. */
  filesNamed(request: string): string[];
  /** A scenario as the fragment of a link to the playground, without the `#`. */
  encodeLink(scenario: Scenario): Result<string>;
  /** The scenario of a link to the playground, or of its fragment. */
  decodeLink(link: string): Result<Scenario>;
}

/** What may fail and is expected to. */
export type Result<Value> = { ok: true; value: Value } | { ok: false; error: Failure };

/** Why there is no answer. `message` is one line for people. */
export type Failure =
  /** An option, or a scenario, that is not known or not as it should be. */
  | { kind: "options"; message: string; findings: Diagnostic[] }
  /** The policy does not load: `message` is the API server's, `check` what `check` answers. */
  | { kind: "policy"; message: string; check: Check; findings: Diagnostic[] }
  /** The request is none that can be read. Places are in its text. */
  | { kind: "request"; message: string; format: Format | null; findings: Diagnostic[] }
  /** The link is damaged, or none. */
  | { kind: "link"; message: string; format: Format | null; findings: Diagnostic[] };

/** A Kubernetes minor release, such as `"1.37"`. */
export type Release = string;

export type Level = "None" | "Metadata" | "Request" | "RequestResponse";

export type Stage = "RequestReceived" | "ResponseStarted" | "ResponseComplete" | "Panic";

/** How a request is written. */
export type Format = "kubectl" | "http" | "curl" | "event" | "review" | "form" | "scenario";

/** What is known besides a request's text: the fields of a scenario. What is not given is assumed, and a `Reading` says so. */
export interface Options {
  /** The release that answers; default the scenario's, else the newest. */
  kubernetes?: Release;
  /** The request's format, where detection is overruled. */
  format?: Exclude<Format, "scenario">;
  /** Which of several requests is meant, counted from 1, discovery calls after the others; default the one that the command exists for. */
  pick?: number;
  /** Who asks; `"nobody"`: authentication fails. Default kubernetes-admin. */
  as?: User | "nobody";
  /** Whether impersonation that the request asks for is allowed. */
  impersonation?: "allowed" | "refused";
  /** The addresses that the server sees the request come from. */
  from?: string[];
  /** What is answered. */
  response?: {
    code?: number;
    body?: string;
    /** The objects as the server decoded them: as JSON text, or as values. `null`: the server logs none. */
    objects?: { request?: unknown; response?: unknown };
    outcome?: "complete" | "nothingWritten" | "panic";
    /** What the handler panicked with. */
    panic?: string;
  };
  /** Annotations by stage. */
  annotations?: { [stage in Stage]?: Record<string, string> };
  /** When each stage was reached, as RFC 3339 with up to nine decimals. */
  times?: { requestReceived?: string } & { [stage in Stage]?: string };
  /** The request's id, where its headers have none. */
  auditID?: string;
  /** The files that a kubectl or curl command names, by the names that it uses. */
  files?: Record<string, string | Uint8Array>;
  /** What the command reads from standard input. */
  stdin?: string | Uint8Array;
}

/** Who asks. Groups that are not given are those that every authenticator gives; `null` is none. */
export interface User {
  user?: string;
  uid?: string;
  groups?: string[] | null;
  extra?: Record<string, string[]>;
}

/** A policy, a request and what is known besides: what the playground holds, a link carries and a scenario file stores. */
export interface Scenario extends Omit<Options, "files" | "stdin"> {
  version: 1;
  policy?: string;
  request: string;
}

/** What loading a policy answers. */
export interface Check {
  release: Release;
  accepted: boolean;
  /** Why not. */
  error?: LoadError;
  /** What the server logs as warnings, exactly. */
  warnings: string[];
  /** The same and more, one by one, with places. */
  findings: Diagnostic[];
}

export interface LoadError {
  /** The API server's exact message, without the file's name. */
  message: string;
  /** Whose words they are. */
  from: "yaml-parser" | "json-decoder" | "apiserver";
  /** The line that start-up exits with, where the policy's path is known: of the command only. */
  startupMessage?: string;
}

/** One finding about a text. */
export interface Diagnostic {
  /** A stable name such as `unknown-field`. */
  code: string;
  severity: "note" | "warning" | "error";
  message: string;
  /** Where it is in the policy's own terms, such as `rules[0].level`. */
  path?: string;
  span?: Span;
  /** What was probably meant, or what to do. */
  help?: string;
  fix?: Fix;
}

/** `text.slice(start, end)` */
export interface Span {
  start: number;
  end: number;
}

/** Edits that mend a finding: apart from each other, in order of place. */
export interface Fix {
  title: string;
  edits: { span: Span; text: string }[];
}

/** What a text was read as. */
export interface Reading {
  format: Format;
  /** What was understood, in one sentence. */
  understood: string;
  assumed: Assumption[];
  findings: Diagnostic[];
  /** The requests that reach the server, in order; at least one. */
  requests: ReadRequest[];
  /** Discovery calls, which come before. */
  discovery: ReadRequest[];
  /** The index in `requests` of the one that the text is about. */
  pick: number;
}

/** Something that the text does not say. */
export interface Assumption {
  about: string;
  text: string;
}

export interface ReadRequest {
  /** What it is for: `the pod, before its log`. */
  purpose: string;
  /** Where set, it is sent only where the cluster is in this state. */
  when?: string;
  exchange: Exchange;
}

/** A request and what came of it. */
export interface Exchange {
  request: { method: string; target: string; headers: [string, string][]; body: string };
  sourceIPs: string[];
  authentication: { user: UserInfo } | "failed";
  impersonation: "none" | { allowed: UserInfo } | "refused";
  authenticationMetadata?: { impersonationConstraint?: string };
  response: { code?: number; body: string };
  outcome: "complete" | "nothingWritten" | { panic: string };
  objects: { request: LoggedObject; response: LoggedObject };
  annotations: { [stage in Stage]?: Record<string, string> };
  times: { requestReceived: string; stages: { [stage in Stage]?: string } };
  auditID: string;
}

export type LoggedObject = "fromBody" | "absent" | { decoded: unknown };

/** Which rule each request matches, and why. */
export interface Explanation {
  release: Release;
  format: Format;
  understood: string;
  assumed: Assumption[];
  findings: Diagnostic[];
  /** The index in `requests` of the one that the text is about. */
  pick: number;
  requests: ExplainedRequest[];
}

export interface ExplainedRequest {
  purpose: string;
  when?: string;
  /** What the rules look at; `null` where the request is answered before auditing. */
  attributes: Attributes | null;
  decision: Decision | null;
  trace: Trace | null;
}

/** What of a request rules look at. */
export interface Attributes {
  user: UserInfo | null;
  verb: string;
  resourceRequest: boolean;
  namespace: string;
  apiGroup: string;
  apiVersion: string;
  resource: string;
  subresource: string;
  name: string;
  path: string;
}

export interface UserInfo {
  username?: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}

/** What a policy decides for a request. */
export interface Decision {
  /** The index of the first rule that matches; `null` where none does. */
  rule: number | null;
  level: Level;
  omitStages: Stage[];
  omitManagedFields: boolean;
}

export interface Trace {
  decision: Decision;
  rules: RuleTrace[];
}

export interface RuleTrace {
  rule: number;
  level: Level;
  state: "matched" | "skipped" | "nearMiss" | "notReached";
  /** Whether it matches on its own, also where an earlier rule already did. */
  matches: boolean;
  /** The fields that place a condition, in the order in which the API server checks them. */
  fields: FieldTrace[];
}

export interface FieldTrace {
  field: "users" | "userGroups" | "verbs" | "namespaces" | "resources" | "nonResourceURLs";
  matches: boolean;
  wants: string[];
  request: string;
  /** Why not, where that is not plain from what is wanted. */
  reason?: Reason;
}

export type Reason =
  | "noUser"
  | "notAResourceRequest"
  | "notANonResourceRequest"
  | "starIsLiteral"
  | "subresourceNotNamed"
  | { otherGroup: string }
  | { groupIsNotBare: string }
  | "requestHasNoName"
  | "otherName"
  | "namespaceIsItsOwn"
  | "trailingSlash";

/** What is recorded of a request. */
export interface Recording {
  attributes?: Attributes;
  decision?: Decision;
  /** The four stages, in order of time. */
  stages: StageRecord[];
  /** What to know about this recording, one sentence each. */
  notes: string[];
}

export type StageRecord = { stage: Stage } & (
  | {
      fate: "recorded";
      event: Event;
      /** The JSON line as the log backend writes it, without the newline. */
      line: string;
      /** The line in the legacy format. */
      legacy: string;
      /** Whether the request object was made from the body: the server would also fill in defaults. */
      requestObjectApproximate: boolean;
    }
  | { fate: "omitted"; by: "policy" | "rule" | "policyAndRule" }
  | { fate: "lost"; why: string }
  | {
      fate: "notProduced";
      why:
        | "levelNone"
        | "notLongRunning"
        | "panicked"
        | "nothingStarted"
        | "noPanic"
        | "notAuthenticated"
        | "refusedBeforeAuthentication"
        | "neverAudited";
    }
);

/** An event's fields as data; `line` has them exactly as they are logged. */
export interface Event {
  level: string;
  auditID: string;
  stage: string;
  requestURI: string;
  verb: string;
  user: UserInfo;
  impersonatedUser?: UserInfo;
  authenticationMetadata?: { impersonationConstraint?: string };
  sourceIPs?: string[];
  userAgent?: string;
  objectRef?: ObjectReference;
  responseStatus?: Status;
  requestObject?: unknown;
  responseObject?: unknown;
  requestReceivedTimestamp: string;
  stageTimestamp: string;
  annotations?: Record<string, string>;
}

export interface ObjectReference {
  resource?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  apiGroup?: string;
  apiVersion?: string;
  resourceVersion?: string;
  subresource?: string;
}

export interface Status {
  metadata?: unknown;
  status?: string;
  message?: string;
  reason?: string;
  details?: unknown;
  code: number;
}
