import { BooleanInput, NumberInput, SelectInput, TextInput } from "react-admin";
import { SecretInput } from "./SecretInput.tsx";

const methods = [
  { id: 0, name: "0: none" },
  { id: 1, name: "1: XOR" },
  { id: 3, name: "3: 3DES" },
  { id: 14, name: "14: AES-256" },
  { id: 16, name: "16: Rijndael-256" },
];

/** Where a ws-arbiter listens; its fields stand below `path`. */
export function WsArbiterInputs({ path }: { path: string }) {
  return (
    <>
      <TextInput
        source={`${path}.url`}
        label="Address"
        isRequired
        helperText="http://shinken.example.org:7760; results are posted to /push_check_result there"
      />
      <div className="form-grid">
        <TextInput source={`${path}.username`} label="User" helperText="anonymous: without a password" />
        <SecretInput source={`${path}.password`} label="Password" />
      </div>
    </>
  );
}

/** Where an nsca daemon listens. */
export function NscaInputs({ path }: { path: string }) {
  return (
    <>
      <div className="form-grid">
        <TextInput source={`${path}.host`} label="Host" isRequired helperText="Name or address" />
        <NumberInput source={`${path}.port`} label="Port" min={1} max={65_535} helperText="5667 when empty" />
        <SelectInput
          source={`${path}.method`}
          label="Encryption"
          choices={methods}
          defaultValue={14}
          helperText="As the daemon's decryption_method"
        />
      </div>
      <SecretInput source={`${path}.password`} label="Password" helperText="As in the daemon's configuration" />
      <BooleanInput
        source={`${path}.isOnePerConnection`}
        label="One result a connection, for Shinken's nsca module"
        helperText={false}
      />
    </>
  );
}
