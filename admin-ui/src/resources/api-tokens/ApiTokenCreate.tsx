import Button from "@mui/material/Button";
import type { ApiTokenCreated } from "@mycloud/protocol/api-token";
import { useState } from "react";
import { CheckboxGroupInput, CreateBase, Form, required, SaveButton, SelectInput, TextInput } from "react-admin";
import { Link } from "react-router-dom";
import { FormFault } from "../../form/FormFault.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { CopyableCommand } from "../../record/CopyableCommand.tsx";
import { Panel } from "../../record/Panel.tsx";

const scopes = [
  { id: "read", name: "read" },
  { id: "write", name: "write: act and define" },
  { id: "admin", name: "admin" },
  { id: "ingest", name: "ingest: send check results" },
  { id: "ingest:register", name: "ingest:register: also register unknown hosts and services" },
];
const day = 86_400;
const lifetimes = [
  { id: 7 * day, name: "1 week" },
  { id: 90 * day, name: "90 days" },
  { id: 365 * day, name: "1 year" },
  { id: 0, name: "does not expire" },
];

/** Makes a token and shows it this once. */
export function ApiTokenCreate() {
  const [created, setCreated] = useState<ApiTokenCreated | null>(null);
  if (created) {
    return (
      <>
        <PageHeader title={`Token ${created.name}`} />
        <div className="form">
          <Panel title="Copy it now">
            <CopyableCommand text={created.token} label="API token" />
            <p className="hint">It is shown this once; only its hash is kept. Send it as “Authorization: Bearer …”.</p>
            <Button component={Link} to="/api-tokens" variant="contained">
              Done
            </Button>
          </Panel>
        </div>
      </>
    );
  }
  return (
    <CreateBase<ApiTokenCreated>
      redirect={false}
      mutationOptions={{ onSuccess: (token) => setCreated(token) }}
      transform={({ name, scopes, customer, lifetimeSeconds }) => ({
        name,
        scopes,
        customer: customer || null,
        lifetimeSeconds: lifetimeSeconds || null,
      })}
    >
      <PageHeader title="New API token" />
      <Form className="form" defaultValues={{ scopes: ["read"], lifetimeSeconds: 90 * day }}>
        <fieldset>
          <legend>Token</legend>
          <TextInput source="name" validate={required()} helperText="What uses it" />
          <CheckboxGroupInput
            source="scopes"
            label="May"
            choices={scopes}
            validate={required()}
            row={false}
            helperText={false}
          />
          <div className="form-grid">
            <SelectInput source="lifetimeSeconds" label="Valid for" choices={lifetimes} helperText={false} />
            <TextInput source="customer" helperText="Sees this customer's hosts only" />
          </div>
        </fieldset>
        <FormFault />
        <div className="form-toolbar">
          <SaveButton size="small" label="Create the token" alwaysEnable />
          <Button component={Link} to="/api-tokens">
            Cancel
          </Button>
        </div>
      </Form>
    </CreateBase>
  );
}
