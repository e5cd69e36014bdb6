import { SnmpAuthProtocol, SnmpPrivProtocol } from "@mycloud/protocol/snmp";
import { BooleanInput, FormDataConsumer, NumberInput, SelectInput, TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { SecretInput } from "../../form/SecretInput.tsx";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { hostSelectorText } from "../../selector/selector-text.ts";
import { securityText } from "./security-text.ts";

const versions = [
  { id: "3", name: "3: users with keys" },
  { id: "2c", name: "2c: a community in plain text" },
  { id: "1", name: "1: old devices" },
];

function SnmpCredentialInputs() {
  return (
    <>
      <fieldset>
        <legend>Which devices</legend>
        <SelectorInput source="selector" hasServices={false} />
        <SelectorPreviewBox source="selector" />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
      <fieldset>
        <legend>How they are asked</legend>
        <div className="form-grid">
          <SelectInput source="version" label="Version" choices={versions} isRequired helperText={false} />
          <NumberInput source="port" label="Port" min={1} max={65_535} helperText={false} />
        </div>
        <FormDataConsumer<{ readonly version?: string }>>
          {({ formData }) => (formData.version === "3" ? <UserInputs /> : <CommunityInput />)}
        </FormDataConsumer>
      </fieldset>
    </>
  );
}

function CommunityInput() {
  return <SecretInput source="community" label="Community" helperText="One that may only read" />;
}

function UserInputs() {
  return (
    <>
      <TextInput source="username" label="User" isRequired helperText="one that may only read" />
      <div className="form-grid">
        <SelectInput
          source="authProtocol"
          label="Signed by"
          choices={SnmpAuthProtocol.options.map((id) => ({ id, name: id }))}
          emptyText="not signed"
          helperText="SHA-256 where the device can"
        />
        <SecretInput source="authPassword" label="Key for signing" />
      </div>
      <div className="form-grid">
        <SelectInput
          source="privProtocol"
          label="Encrypted by"
          choices={SnmpPrivProtocol.options.map((id) => ({ id, name: id }))}
          emptyText="not encrypted"
          helperText="AES; AES-256-C is Cisco's way of 256 bits"
        />
        <SecretInput source="privPassword" label="Key for encryption" />
      </div>
      <TextInput source="context" label="Context" helperText="a part of the device by its name; mostly empty" />
    </>
  );
}

export const snmpCredentialPages = createPages<"SnmpCredential">({
  kind: "SnmpCredential",
  title: "SNMP credentials",
  subtitle: "How switches, UPSs, printers and other devices without an agent are asked",
  empty:
    "A device is watched by a host with an agent that it names as its prober. That agent, and nobody else, gets the credential whose hosts the device is among.",
  firsts: [
    {
      text: "Devices by version 3",
      record: {
        name: "devices",
        selector: { labels: { device: "*" } },
        version: "3",
        username: "monitor",
        authProtocol: "SHA-256",
        privProtocol: "AES",
      },
    },
    {
      text: "Devices by community",
      record: { name: "devices", selector: { labels: { device: "*" } }, version: "2c" },
    },
  ],
  columns: [
    {
      key: "security",
      label: "Asks by",
      narrow: "full",
      render: (credential) => <span className="clip">{securityText(credential)}</span>,
    },
    {
      key: "hosts",
      label: "Devices",
      width: "30%",
      narrow: "full",
      render: ({ selector }) => <span className="clip">{hostSelectorText(selector)}</span>,
    },
  ],
  defaults: () => ({ selector: { labels: { device: "*" } }, version: "3" }),
  nameHelp: "Unique; where several match a device, the one whose name comes first counts",
  Inputs: SnmpCredentialInputs,
  facts: (credential) => [
    ["Devices", hostSelectorText(credential.selector)],
    ["Asks by", securityText(credential)],
    ["Port", String(credential.port)],
    ["Context", credential.context === "" ? null : credential.context],
  ],
  Panels: ({ record }) => (
    <Panel title="Which hosts, now">
      <SelectorCoverage selector={record.selector} />
    </Panel>
  ),
});
