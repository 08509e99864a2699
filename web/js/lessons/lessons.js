// The lessons, in the order in which they are taught. Each is a file of its own (docs/lessons.md); its name is that in `#lesson/NAME`.
import whyAudit from "../../lessons/why-audit.yaml";
import basicAudit from "../../lessons/basic-audit.yaml";
import theEvent from "../../lessons/the-event.yaml";
import stages from "../../lessons/stages.yaml";
import levels from "../../lessons/levels.yaml";
import whatItCosts from "../../lessons/what-it-costs.yaml";
import modes from "../../lessons/modes.yaml";
import batches from "../../lessons/batches.yaml";
import truncation from "../../lessons/truncation.yaml";
import auditSink from "../../lessons/audit-sink.yaml";
import firstMatch from "../../lessons/first-match.yaml";
import subresources from "../../lessons/subresources.yaml";
import groupsAndNames from "../../lessons/groups-and-names.yaml";
import usersAndGroups from "../../lessons/users-and-groups.yaml";
import nonResourceUrls from "../../lessons/non-resource-urls.yaml";
import omitStages from "../../lessons/omit-stages.yaml";
import writeAPolicy from "../../lessons/write-a-policy.yaml";
import repair from "../../lessons/repair.yaml";
import theRealLog from "../../lessons/the-real-log.yaml";

/** Name and text of each. */
export default [
  ["why-audit", whyAudit],
  ["basic-audit", basicAudit],
  ["the-event", theEvent],
  ["stages", stages],
  ["levels", levels],
  ["what-it-costs", whatItCosts],
  ["modes", modes],
  ["batches", batches],
  ["truncation", truncation],
  ["audit-sink", auditSink],
  ["first-match", firstMatch],
  ["subresources", subresources],
  ["groups-and-names", groupsAndNames],
  ["users-and-groups", usersAndGroups],
  ["non-resource-urls", nonResourceUrls],
  ["omit-stages", omitStages],
  ["write-a-policy", writeAPolicy],
  ["repair", repair],
  ["the-real-log", theRealLog],
];
