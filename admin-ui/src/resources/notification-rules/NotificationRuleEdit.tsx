import {
  BooleanInput,
  CheckboxGroupInput,
  ReferenceArrayInput,
  required,
  SelectArrayInput,
  TextInput,
} from "react-admin";
import { CreatePage, EditPage } from "../../form/FormPage.tsx";
import { pickFields } from "../../form/pick-fields.ts";
import { SelectorInput } from "../../selector/SelectorInput.tsx";

// All fields of a rule: what the form does not show is written back as it was.
const fields = [
  "name",
  "selector",
  "states",
  "contactIds",
  "isEnabled",
  "contactGroups",
  "onCall",
  "period",
  "minimumBusinessImpact",
  "firstDelaySeconds",
  "repeatIntervalSeconds",
  "escalations",
  "groupBy",
  "groupWaitSeconds",
  "digest",
];

const states = ["DOWN", "UNREACHABLE", "CRITICAL", "UNKNOWN", "STALE", "WARNING", "RECOVERY", "FLAPPING", "DOWNTIME"];

function NotificationRuleInputs() {
  return (
    <>
      <fieldset>
        <legend>Who is told</legend>
        <TextInput source="name" validate={required()} helperText={false} />
        <ReferenceArrayInput
          source="contactIds"
          reference="contacts"
          perPage={200}
          sort={{ field: "name", order: "ASC" }}
        >
          <SelectArrayInput label="Contacts" optionText="name" helperText={false} />
        </ReferenceArrayInput>
      </fieldset>
      <fieldset>
        <legend>Of what</legend>
        <SelectorInput source="selector" hasServices />
      </fieldset>
      <fieldset>
        <legend>In which states</legend>
        <CheckboxGroupInput
          source="states"
          label={false}
          row
          choices={states.map((state) => ({ id: state, name: state }))}
          validate={required()}
          helperText="RECOVERY reaches whoever was told of the problem"
        />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
    </>
  );
}

export function NotificationRuleEdit() {
  return (
    <EditPage title={(rule) => String(rule.name)} transform={(values) => pickFields(values, fields)}>
      <NotificationRuleInputs />
    </EditPage>
  );
}

export function NotificationRuleCreate() {
  return (
    <CreatePage
      title="New notification rule"
      defaults={{
        selector: {},
        states: ["CRITICAL", "UNKNOWN", "STALE", "DOWN", "RECOVERY", "FLAPPING"],
        contactIds: [],
        isEnabled: true,
      }}
      transform={(values) => pickFields(values, fields)}
    >
      <NotificationRuleInputs />
    </CreatePage>
  );
}
