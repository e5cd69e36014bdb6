import type { Stored } from "@mycloud/protocol/definition";
import { BooleanInput } from "react-admin";
import { Link } from "react-router-dom";
import { createPages } from "../../definition/create-pages.tsx";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { hostSelectorText } from "../../selector/selector-text.ts";
import { ConductInputs, PromiseInputs, ScheduleInputs } from "./ConductInputs.tsx";
import { ContentInputs } from "./ContentInputs.tsx";
import { contentText, objectiveText, retentionText, scheduleText } from "./policy-text.ts";

function PolicyInputs() {
  return (
    <>
      <fieldset>
        <legend>Which hosts</legend>
        <SelectorInput source="selector" hasServices={false} />
        <SelectorPreviewBox source="selector" />
        <BooleanInput source="isEnabled" label="In force" helperText={false} />
      </fieldset>
      <ContentInputs />
      <ScheduleInputs />
      <PromiseInputs />
      <ConductInputs />
    </>
  );
}

function RepositoriesLink({ policy, text }: { readonly policy: Stored<"BackupPolicy">; readonly text: string }) {
  const filter = encodeURIComponent(JSON.stringify({ policyName: policy.name }));
  return <Link to={`/backup-repositories?filter=${filter}`}>{text}</Link>;
}

export const backupPolicyPages = createPages<"BackupPolicy">({
  kind: "BackupPolicy",
  title: "Backup policies",
  subtitle: "Which hosts are backed up, what of them, when, and what is promised",
  empty: "Each host that a policy matches is backed up into a repository of its own, and watched.",
  columns: [
    {
      key: "content",
      label: "Backs up",
      narrow: "full",
      render: (policy) => (
        <code className="mono clip" title={contentText(policy)}>
          {contentText(policy)}
        </code>
      ),
    },
    {
      key: "schedule",
      label: "When",
      width: "22%",
      narrow: "hide",
      render: (policy) => <span className="clip">{scheduleText(policy)}</span>,
    },
    { key: "objective", label: "RPO", width: 92, render: ({ objectives }) => objectiveText(objectives.rpoSeconds) },
    { key: "key", label: "Key", width: 96, narrow: "hide", render: ({ keyMode }) => keyMode },
  ],
  defaults: () => ({
    selector: {},
    paths: ["/etc", "/home"],
    retention: { keepDaily: 14, keepWeekly: 8, keepMonthly: 12 },
  }),
  Inputs: PolicyInputs,
  facts: (policy) => [
    ["Hosts", hostSelectorText(policy.selector)],
    [
      "Backs up",
      <code key="content" className="mono wrap">
        {contentText(policy)}
      </code>,
    ],
    ["Leaves out", [...policy.exclude, ...policy.excludeIgnoringCase].join(", ") || null],
    ["When", scheduleText(policy)],
    ["RPO", objectiveText(policy.objectives.rpoSeconds)],
    ["RTO", objectiveText(policy.objectives.rtoSeconds)],
    ["Restore tried every", objectiveText(policy.objectives.drillEverySeconds)],
    ["Snapshots kept", retentionText(policy.retention)],
    ["Storage server", policy.storage ?? "the default one"],
    ["Key", policy.keyMode],
    ["Repositories", <RepositoriesLink key="repositories" policy={policy} text="show them" />],
  ],
  Panels: ({ record }) => (
    <Panel title="Which hosts, now">
      <SelectorCoverage selector={record.selector} />
    </Panel>
  ),
});
