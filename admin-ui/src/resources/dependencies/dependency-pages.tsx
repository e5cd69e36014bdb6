import { type DependencyMaster, DependencyState } from "@mycloud/protocol/dependency";
import { BooleanInput, TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { ChoicesInput } from "../../form/ChoicesInput.tsx";
import { NameInput } from "../../form/NamesInput.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { serviceSelectorText } from "../../selector/selector-text.ts";

function masterText({ host, service }: DependencyMaster): string {
  if (service === null) return host ?? "the dependent's own host";
  return host === null ? `${service} on the dependent's own host` : `${service} on ${host}`;
}

function DependencyInputs() {
  return (
    <>
      <fieldset>
        <legend>What depends</legend>
        <SelectorInput source="dependent" hasServices />
        <SelectorPreviewBox source="dependent" />
      </fieldset>
      <fieldset>
        <legend>On what</legend>
        <RowsInput source="masters" noun="master" fresh={() => ({ host: null, service: null })}>
          {(path) => (
            <div className="form-grid">
              <NameInput
                source={`${path}.host`}
                label="Host"
                reference="hosts"
                helperText="Empty: the dependent's own host"
              />
              <TextInput source={`${path}.service`} label="Service" helperText="Empty: the host itself" />
            </div>
          )}
        </RowsInput>
      </fieldset>
      <fieldset>
        <legend>What follows</legend>
        <ChoicesInput
          source="executionFailureStates"
          label="Not checked while the master is"
          choices={DependencyState.options}
          helperText="Dependents keep the state they had"
        />
        <ChoicesInput
          source="notificationFailureStates"
          label="Nobody is told while the master is"
          choices={DependencyState.options}
        />
        <BooleanInput source="isTransitive" label="Also while the master's own dependencies fail" helperText={false} />
        <NameInput
          source="period"
          label="Holds in the time period"
          reference="time-periods"
          helperText="Empty: always"
        />
      </fieldset>
    </>
  );
}

export const dependencyPages = createPages<"Dependency">({
  kind: "Dependency",
  title: "Dependencies",
  subtitle: "What is not checked, or not told of, while something else is broken",
  empty:
    "With one, a broken database is told once, and not by each of the shops that need it. Parents of hosts are set on the hosts.",
  columns: [
    {
      key: "dependent",
      label: "Depends",
      narrow: "full",
      render: ({ dependent }) => <span className="clip">{serviceSelectorText(dependent)}</span>,
    },
    {
      key: "masters",
      label: "On",
      width: "26%",
      narrow: "full",
      render: ({ masters }) => <span className="clip">{masters.map(masterText).join(", ")}</span>,
    },
  ],
  defaults: () => ({
    dependent: {},
    masters: [{ host: null, service: null }],
    notificationFailureStates: ["CRITICAL", "UNKNOWN", "DOWN", "UNREACHABLE"],
  }),
  Inputs: DependencyInputs,
  facts: (dependency) => [
    ["Depends", serviceSelectorText(dependency.dependent)],
    ["On", dependency.masters.map(masterText).join(", ")],
    ["Not checked while it is", dependency.executionFailureStates.join(", ") || "checked all the same"],
    ["Nobody is told while it is", dependency.notificationFailureStates.join(", ") || "told all the same"],
    ["Masters' own dependencies", dependency.isTransitive ? "count too" : "do not count"],
    ["In the time period", dependency.period ?? "always"],
  ],
  Panels: ({ record }) => (
    <Panel title="What depends now">
      <SelectorCoverage selector={record.dependent} />
    </Panel>
  ),
});
