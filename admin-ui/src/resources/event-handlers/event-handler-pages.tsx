import { EventHandlerInput } from "@mycloud/protocol/event-handler";
import { BooleanInput, NumberInput, TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { ArgumentsInput } from "../../form/ArgumentsInput.tsx";
import { ChoicesInput } from "../../form/ChoicesInput.tsx";
import { DurationInput } from "../../form/DurationInput.tsx";
import { NameInput } from "../../form/NamesInput.tsx";
import { joinArguments } from "../../form/split-arguments.ts";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { serviceSelectorText } from "../../selector/selector-text.ts";
import { formatDuration } from "../../time/duration.ts";

const states = EventHandlerInput.shape.states.unwrap().element.options;
const stateTypes = EventHandlerInput.shape.stateTypes.unwrap().element.options;

function EventHandlerInputs() {
  return (
    <>
      <fieldset>
        <legend>What to run</legend>
        <TextInput
          source="command"
          label="Command"
          isRequired
          helperText="A name from eventHandlers: in the agent's own policy file, which says which program that is"
        />
        <ArgumentsInput helperText="appended to the program's own; macros such as $SERVICESTATE$ are replaced, no shell takes part" />
        <div className="form-grid">
          <NameInput
            source="runOn"
            label="Run on"
            reference="hosts"
            helperText="Another host's agent; empty: the host concerned"
          />
          <DurationInput source="timeoutSeconds" label="Timeout" min={1} max={600} />
        </div>
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
      <fieldset>
        <legend>When</legend>
        <ChoicesInput source="states" label="Something becomes" choices={states} />
        <ChoicesInput
          source="stateTypes"
          label="Believed or not yet"
          choices={stateTypes}
          helperText="SOFT: while attempts still go on; HARD: once it is believed"
        />
        <NumberInput
          source="attempt"
          label="Only at this attempt while SOFT"
          min={1}
          max={100}
          helperText="Empty: at each"
        />
      </fieldset>
      <fieldset>
        <legend>Of what</legend>
        <SelectorInput source="selector" hasServices />
        <SelectorPreviewBox source="selector" />
      </fieldset>
    </>
  );
}

export const eventHandlerPages = createPages<"EventHandler">({
  kind: "EventHandler",
  title: "Event handlers",
  subtitle: "What agents do by themselves when a state changes; each agent's own policy says what it may run",
  empty: "An event handler restarts what hangs, before anybody is woken up.",
  columns: [
    {
      key: "command",
      label: "Runs",
      width: "24%",
      narrow: "full",
      render: (handler) => (
        <code className="mono clip">{`${handler.command} ${joinArguments(handler.arguments)}`.trim()}</code>
      ),
    },
    {
      key: "states",
      label: "When",
      width: "18%",
      narrow: "full",
      render: ({ states: own, stateTypes: types }) => (
        <span className="clip">{`${own.join(", ")} (${types.join(", ")})`}</span>
      ),
    },
    {
      key: "selector",
      label: "Of",
      narrow: "full",
      render: ({ selector }) => <span className="clip">{serviceSelectorText(selector)}</span>,
    },
  ],
  Inputs: EventHandlerInputs,
  facts: (handler) => [
    [
      "Runs",
      <code key="runs" className="mono wrap">
        {`${handler.command} ${joinArguments(handler.arguments)}`.trim()}
      </code>,
    ],
    ["On", handler.runOn ?? "the host concerned"],
    ["When", `${handler.states.join(", ")} (${handler.stateTypes.join(", ")})`],
    ["At attempt", handler.attempt ?? "each"],
    ["Timeout", formatDuration(handler.timeoutSeconds)],
    ["Of", serviceSelectorText(handler.selector)],
  ],
  Panels: ({ record }) => (
    <Panel title="Of what, now">
      <SelectorCoverage selector={record.selector} />
    </Panel>
  ),
});
