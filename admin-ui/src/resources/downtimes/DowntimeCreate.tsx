import type { Downtime } from "@mycloud/protocol/downtime";
import { DowntimeInput } from "@mycloud/protocol/downtime";
import { RadioButtonGroupInput, SelectInput, TextInput, useGetList } from "react-admin";
import { useWatch } from "react-hook-form";
import { DurationInput } from "../../form/DurationInput.tsx";
import { CreatePage } from "../../form/FormPage.tsx";
import { InstantInput } from "../../form/InstantInput.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { formatAbsolute } from "../../time/duration.ts";
import { downtimeInput } from "./downtime-input.ts";

const kinds = [
  { id: "fixed", name: "From beginning to end" },
  { id: "flexible", name: "Flexible: for a while from the first bad state between the two" },
  { id: "triggered", name: "With another downtime: begins when that one does" },
];

function KindInputs() {
  const kind: unknown = useWatch({ name: "kind" });
  const { data = [] } = useGetList<Downtime>(
    "downtimes",
    {
      pagination: { page: 1, perPage: 200 },
      sort: { field: "startAtMs", order: "ASC" },
      filter: { phase: ["active", "pending"] },
    },
    { enabled: kind === "triggered" },
  );
  const triggers = data.map(({ id, comment, startAtMs }) => ({
    id,
    name: `#${id} ${comment} (${formatAbsolute(startAtMs)})`,
  }));
  return (
    <>
      <RadioButtonGroupInput source="kind" label="Kind" choices={kinds} row={false} helperText={false} />
      {kind === "flexible" ? (
        <DurationInput
          source="durationSeconds"
          label="Quiet this long from the first bad state"
          min={1}
          max={31_622_400}
          helperText="for each host and service by itself; what is bad at the start begins there"
        />
      ) : null}
      {kind === "triggered" ? (
        <SelectInput
          source="triggeredById"
          label="Begins with"
          choices={triggers}
          helperText={triggers.length === 0 ? "No downtime runs or is planned" : "It ends at its own end"}
        />
      ) : null}
      {kind === "fixed" ? (
        <DurationInput
          source="reminderSeconds"
          label="Remind before the end"
          min={60}
          max={604_800}
          helperText="only when something it covers is still bad; empty: never"
        />
      ) : null}
    </>
  );
}

export function DowntimeCreate() {
  const nowMs = Date.now();
  return (
    <CreatePage
      title="New downtime"
      subtitle="Covers whatever the selector matches, hosts and services added later included"
      defaults={{
        selector: {},
        startAtMs: nowMs,
        endAtMs: nowMs + 7_200_000,
        comment: "",
        kind: "fixed",
        durationSeconds: 1800,
        triggeredById: null,
        reminderSeconds: null,
      }}
      schema={DowntimeInput}
      transform={downtimeInput}
    >
      <fieldset>
        <legend>When and why</legend>
        <TextInput source="comment" label="Why" isRequired helperText={false} />
        <div className="form-grid">
          <InstantInput source="startAtMs" label="From" />
          <InstantInput source="endAtMs" label="Until" />
        </div>
        <KindInputs />
      </fieldset>
      <fieldset>
        <legend>What it covers</legend>
        <SelectorInput source="selector" hasServices />
        <SelectorPreviewBox source="selector" />
      </fieldset>
    </CreatePage>
  );
}
