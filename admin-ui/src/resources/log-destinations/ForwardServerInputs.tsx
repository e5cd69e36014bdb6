import { NumberInput, TextInput } from "react-admin";
import { OptionalPart } from "../../form/OptionalPart.tsx";
import { SecretInput } from "../../form/SecretInput.tsx";

/** A server that speaks Forward; its fields stand below `path`, which ends in a dot when it is not empty. */
export function ForwardServerInputs({ path = "" }: { readonly path?: string }) {
  return (
    <>
      <div className="form-grid">
        <TextInput source={`${path}host`} label="Host" isRequired helperText="name or address, as agents reach it" />
        <NumberInput
          source={`${path}port`}
          label="Port"
          min={1}
          max={65_535}
          defaultValue={24_224}
          helperText={false}
        />
      </div>
      <OptionalPart source={`${path}tls`} label="TLS" fresh={() => ({ ca: null, serverName: null })}>
        <TextInput
          source={`${path}tls.ca`}
          label="Certificate authority (PEM)"
          multiline
          helperText="to trust instead of the machine's own; empty: the machine's own"
        />
        <TextInput
          source={`${path}tls.serverName`}
          label="Name in the certificate"
          helperText="empty: the host as above"
        />
      </OptionalPart>
      <SecretInput source={`${path}secret`} label="Shared key" helperText="Empty: none" />
      <div className="form-grid">
        <TextInput source={`${path}username`} label="User" helperText="empty: none" />
        <SecretInput source={`${path}password`} label="Password" />
      </div>
    </>
  );
}
