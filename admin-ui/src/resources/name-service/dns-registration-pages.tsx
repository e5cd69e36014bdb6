import { BooleanInput, NumberInput, TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { DurationInput } from "../../form/DurationInput.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { WordsInput } from "../../form/WordsInput.tsx";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { hostSelectorText } from "../../selector/selector-text.ts";
import { formatDuration } from "../../time/duration.ts";
import { RegistrationStanding } from "./RegistrationStanding.tsx";

const freshRole = () => ({
  ...{ selector: {}, service: "_http", protocol: "_tcp", name: "@" },
  ...{ port: 80, priority: 0, weight: 0 },
});

function DnsRegistrationInputs() {
  return (
    <>
      <fieldset>
        <legend>Which hosts</legend>
        <SelectorInput source="selector" hasServices={false} />
        <SelectorPreviewBox source="selector" />
      </fieldset>
      <fieldset>
        <legend>Their records</legend>
        <TextInput source="zone" label="Zone" placeholder="example.org" helperText="with a view: example.org@inside" />
        <TextInput
          source="nameTemplate"
          label="Name"
          helperText="$name: the host's name without the zone; $label: its first label"
        />
        <WordsInput
          source="prefixes"
          label="Addresses within"
          placeholder="10.0.0.0/8, 2001:db8::/32"
          helperText="of those that agents tell; never loopback or link-local ones"
        />
        <WordsInput
          source="exceptPrefixes"
          label="But not within"
          placeholder="172.17.0.0/16"
          helperText="networks that every host has alike, as those of containers"
        />
        <NumberInput source="ttlSeconds" label="TTL (seconds)" min={0} helperText={false} />
        <TextInput
          source="healthService"
          label="Follow the service"
          parse={(text) => text || null}
          helperText="of each host: its records leave while it is HARD other than OK; empty: none"
        />
        <DurationInput
          source="removeAfterSeconds"
          label="Keep addresses that are gone"
          min={0}
          max={2_592_000}
          helperText="how long a record stays after its host lost the address"
        />
        <BooleanInput source="makesPtr" label="PTR records in the reverse zones that are here" helperText={false} />
      </fieldset>
      <fieldset>
        <legend>Roles (SRV)</legend>
        <RowsInput source="roles" noun="role" fresh={freshRole}>
          {(path) => (
            <>
              <SelectorInput source={`${path}.selector`} hasServices={false} />
              <div className="form-grid">
                <TextInput source={`${path}.service`} label="Service" helperText={false} />
                <TextInput source={`${path}.protocol`} label="Protocol" helperText={false} />
                <NumberInput source={`${path}.port`} label="Port" min={0} max={65_535} helperText={false} />
                <NumberInput source={`${path}.priority`} label="Priority" min={0} max={65_535} helperText={false} />
                <NumberInput source={`${path}.weight`} label="Weight" min={0} max={65_535} helperText={false} />
              </div>
            </>
          )}
        </RowsInput>
      </fieldset>
      <fieldset>
        <legend>Policy</legend>
        <WordsInput
          source="customers"
          label="Customers"
          placeholder="acme"
          helperText="whose hosts may be in the zone although it is not theirs"
        />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
    </>
  );
}

export const dnsRegistrationPages = createPages<"DnsRegistration">({
  kind: "DnsRegistration",
  title: "DNS registrations",
  subtitle: "Hosts that are in a zone by themselves, with the addresses their agents tell",
  empty: "With a registration, hosts need no records written by hand: A, AAAA, SRV and PTR follow what agents tell.",
  firsts: [
    {
      text: "Machines inside",
      record: { name: "machines", zone: "", prefixes: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"] },
    },
  ],
  columns: [
    { key: "zone", label: "Zone", render: ({ zone }) => <span className="clip">{zone}</span> },
    {
      key: "hosts",
      label: "Of",
      narrow: "full",
      render: ({ selector }) => <span className="clip">{hostSelectorText(selector)}</span>,
    },
    {
      key: "prefixes",
      label: "Addresses",
      render: ({ prefixes }) => <span className="clip">{prefixes.join(", ")}</span>,
    },
  ],
  Inputs: DnsRegistrationInputs,
  facts: (registration) => [
    ["Hosts", hostSelectorText(registration.selector)],
    ["Zone", registration.zone],
    ["Name", registration.nameTemplate],
    ["Addresses within", registration.prefixes.join(", ")],
    ["But not within", registration.exceptPrefixes.join(", ") || null],
    ["TTL", formatDuration(registration.ttlSeconds)],
    ["Follows", registration.healthService],
    ["Keeps what is gone", formatDuration(registration.removeAfterSeconds)],
    ["PTR records", registration.makesPtr ? "yes" : "no"],
    ["Roles", registration.roles.map(({ service, protocol, port }) => `${service}.${protocol}:${port}`).join(", ")],
    ["Customers", registration.customers.join(", ") || null],
  ],
  Panels: ({ record }) => (
    <>
      <RegistrationStanding name={record.name} />
      <Panel title="Which hosts, now">
        <SelectorCoverage selector={record.selector} />
      </Panel>
    </>
  ),
});
