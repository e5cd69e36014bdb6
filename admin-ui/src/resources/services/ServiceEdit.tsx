import { PassiveServiceInput } from "@mycloud/protocol/service";
import { EditPage } from "../../form/FormPage.tsx";
import { PassiveServiceInputs } from "./PassiveServiceInputs.tsx";

/** Changes a passive service; another one is as its check says. */
export function ServiceEdit() {
  return (
    <EditPage
      title={(service) => `${service.name} on ${service.hostName}`}
      redirect="show"
      schema={PassiveServiceInput}
    >
      <PassiveServiceInputs />
    </EditPage>
  );
}
