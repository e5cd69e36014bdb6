import { BooleanInput, SelectInput, TextInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { createPages } from "../../definition/create-pages.tsx";
import { NscaInputs, WsArbiterInputs } from "../../form/ReceiverInputs.tsx";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { serviceSelectorText } from "../../selector/selector-text.ts";
import { ForwardQueuePanel, ForwardQueueText } from "./ForwardQueuePanel.tsx";
import { forwardTargetText } from "./forward-target-text.ts";

const resultsText = { hard: "HARD states", all: "every result" } as const;

function TargetInputs() {
  const type: unknown = useWatch({ name: "target.type" });
  return (
    <fieldset>
      <legend>Where to</legend>
      <SelectInput
        source="target.type"
        label="By"
        choices={[
          { id: "ws-arbiter", name: "ws-arbiter (Shinken)" },
          { id: "nsca", name: "nsca (Nagios, Naemon, Icinga, Shinken)" },
          { id: "command-pipe", name: "external command pipe on this machine" },
        ]}
        helperText={false}
      />
      {type === "ws-arbiter" ? <WsArbiterInputs path="target" /> : null}
      {type === "nsca" ? <NscaInputs path="target" /> : null}
      {type === "command-pipe" ? (
        <TextInput
          source="target.path"
          label="Path"
          isRequired
          helperText="/var/lib/nagios4/rw/nagios.cmd, on the control plane's machine"
        />
      ) : null}
    </fieldset>
  );
}

export const forwardPages = createPages<"Forward">({
  kind: "Forward",
  title: "Forwards",
  subtitle: "Results passed on to a monitoring system that already runs, with a queue that survives restarts",
  empty: "With a forward MyCloud runs beside the old system: what it checks arrives there as passive results.",
  columns: [
    {
      key: "target",
      label: "To",
      width: "26%",
      narrow: "full",
      render: ({ target }) => <span className="clip">{forwardTargetText(target)}</span>,
    },
    {
      key: "selector",
      label: "Of",
      narrow: "full",
      render: ({ selector, results }) => (
        <span className="clip">
          {resultsText[results]} of {serviceSelectorText(selector)}
        </span>
      ),
    },
    { key: "queue", label: "Queue", width: 150, render: ({ id }) => <ForwardQueueText forwardId={id} /> },
  ],
  defaults: () => ({ target: { type: "ws-arbiter", url: "", username: "anonymous", password: null } }),
  Inputs: () => (
    <>
      <TargetInputs />
      <fieldset>
        <legend>What</legend>
        <SelectInput
          source="results"
          label="Results"
          choices={[
            { id: "hard", name: "HARD states only" },
            { id: "all", name: "every result" },
          ]}
          helperText="Every result lets the other system count attempts itself"
        />
        <SelectorInput source="selector" hasServices />
        <SelectorPreviewBox source="selector" />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
    </>
  ),
  facts: (forward) => [
    ["To", forwardTargetText(forward.target)],
    ["Secret", "password" in forward.target && forward.target.password !== null ? "set, never shown" : null],
    ["What", `${resultsText[forward.results]} of ${serviceSelectorText(forward.selector)}`],
  ],
  Panels: ({ record }) => (
    <>
      <ForwardQueuePanel forwardId={record.id} />
      <Panel title="What is passed on now">
        <SelectorCoverage selector={record.selector} />
      </Panel>
    </>
  ),
});
