import { CheckInput } from "@mycloud/protocol/check";
import { EditPage } from "../../form/FormPage.tsx";
import { CheckInputs } from "./CheckInputs.tsx";

export function CheckEdit() {
  return (
    <EditPage title={(check) => String(check.name)} schema={CheckInput}>
      <CheckInputs />
    </EditPage>
  );
}
