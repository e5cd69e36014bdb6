import { BooleanInput, NumberInput, required, TextInput } from "react-admin";
import { CreatePage, EditPage } from "../../form/FormPage.tsx";
import { pickFields } from "../../form/pick-fields.ts";

const changeable = ["title", "contactEmail", "quotaBytes", "isTotpRequired", "isSuspended"];

function CustomerInputs({ isNew }: { isNew: boolean }) {
  return (
    <fieldset>
      <legend>Customer</legend>
      <TextInput source="title" label="Name" validate={required()} helperText={false} />
      {isNew ? (
        <TextInput
          source="name"
          label="Short name"
          validate={required()}
          helperText="As hosts and users name it: small letters, digits, hyphens; it does not change"
        />
      ) : null}
      <TextInput source="contactEmail" label="Contact e-mail" type="email" parse={(text) => text || null} />
      <NumberInput source="quotaBytes" label="Space for backups, in bytes" helperText="Empty: as much as there is" />
      <BooleanInput source="isTotpRequired" label="Its people need a second step" helperText={false} />
      <BooleanInput
        source="isSuspended"
        label="Suspended: its people and tokens are refused; its hosts stay watched"
        helperText={false}
      />
    </fieldset>
  );
}

export function CustomerEdit() {
  return (
    <EditPage
      title={(customer) => String(customer.title)}
      transform={(values: Readonly<Record<string, unknown>>) => pickFields(values, changeable)}
    >
      <CustomerInputs isNew={false} />
    </EditPage>
  );
}

export function CustomerCreate() {
  return (
    <CreatePage
      title="New customer"
      defaults={{ contactEmail: null, quotaBytes: null, isTotpRequired: false, isSuspended: false }}
      transform={(values: Readonly<Record<string, unknown>>) => pickFields(values, [...changeable, "name"])}
    >
      <CustomerInputs isNew />
    </CreatePage>
  );
}
