import Button from "@mui/material/Button";
import { type FormFaults, faultsOf, fitInput, type InputSchema } from "@mycloud/protocol/form-schema";
import type { ReactNode } from "react";
import {
  CreateBase,
  DeleteWithConfirmButton,
  EditBase,
  Form,
  type RaRecord,
  SaveButton,
  useEditContext,
  useResourceContext,
} from "react-admin";
import type { FieldValues } from "react-hook-form";
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { PageHeader } from "../layout/PageHeader.tsx";
import { useMayAccess } from "../providers/hooks.ts";
import { FormFault } from "./FormFault.tsx";

interface FormPageProps {
  readonly children: ReactNode;
  /** What the server takes: the form's values are checked against it before they are sent, and what only records have is left out. */
  readonly schema?: InputSchema;
  /** Keeps what the server takes of a record, and puts empty inputs right; where `schema` does not say it all. */
  readonly transform?: (values: RaRecord) => object;
  readonly aside?: ReactNode;
}

/** What a form does with its values by its schema. */
function bySchema({ schema, transform }: Pick<FormPageProps, "schema" | "transform">) {
  if (schema === undefined) return { transform: transform ?? ((values: RaRecord) => values) };
  const ready = (values: FieldValues) => fitInput(schema, transform ? { ...transform({ id: "", ...values }) } : values);
  return { transform: ready, validate: (values: FieldValues) => faultsOf(schema, ready(values)) };
}

/** A page that changes a record: the form, its faults at their fields, save and delete. */
export function EditPage({
  children,
  title,
  canDelete = true,
  redirect = "list",
  aside,
  ...rules
}: FormPageProps & {
  readonly title: (record: RaRecord) => string;
  readonly canDelete?: boolean;
  readonly redirect?: "list" | "show";
}) {
  const { transform, validate } = bySchema(rules);
  return (
    <EditBase mutationMode="pessimistic" redirect={redirect} transform={transform}>
      <EditBody title={title} canDelete={canDelete} aside={aside} validate={validate}>
        {children}
      </EditBody>
    </EditBase>
  );
}

function EditBody({
  children,
  title,
  canDelete,
  aside,
  validate,
}: {
  readonly children: ReactNode;
  readonly title: (record: RaRecord) => string;
  readonly canDelete: boolean;
  readonly aside: ReactNode;
  readonly validate: ((values: FieldValues) => FormFaults) | undefined;
}) {
  const { record, error, refetch } = useEditContext();
  const resource = useResourceContext() ?? "";
  const mayEdit = useMayAccess("edit", resource);
  if (error && !record) return <ErrorMessage error={error} onRetry={refetch} />;
  if (!record) return <SkeletonLines count={8} />;
  return (
    <>
      <PageHeader title={title(record)} />
      <div className={aside ? "columns" : undefined}>
        <Form className="form" record={record} disabled={!mayEdit} {...(validate ? { validate } : {})}>
          {children}
          <FormFault />
          <div className="form-toolbar">
            {mayEdit ? <SaveButton size="small" /> : <span className="quiet">Your role may look, not change.</span>}
            <Button component={Link} to={`/${resource}`}>
              Back
            </Button>
            {mayEdit && canDelete ? (
              <span style={{ marginLeft: "auto" }}>
                <DeleteWithConfirmButton
                  size="small"
                  confirmTitle={`Delete ${title(record)}?`}
                  confirmContent="This cannot be undone."
                />
              </span>
            ) : null}
          </div>
        </Form>
        {aside}
      </div>
    </>
  );
}

/** A page that makes a new record. */
export function CreatePage({
  children,
  title,
  defaults,
  subtitle,
  redirect = "list",
  aside,
  mutationOptions,
  ...rules
}: FormPageProps & {
  readonly title: string;
  readonly defaults: object;
  /** What is done once it is there, in place of saying so and going on. */
  readonly mutationOptions?: { readonly onSuccess: (made: RaRecord) => Promise<void> };
  readonly subtitle?: ReactNode;
  readonly redirect?: "list" | "show" | "edit";
}) {
  const resource = useResourceContext() ?? "";
  const { transform, validate } = bySchema(rules);
  return (
    <CreateBase redirect={redirect} transform={transform} {...(mutationOptions ? { mutationOptions } : {})}>
      <PageHeader title={title} subtitle={subtitle} />
      <div className={aside ? "columns" : undefined}>
        <Form className="form" defaultValues={defaults} {...(validate ? { validate } : {})}>
          {children}
          <FormFault />
          <div className="form-toolbar">
            <SaveButton size="small" label="Create" alwaysEnable />
            <Button component={Link} to={`/${resource}`}>
              Cancel
            </Button>
          </div>
        </Form>
        {aside}
      </div>
    </CreateBase>
  );
}
