// The examples, in the order of the menu. Each is a file of its own (docs/lessons.md); its name is that in `#example/NAME`.
import firstPolicy from "../../examples/first-policy.yaml";
import rulesAtTheTop from "../../examples/rules-at-the-top.yaml";
import rulesInAList from "../../examples/rules-in-a-list.yaml";
import twentyRules from "../../examples/twenty-rules.yaml";
import podsAndTheirLogs from "../../examples/pods-and-their-logs.yaml";
import execByPost from "../../examples/exec-by-post.yaml";
import execByGet from "../../examples/exec-by-get.yaml";
import usersAndGroups from "../../examples/users-and-groups.yaml";
import groupWithAVersion from "../../examples/group-with-a-version.yaml";
import anyGroupBefore136 from "../../examples/any-group-before-1-36.yaml";
import anyGroupSince136 from "../../examples/any-group-since-1-36.yaml";
import aWatch from "../../examples/a-watch.yaml";
import omittedStages from "../../examples/omitted-stages.yaml";
import nobody from "../../examples/nobody.yaml";
import impersonation from "../../examples/impersonation.yaml";
import managedFields from "../../examples/managed-fields.yaml";
import aSecretLeaks from "../../examples/a-secret-leaks.yaml";
import aPanic from "../../examples/a-panic.yaml";
import aHealthCheck from "../../examples/a-health-check.yaml";
import aFullBuffer from "../../examples/a-full-buffer.yaml";
import aStrictWebhook from "../../examples/a-strict-webhook.yaml";
import aCutEvent from "../../examples/a-cut-event.yaml";
import anAuditSink from "../../examples/an-audit-sink.yaml";

/** Name and text of each. */
export default [
  ["first-policy", firstPolicy],
  ["rules-at-the-top", rulesAtTheTop],
  ["rules-in-a-list", rulesInAList],
  ["twenty-rules", twentyRules],
  ["pods-and-their-logs", podsAndTheirLogs],
  ["exec-by-post", execByPost],
  ["exec-by-get", execByGet],
  ["users-and-groups", usersAndGroups],
  ["group-with-a-version", groupWithAVersion],
  ["any-group-before-1-36", anyGroupBefore136],
  ["any-group-since-1-36", anyGroupSince136],
  ["a-watch", aWatch],
  ["omitted-stages", omittedStages],
  ["nobody", nobody],
  ["impersonation", impersonation],
  ["managed-fields", managedFields],
  ["a-secret-leaks", aSecretLeaks],
  ["a-panic", aPanic],
  ["a-health-check", aHealthCheck],
  ["a-full-buffer", aFullBuffer],
  ["a-strict-webhook", aStrictWebhook],
  ["a-cut-event", aCutEvent],
  ["an-audit-sink", anAuditSink],
];
