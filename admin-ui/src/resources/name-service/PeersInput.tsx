import { NumberInput, TextInput } from "react-admin";
import { NameInput } from "../../form/NamesInput.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";

/** Other name servers: primaries that a zone is fetched from, secondaries that are told of changes. */
export function PeersInput({
  source,
  noun,
  empty,
}: {
  readonly source: string;
  readonly noun: string;
  readonly empty: string;
}) {
  return (
    <RowsInput source={source} noun={noun} empty={empty} fresh={() => ({ address: "", port: 53, key: null })}>
      {(path) => (
        <div className="form-grid">
          <TextInput source={`${path}.address`} label="Address" helperText={false} />
          <NumberInput source={`${path}.port`} label="Port" min={1} max={65_535} helperText={false} />
          <NameInput
            source={`${path}.key`}
            label="Signed with the key"
            reference="tsig-keys"
            helperText="empty: unsigned"
          />
        </div>
      )}
    </RowsInput>
  );
}
