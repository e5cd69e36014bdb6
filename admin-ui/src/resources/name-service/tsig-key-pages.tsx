import { TsigAlgorithm } from "@mycloud/protocol/name-server";
import { SelectInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { SecretInput } from "../../form/SecretInput.tsx";

const algorithms = TsigAlgorithm.options.map((id) => ({ id, name: id }));

function TsigKeyInputs() {
  return (
    <fieldset>
      <legend>Key</legend>
      <SelectInput source="algorithm" label="Algorithm" choices={algorithms} isRequired helperText={false} />
      <SecretInput source="secret" label="Secret, base64" helperText="Never shown again; name servers get it" />
      <p className="hint">
        <code>mycloud dns key create NAME</code> makes one with a new secret, and shows it once as BIND and nsupdate
        read it.
      </p>
    </fieldset>
  );
}

export const tsigKeyPages = createPages<"TsigKey">({
  kind: "TsigKey",
  title: "TSIG keys",
  subtitle: "Shared secrets that transfers, NOTIFY and updates are signed with (RFC 8945)",
  empty: "Secondaries and programs that update records prove with a key that they may.",
  nameHelp: "A domain name in small letters: the other side has the same",
  columns: [{ key: "algorithm", label: "Algorithm", width: 160, render: ({ algorithm }) => algorithm }],
  Inputs: TsigKeyInputs,
  facts: ({ algorithm }) => [["Algorithm", algorithm]],
});
