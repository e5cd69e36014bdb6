import { defaultsOf } from "@mycloud/protocol/form-schema";
import { PassiveServiceInput } from "@mycloud/protocol/service";
import { Link, useSearchParams } from "react-router-dom";
import { CreatePage } from "../../form/FormPage.tsx";
import { useTemplatesOnCreate } from "../templates/useTemplatesOnCreate.ts";
import { PassiveServiceInputs } from "./PassiveServiceInputs.tsx";

/** Makes a passive service; `?hostId=` names its host already. */
export function ServiceCreate() {
  const [query] = useSearchParams();
  const hostId = Number(query.get("hostId"));
  const templates = useTemplatesOnCreate("Service", "show");
  return (
    <CreatePage
      {...templates}
      title="New passive service"
      subtitle={
        <>
          For results that others send. What agents run themselves is a <Link to="/checks">check</Link>.
        </>
      }
      defaults={{ ...defaultsOf(PassiveServiceInput), ...(hostId > 0 ? { hostId } : {}) }}
      redirect="show"
      schema={PassiveServiceInput}
    >
      <PassiveServiceInputs />
    </CreatePage>
  );
}
