import { ZoneInput, ZoneSettings } from "@mycloud/protocol/dns-zone";
import { FormDataConsumer, NumberInput, required, SelectInput, TextInput } from "react-admin";
import { CreatePage, EditPage } from "../../form/FormPage.tsx";
import { NameInput } from "../../form/NamesInput.tsx";
import { OptionalPart } from "../../form/OptionalPart.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { WordsInput } from "../../form/WordsInput.tsx";
import { AccessRulesInput } from "../name-service/AccessRulesInput.tsx";
import { PeersInput } from "../name-service/PeersInput.tsx";

const serialForms = [
  { id: "date", name: "by date: YYYYMMDDnn" },
  { id: "unix-time", name: "seconds since 1970" },
  { id: "increment", name: "one more each time" },
];
const matches = ["name", "subdomain", "wildcard", "self", "selfsub", "zonesub"].map((id) => ({ id, name: id }));

function PrimaryInputs() {
  return (
    <>
      <fieldset>
        <legend>Start of authority</legend>
        <div className="form-grid">
          <NumberInput source="defaultTtlSeconds" label="Default TTL, seconds" min={0} helperText={false} />
          <NumberInput
            source="authority.minimumSeconds"
            label="Negative TTL, seconds"
            min={0}
            helperText="how long “no such name” is remembered"
          />
          <SelectInput source="serialForm" label="Serial" choices={serialForms} isRequired helperText={false} />
          <TextInput
            source="authority.hostmaster"
            label="Hostmaster"
            parse={(text) => text || null}
            helperText="a mail address; empty: hostmaster at the zone"
          />
          <TextInput
            source="authority.primaryNameServer"
            label="Primary name server"
            parse={(text) => text || null}
            helperText="empty: the first of its NS records"
          />
        </div>
        <div className="form-grid">
          <NumberInput source="authority.refreshSeconds" label="Refresh" min={0} helperText={false} />
          <NumberInput source="authority.retrySeconds" label="Retry" min={0} helperText={false} />
          <NumberInput source="authority.expireSeconds" label="Expire" min={0} helperText={false} />
        </div>
      </fieldset>
      <fieldset>
        <legend>Updates (RFC 2136)</legend>
        <RowsInput
          source="updatePolicy"
          noun="grant"
          isOrdered
          empty="UPDATE is refused."
          fresh={() => ({ action: "grant", key: "", match: "zonesub", name: null, types: [] })}
        >
          {(path) => (
            <div className="form-grid">
              <SelectInput
                source={`${path}.action`}
                label="What"
                choices={[
                  { id: "grant", name: "grant" },
                  { id: "deny", name: "deny" },
                ]}
                isRequired
                helperText={false}
              />
              <NameInput source={`${path}.key`} label="Key" reference="tsig-keys" isRequired />
              <SelectInput
                source={`${path}.match`}
                label="Match"
                choices={matches}
                isRequired
                helperText="as BIND's update-policy"
              />
              <TextInput
                source={`${path}.name`}
                label="Name"
                parse={(text) => text || null}
                helperText="for name, subdomain, wildcard"
              />
              <WordsInput
                source={`${path}.types`}
                label="Types"
                placeholder="A, AAAA, TXT"
                helperText="empty: the usual ones"
              />
            </div>
          )}
        </RowsInput>
      </fieldset>
    </>
  );
}

function SharedInputs({ kind }: { readonly kind: string | undefined }) {
  return (
    <>
      {kind === "secondary" ? (
        <fieldset>
          <legend>Primaries</legend>
          <PeersInput source="primaries" noun="primary" empty="A secondary zone needs one." />
          <AccessRulesInput source="allowNotify" empty="NOTIFY is taken from its primaries alone." />
        </fieldset>
      ) : (
        <PrimaryInputs />
      )}
      <fieldset>
        <legend>Secondaries</legend>
        <PeersInput source="notify" noun="secondary" empty="Nobody is told of changes." />
        <p className="hint">Who may transfer the zone:</p>
        <AccessRulesInput source="allowTransfer" empty="Nobody." />
      </fieldset>
      <fieldset>
        <legend>Who</legend>
        <OptionalPart
          source="allowQuery"
          label="Only some may ask"
          fresh={() => [{ prefixes: ["127.0.0.0/8"], key: null }]}
        >
          <AccessRulesInput source="allowQuery" empty="Nobody." />
        </OptionalPart>
        <NameInput
          source="customer"
          label="Customer"
          reference="customers"
          helperText="whose people edit its records; empty: staff"
        />
        <TextInput source="comment" label="Comment" helperText={false} />
      </fieldset>
    </>
  );
}

/** What a zone says besides its records. */
export function ZoneEdit() {
  return (
    <EditPage title={(zone) => `Settings of ${String(zone.name)}`} schema={ZoneSettings} redirect="show">
      <FormDataConsumer<{ readonly kind?: string }>>
        {({ formData }) => <SharedInputs kind={formData.kind} />}
      </FormDataConsumer>
    </EditPage>
  );
}

export function ZoneCreate() {
  return (
    <CreatePage
      title="New zone"
      schema={ZoneInput}
      defaults={{ ...ZoneInput.parse({ name: "zone" }), name: "" }}
      redirect="show"
    >
      <fieldset>
        <legend>Zone</legend>
        <div className="form-grid">
          <TextInput
            source="name"
            label="Name"
            validate={required()}
            helperText="example.org, or 2.0.192.in-addr.arpa"
          />
          <SelectInput
            source="kind"
            label="Kind"
            choices={[
              { id: "primary", name: "primary: its records are edited here" },
              { id: "secondary", name: "secondary: fetched from elsewhere" },
            ]}
            isRequired
            helperText={false}
          />
          <NameInput source="view" label="View" reference="dns-views" helperText="empty: seen by everyone" />
        </div>
        <WordsInput
          source="nameServers"
          label="Name servers"
          placeholder="ns1.example.net."
          helperText="its NS records; empty: those of the settings"
        />
      </fieldset>
      <FormDataConsumer<{ readonly kind?: string }>>
        {({ formData }) => <SharedInputs kind={formData.kind} />}
      </FormDataConsumer>
    </CreatePage>
  );
}
