import { EditPage } from "../../form/FormPage.tsx";
import { pickFields } from "../../form/pick-fields.ts";
import { CheckInputs, checkFields } from "./CheckInputs.tsx";

export function CheckEdit() {
  return (
    <EditPage title={(check) => String(check.name)} transform={(values) => pickFields(values, checkFields)}>
      <CheckInputs />
    </EditPage>
  );
}
