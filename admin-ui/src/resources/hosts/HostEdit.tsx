import { EditPage } from "../../form/FormPage.tsx";
import { pickFields } from "../../form/pick-fields.ts";
import { HostInputs, hostFields } from "./HostInputs.tsx";

export function HostEdit() {
  return (
    <EditPage
      title={(host) => String(host.name)}
      redirect="show"
      transform={(values) => pickFields(values, hostFields)}
    >
      <HostInputs />
    </EditPage>
  );
}
