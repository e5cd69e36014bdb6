import { defaultsOf } from "@mycloud/protocol/form-schema";
import { HostInput } from "@mycloud/protocol/host";
import { Link } from "react-router-dom";
import { CreatePage } from "../../form/FormPage.tsx";
import { useTemplatesOnCreate } from "../templates/useTemplatesOnCreate.ts";
import { HostInputs } from "./HostInputs.tsx";

export function HostCreate() {
  const templates = useTemplatesOnCreate("Host", "show");
  return (
    <CreatePage
      {...templates}
      title="Add a host without agent"
      subtitle={
        <>
          For devices and for results that others send. For a machine you can log in to,{" "}
          <Link to="/enrolment-tokens/create">enrol its agent</Link>.
        </>
      }
      defaults={defaultsOf(HostInput)}
      redirect="show"
      schema={HostInput}
    >
      <HostInputs />
    </CreatePage>
  );
}
