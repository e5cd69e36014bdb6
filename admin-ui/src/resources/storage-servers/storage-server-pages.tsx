import { BooleanInput, TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { DurationInput } from "../../form/DurationInput.tsx";
import { objectiveText } from "../backup-policies/policy-text.ts";
import { StorageSpaceCell, StorageSpacePanel } from "./StorageSpace.tsx";

function StorageServerInputs() {
  return (
    <fieldset>
      <legend>Where it is</legend>
      <TextInput
        source="url"
        label="Address"
        isRequired
        helperText="as agents reach it: https://backup.example.org:8081; its --token-keys has what GET /api/v1/storage-keys answers here"
      />
      <TextInput
        source="certificateAuthority"
        label="Certificate authority (PEM)"
        multiline
        helperText="to trust for https instead of the system's; empty: the system's"
      />
      <BooleanInput source="isDefault" label="Where policies go that name no server" helperText={false} />
      <TextInput
        source="host"
        label="Host that it runs on"
        helperText="by name: gets the services that watch it; empty: its space is not watched"
      />
      <DurationInput
        source="otherRpoSeconds"
        label="Repositories that no policy knows: how old their newest snapshot may be"
        min={60}
        max={31_536_000}
        helperText="empty: they are not watched"
      />
    </fieldset>
  );
}

export const storageServerPages = createPages<"StorageServer">({
  kind: "StorageServer",
  title: "Storage servers",
  subtitle: "Where repositories are",
  empty: "Without a storage server nothing can be backed up.",
  columns: [
    { key: "url", label: "Address", narrow: "full", render: ({ url }) => <code className="mono clip">{url}</code> },
    {
      key: "space",
      label: "Space",
      width: "36%",
      narrow: "full",
      render: (server) => <StorageSpaceCell server={server} />,
    },
    { key: "default", label: "Default", width: 96, render: ({ isDefault }) => (isDefault ? "yes" : "") },
  ],
  Inputs: StorageServerInputs,
  facts: (server) => [
    ["Address", server.url],
    ["Certificate authority", server.certificateAuthority === null ? "the system's" : "its own"],
    ["Default", server.isDefault ? "yes" : "no"],
    ["Runs on", server.host ?? "not said"],
    [
      "Others' repositories",
      server.otherRpoSeconds === null
        ? "not watched"
        : `the newest snapshot at most ${objectiveText(server.otherRpoSeconds)} old`,
    ],
  ],
  Panels: StorageSpacePanel,
});
