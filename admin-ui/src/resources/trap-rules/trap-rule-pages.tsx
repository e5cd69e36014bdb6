import { ServiceState } from "@mycloud/protocol/state";
import { BooleanInput, SelectInput, TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { hostSelectorText } from "../../selector/selector-text.ts";

const templateHelp = "$1: the first varbind's value; $(1.3.6.1.2.1.2.2.1.1): that of an object; $(trapOid), $(host)";

function TrapRuleInputs() {
  return (
    <>
      <fieldset>
        <legend>Which traps</legend>
        <SelectorInput source="selector" hasServices={false} />
        <SelectorPreviewBox source="selector" />
        <TextInput
          source="trapOid"
          label="Trap"
          isRequired
          className="mono"
          helperText="its OID, as log records of unknown traps show it; 1.3.6.1.4.1.9.* for all below"
        />
        <RowsInput
          source="conditions"
          noun="condition"
          fresh={() => ({ oid: "", equals: null, matches: null })}
          empty="Whatever it carries. Conditions say which values it has to have."
        >
          {(path) => (
            <div className="form-grid">
              <TextInput
                source={`${path}.oid`}
                label="Object"
                isRequired
                className="mono"
                helperText="without instance"
              />
              <TextInput source={`${path}.equals`} label="Equals" helperText="either this" />
              <TextInput source={`${path}.matches`} label="Matches" helperText="or this, with * and ?" />
            </div>
          )}
        </RowsInput>
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
      <fieldset>
        <legend>What it says</legend>
        <div className="form-grid">
          <SelectInput
            source="state"
            label="State"
            choices={ServiceState.options.map((id) => ({ id, name: id }))}
            isRequired
            helperText="OK clears what another rule raised on the same service"
          />
          <TextInput
            source="serviceName"
            label="Service"
            isRequired
            helperText="made where the host has none of that name"
          />
        </div>
        <TextInput source="output" label="Output" helperText={templateHelp} />
      </fieldset>
    </>
  );
}

export const trapRulePages = createPages<"TrapRule">({
  kind: "TrapRule",
  title: "Trap rules",
  subtitle: "What SNMP traps and informs of devices say about their services",
  empty:
    "Traps that come are log records, whatever they are. With a trap rule, some of them are results of a service as well: a problem when a link goes down, none any more when it is up.",
  firsts: [
    {
      text: "Link down",
      record: {
        name: "link down",
        selector: { labels: { device: "*" } },
        trapOid: "1.3.6.1.6.3.1.1.5.3",
        state: "CRITICAL",
        serviceName: "link $(1.3.6.1.2.1.2.2.1.1)",
        output: "link of interface $(1.3.6.1.2.1.2.2.1.1) is down",
      },
    },
    {
      text: "Link up, which clears it",
      record: {
        name: "link up",
        selector: { labels: { device: "*" } },
        trapOid: "1.3.6.1.6.3.1.1.5.4",
        state: "OK",
        serviceName: "link $(1.3.6.1.2.1.2.2.1.1)",
        output: "link of interface $(1.3.6.1.2.1.2.2.1.1) is up",
      },
    },
  ],
  columns: [
    {
      key: "trap",
      label: "Trap",
      narrow: "full",
      render: ({ trapOid }) => <code className="mono clip">{trapOid}</code>,
    },
    {
      key: "says",
      label: "Says",
      narrow: "full",
      render: ({ state, serviceName }) => (
        <span className="clip">
          {state}: {serviceName}
        </span>
      ),
    },
    {
      key: "hosts",
      label: "Hosts",
      width: "20%",
      narrow: "full",
      render: ({ selector }) => <span className="clip">{hostSelectorText(selector)}</span>,
    },
  ],
  defaults: () => ({ selector: { labels: { device: "*" } }, state: "CRITICAL" }),
  nameHelp: "Unique; where several say something about one service, the one whose name comes first counts",
  Inputs: TrapRuleInputs,
  facts: (rule) => [
    ["Hosts", hostSelectorText(rule.selector)],
    ["Trap", rule.trapOid],
    ["Conditions", rule.conditions.map(conditionText).join(", ") || null],
    ["State", rule.state],
    ["Service", rule.serviceName],
    ["Output", rule.output],
  ],
  Panels: ({ record }) => (
    <Panel title="Which hosts, now">
      <SelectorCoverage selector={record.selector} />
    </Panel>
  ),
});

function conditionText({
  oid,
  equals,
  matches,
}: {
  readonly oid: string;
  readonly equals: string | null;
  readonly matches: string | null;
}): string {
  return equals === null ? `${oid} ~ ${matches}` : `${oid} = ${equals}`;
}
