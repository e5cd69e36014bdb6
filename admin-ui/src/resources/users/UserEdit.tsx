import { BooleanInput, email, minLength, PasswordInput, required, SelectInput, TextInput } from "react-admin";
import { CreatePage, EditPage } from "../../form/FormPage.tsx";
import { pickFields } from "../../form/pick-fields.ts";

const fields = ["email", "name", "role", "customer", "isDisabled"];

const roles = [
  { id: "viewer", name: "viewer: reads" },
  { id: "operator", name: "operator: also acts and defines" },
  { id: "admin", name: "admin: also manages users, tokens and audit" },
];

function UserInputs({ isNew }: { isNew: boolean }) {
  return (
    <fieldset>
      <legend>User</legend>
      <TextInput source="name" validate={required()} helperText={false} />
      <TextInput source="email" label="E-mail" validate={[required(), email()]} helperText={false} />
      <SelectInput source="role" choices={roles} validate={required()} helperText={false} />
      <TextInput source="customer" helperText="Sees this customer's hosts only; empty: all hosts" />
      <PasswordInput
        source="password"
        autoComplete="new-password"
        validate={isNew ? [required(), minLength(12)] : [minLength(12)]}
        helperText={isNew ? "At least 12 characters" : "At least 12 characters; empty: unchanged"}
      />
      <BooleanInput source="isDisabled" label="Disabled: cannot sign in" helperText={false} />
    </fieldset>
  );
}

/** A password is sent only when one was typed. */
function toInput(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const input = pickFields(values, fields);
  return typeof values.password === "string" && values.password !== ""
    ? { ...input, password: values.password }
    : input;
}

export function UserEdit() {
  return (
    <EditPage title={(user) => String(user.name)} transform={toInput}>
      <UserInputs isNew={false} />
    </EditPage>
  );
}

export function UserCreate() {
  return (
    <CreatePage title="New user" defaults={{ role: "viewer", isDisabled: false }} transform={toInput}>
      <UserInputs isNew />
    </CreatePage>
  );
}
