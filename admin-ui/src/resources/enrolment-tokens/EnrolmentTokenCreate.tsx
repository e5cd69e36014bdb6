import Button from "@mui/material/Button";
import type { EnrolmentTokenCreated } from "@mycloud/protocol/enrolment-token";
import { useState } from "react";
import { CreateBase, Form, SaveButton, SelectInput, TextInput, useInput } from "react-admin";
import { Link } from "react-router-dom";
import { FormFault } from "../../form/FormFault.tsx";
import { ListInput } from "../../form/ListInput.tsx";
import { pickFields } from "../../form/pick-fields.ts";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { LabelsInput } from "../hosts/HostInputs.tsx";
import { EnrolmentWaiting } from "./EnrolmentWaiting.tsx";

const lifetimes = [
  { id: 3600, name: "1 hour" },
  { id: 28_800, name: "8 hours" },
  { id: 86_400, name: "1 day" },
  { id: 604_800, name: "1 week" },
];

function GroupsInput() {
  const { field } = useInput<string[]>({ source: "groups", defaultValue: [] });
  return <ListInput label="Groups" values={field.value ?? []} onChange={field.onChange} placeholder="web" />;
}

/** Makes a token, shows the command to type on the host, and waits for the host to appear. */
export function EnrolmentTokenCreate() {
  const [created, setCreated] = useState<EnrolmentTokenCreated | null>(null);
  if (created) {
    return (
      <>
        <PageHeader
          title="Enrol a host"
          actions={
            <Button variant="outlined" onClick={() => setCreated(null)}>
              Enrol another
            </Button>
          }
        />
        <EnrolmentWaiting created={created} />
      </>
    );
  }
  return (
    <CreateBase<EnrolmentTokenCreated>
      redirect={false}
      mutationOptions={{ onSuccess: (token) => setCreated(token) }}
      transform={(values) => pickFields(values, ["hostName", "customer", "labels", "groups", "lifetimeSeconds"])}
    >
      <PageHeader title="Enrol a host" subtitle="Make a token, then type one command on the host" />
      <Form className="form" defaultValues={{ lifetimeSeconds: 3600, labels: {}, groups: [] }}>
        <fieldset>
          <legend>Token</legend>
          <div className="form-grid">
            <TextInput
              source="hostName"
              label="Host name"
              helperText="When given, the token lets this host in and no other"
            />
            <SelectInput source="lifetimeSeconds" label="Valid for" choices={lifetimes} helperText={false} />
          </div>
          <GroupsInput />
          <LabelsInput />
          <TextInput source="customer" helperText="Whose host it is; empty for your own" />
        </fieldset>
        <FormFault />
        <div className="form-toolbar">
          <SaveButton size="small" label="Create the token" alwaysEnable />
          <Button component={Link} to="/enrolment-tokens">
            Cancel
          </Button>
        </div>
      </Form>
    </CreateBase>
  );
}
