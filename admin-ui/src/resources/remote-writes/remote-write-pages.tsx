import { BooleanInput, SelectInput, TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { SecretInput } from "../../form/SecretInput.tsx";
import { LabelsInput } from "../hosts/HostInputs.tsx";
import { RemoteWriteQueuePanel, RemoteWriteQueueText } from "./RemoteWriteQueuePanel.tsx";
import { signInText, whatTexts } from "./remote-write-text.ts";

function RemoteWriteInputs() {
  return (
    <>
      <fieldset>
        <legend>Where to</legend>
        <TextInput
          source="url"
          label="Address"
          isRequired
          helperText="http://metrics.example.org:8428/api/v1/write; a private network has to be named in MYCLOUD_OUTGOING_NETWORKS"
        />
        <SecretInput source="token" label="Bearer token" helperText="Empty: none" />
        <div className="form-grid">
          <TextInput source="username" label="User" helperText="for basic authentication; empty: none" />
          <SecretInput source="password" label="Password" />
        </div>
        <TextInput
          source="ca"
          label="Certificate authority (PEM)"
          multiline
          helperText="to trust instead of the machine's own; empty: the machine's own"
        />
      </fieldset>
      <fieldset>
        <legend>What</legend>
        <SelectInput
          source="what"
          label="Samples"
          choices={[
            { id: "both", name: "What agents push, and perfdata of results" },
            { id: "pushed", name: "What agents push" },
            { id: "perfdata", name: "Perfdata of results" },
          ]}
          helperText="Perfdata is what charts can be read back from: --metrics-url"
        />
        <LabelsInput
          source="externalLabels"
          label="External labels"
          placeholder="site=north"
          helperText="for series that have none of that name"
        />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
    </>
  );
}

export const remoteWritePages = createPages<"RemoteWrite">({
  kind: "RemoteWrite",
  title: "Remote writes",
  subtitle:
    "Stores that get samples as they come: VictoriaMetrics, Mimir, Prometheus; with a queue that survives restarts",
  empty:
    "With a remote write, what agents push and what checks measure is kept in a metrics store of yours, without a gap.",
  columns: [
    {
      key: "url",
      label: "To",
      narrow: "full",
      render: ({ url }) => (
        <code className="mono clip" title={url}>
          {url}
        </code>
      ),
    },
    {
      key: "what",
      label: "What",
      width: "26%",
      narrow: "full",
      render: ({ what }) => <span className="clip">{whatTexts[what]}</span>,
    },
    { key: "queue", label: "Queue", width: 150, render: ({ id }) => <RemoteWriteQueueText id={id} /> },
  ],
  defaults: () => ({ what: "both", externalLabels: {} }),
  Inputs: RemoteWriteInputs,
  facts: (write) => [
    [
      "To",
      <code key="url" className="mono wrap">
        {write.url}
      </code>,
    ],
    ["Signs in by", signInText(write) ?? "nothing"],
    ["What", whatTexts[write.what]],
    [
      "External labels",
      Object.entries(write.externalLabels)
        .map(([name, value]) => `${name}=${value}`)
        .join(", ") || null,
    ],
  ],
  Panels: ({ record }) => <RemoteWriteQueuePanel id={record.id} />,
});
