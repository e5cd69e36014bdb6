import type { Stored } from "@mycloud/protocol/definition";
import { BooleanInput, NumberInput, SelectInput, TextInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { createPages } from "../../definition/create-pages.tsx";
import { queryFault } from "../../logs/query-fault.ts";
import { ForwardServerInputs } from "../log-destinations/ForwardServerInputs.tsx";
import { forwardServerText, signInText } from "../log-destinations/forward-server-text.ts";

const transports = [
  { id: "tcp", name: "TCP" },
  { id: "tls", name: "TCP with TLS" },
  { id: "udp", name: "UDP" },
];

function TargetInputs() {
  const type: unknown = useWatch({ name: "target.type" });
  const transport: unknown = useWatch({ name: "target.transport" });
  return (
    <fieldset>
      <legend>Where to</legend>
      <SelectInput
        source="target.type"
        label="By"
        choices={[
          { id: "syslog", name: "syslog (rsyslog, syslog-ng, an archive)" },
          { id: "forward", name: "Forward (fluentd, Fluent Bit)" },
        ]}
        helperText={false}
      />
      {type === "forward" ? <ForwardServerInputs path="target." /> : null}
      {type === "syslog" ? (
        <>
          <div className="form-grid">
            <SelectInput
              source="target.transport"
              label="Over"
              choices={transports}
              defaultValue="tcp"
              helperText={false}
            />
            <TextInput source="target.host" label="Host" isRequired helperText="Name or address" />
            <NumberInput
              source="target.port"
              label="Port"
              min={1}
              max={65_535}
              defaultValue={514}
              helperText="with TLS usually 6514"
            />
          </div>
          {transport === "tls" ? (
            <TextInput
              source="target.ca"
              label="Certificate authority (PEM)"
              multiline
              helperText="to trust instead of the machine's own; empty: the machine's own"
            />
          ) : null}
        </>
      ) : null}
    </fieldset>
  );
}

function QueryInput() {
  const query: unknown = useWatch({ name: "query" });
  const fault = typeof query === "string" ? queryFault(query) : null;
  return (
    <TextInput
      source="query"
      label="Records that match"
      className="mono"
      error={fault !== null}
      helperText={fault ?? "as one searches logs: severity>=warning host:web*; empty: all of them"}
    />
  );
}

function targetText({ target }: Stored<"LogForward">): string {
  if (target.type === "forward") return `Forward ${forwardServerText(target)}`;
  return `syslog ${target.host}:${target.port}, ${target.transport.toUpperCase()}`;
}

export const logForwardPages = createPages<"LogForward">({
  kind: "LogForward",
  title: "Log forwards",
  subtitle: "Records sent on to an outside system as they come, with a queue that survives restarts",
  empty: "With a log forward, an archive or a security system gets the records that match a query, as they come.",
  columns: [
    {
      key: "target",
      label: "To",
      narrow: "full",
      render: (forward) => <span className="clip">{targetText(forward)}</span>,
    },
    {
      key: "query",
      label: "Records",
      width: "30%",
      narrow: "full",
      render: ({ query }) =>
        query === "" ? <span className="quiet">all of them</span> : <code className="mono clip">{query}</code>,
    },
  ],
  defaults: () => ({ target: { type: "syslog" } }),
  Inputs: () => (
    <>
      <TargetInputs />
      <fieldset>
        <legend>What</legend>
        <QueryInput />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
    </>
  ),
  facts: (forward) => [
    ["To", targetText(forward)],
    ["Signs in by", forward.target.type === "forward" ? (signInText(forward.target) ?? "nothing") : null],
    ["Records", forward.query === "" ? "all of them" : forward.query],
  ],
});
