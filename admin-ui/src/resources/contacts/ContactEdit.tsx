import { type Contact, ContactInput } from "@mycloud/protocol/contact";
import { defaultsOf } from "@mycloud/protocol/form-schema";
import { BooleanInput, NumberInput, ReferenceInput, SelectInput, TextInput, useRecordContext } from "react-admin";
import { AuditLink } from "../../definition/AuditLink.tsx";
import { DeleteDefinitionButton } from "../../definition/DeleteDefinitionButton.tsx";
import { RecipientChangesBox } from "../../definition/RecipientChangesBox.tsx";
import { UsedByPanel } from "../../definition/UsedByPanel.tsx";
import { CreatePage, EditPage } from "../../form/FormPage.tsx";
import { ImpactInput } from "../../form/ImpactInput.tsx";
import { NameInput } from "../../form/NamesInput.tsx";
import { VariablesInput } from "../../form/VariablesInput.tsx";
import { useMayAccess } from "../../providers/hooks.ts";
import { ChannelsInput } from "./ChannelsInput.tsx";
import { WantedStatesInput } from "./WantedStatesInput.tsx";

function ContactInputs() {
  const maySeeUsers = useMayAccess("list", "users");
  return (
    <>
      <fieldset>
        <legend>Contact</legend>
        <div className="form-grid">
          <TextInput source="name" isRequired helperText={false} />
          <TextInput source="alias" label="Called" helperText="What people call them; empty: the name" />
          <TextInput source="email" label="E-mail" helperText="Empty for somebody reached by other channels only" />
          <TextInput source="customer" helperText="Told of this customer's hosts only; empty: of all" />
          <TextInput source="pager" helperText="Number or address, for commands ($CONTACTPAGER$)" />
        </div>
        {maySeeUsers ? (
          <ReferenceInput source="userId" reference="users" perPage={200} sort={{ field: "name", order: "ASC" }}>
            <SelectInput
              label="Console user"
              optionText="name"
              helperText="Who this is, where it is somebody who signs in"
            />
          </ReferenceInput>
        ) : null}
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
      <fieldset>
        <legend>How</legend>
        <ChannelsInput />
        <NumberInput
          source="stormLimitPerMinute"
          label="At most so many messages a minute"
          min={1}
          max={10_000}
          helperText="What is more becomes one message that says how many they were"
        />
      </fieldset>
      <fieldset>
        <legend>When, and of what</legend>
        <NameInput
          source="period"
          label="Wants to be told in"
          reference="time-periods"
          helperText="A time period; empty: always. What is still bad when it begins is told then"
        />
        <WantedStatesInput />
        <ImpactInput source="minimumBusinessImpact" label="Of what has a business impact of at least" />
        <VariablesInput source="variables" helperText="For commands, as $_CONTACTNAME$" />
      </fieldset>
      <RecipientChangesBox kind="Contact" />
    </>
  );
}

function ContactAside() {
  const contact = useRecordContext<Contact>();
  const mayDelete = useMayAccess("delete", "contacts");
  const maySeeUsers = useMayAccess("list", "references");
  if (!contact) return null;
  return (
    <div className="stack">
      {maySeeUsers ? <UsedByPanel kind="Contact" name={contact.name} /> : null}
      <div className="row">
        <AuditLink kind="Contact" name={contact.name} />
        {mayDelete ? <DeleteDefinitionButton kind="Contact" id={contact.id} name={contact.name} /> : null}
      </div>
    </div>
  );
}

export function ContactEdit() {
  return (
    <EditPage
      title={(contact) => String(contact.name)}
      schema={ContactInput}
      canDelete={false}
      aside={<ContactAside />}
    >
      <ContactInputs />
    </EditPage>
  );
}

export function ContactCreate() {
  return (
    <CreatePage title="New contact" defaults={defaultsOf(ContactInput)} schema={ContactInput}>
      <ContactInputs />
    </CreatePage>
  );
}
