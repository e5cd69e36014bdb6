import { BooleanInput, TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";

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
    { key: "default", label: "Default", width: 96, render: ({ isDefault }) => (isDefault ? "yes" : "") },
  ],
  Inputs: StorageServerInputs,
  facts: (server) => [
    ["Address", server.url],
    ["Certificate authority", server.certificateAuthority === null ? "the system's" : "its own"],
    ["Default", server.isDefault ? "yes" : "no"],
  ],
});
