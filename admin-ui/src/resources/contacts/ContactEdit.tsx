import { BooleanInput, email, required, TextInput } from "react-admin";
import { CreatePage, EditPage } from "../../form/FormPage.tsx";
import { pickFields } from "../../form/pick-fields.ts";

// All fields of a contact: what the form does not show is written back as it was.
const fields = [
  "name",
  "email",
  "userId",
  "customer",
  "isEnabled",
  "period",
  "states",
  "minimumBusinessImpact",
  "pager",
  "variables",
  "channels",
  "stormLimitPerMinute",
];

function ContactInputs() {
  return (
    <fieldset>
      <legend>Contact</legend>
      <TextInput source="name" validate={required()} helperText={false} />
      <TextInput
        source="email"
        label="E-mail"
        validate={email()}
        helperText="Empty for somebody reached by other channels only"
      />
      <TextInput source="customer" helperText="Told of this customer's hosts only; empty: of all" />
      <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
    </fieldset>
  );
}

export function ContactEdit() {
  return (
    <EditPage title={(contact) => String(contact.name)} transform={(values) => pickFields(values, fields)}>
      <ContactInputs />
    </EditPage>
  );
}

export function ContactCreate() {
  return (
    <CreatePage title="New contact" defaults={{ isEnabled: true }} transform={(values) => pickFields(values, fields)}>
      <ContactInputs />
    </CreatePage>
  );
}
