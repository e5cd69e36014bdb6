import { Link } from "react-router-dom";
import { CreatePage } from "../../form/FormPage.tsx";
import { pickFields } from "../../form/pick-fields.ts";
import { HostInputs, hostFields } from "./HostInputs.tsx";

export function HostCreate() {
  return (
    <CreatePage
      title="Add a host without agent"
      subtitle={
        <>
          For devices and for results that others send. For a machine you can log in to,{" "}
          <Link to="/enrolment-tokens/create">enrol its agent</Link>.
        </>
      }
      defaults={{ maxCheckAttempts: 3, labels: {}, groups: [], notes: "" }}
      redirect="show"
      transform={(values) => pickFields(values, hostFields)}
    >
      <HostInputs />
    </CreatePage>
  );
}
