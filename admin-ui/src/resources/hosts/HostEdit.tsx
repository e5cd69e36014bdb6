import { HostInput } from "@mycloud/protocol/host";
import { EditPage } from "../../form/FormPage.tsx";
import { HostInputs } from "./HostInputs.tsx";

export function HostEdit() {
  return (
    <EditPage title={(host) => String(host.name)} redirect="show" schema={HostInput}>
      <HostInputs />
    </EditPage>
  );
}
