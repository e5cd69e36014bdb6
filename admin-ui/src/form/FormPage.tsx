import Button from "@mui/material/Button";
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
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { PageHeader } from "../layout/PageHeader.tsx";
import { useMayAccess } from "../providers/hooks.ts";
import { FormFault } from "./FormFault.tsx";

interface FormPageProps {
  readonly children: ReactNode;
  /** Keeps what the server takes of a record, and puts empty inputs right. */
  readonly transform: (values: RaRecord) => object;
  readonly aside?: ReactNode;
}

/** A page that changes a record: the form, its faults at their fields, save and delete. */
export function EditPage({
  children,
  transform,
  title,
  canDelete = true,
  redirect = "list",
  aside,
}: FormPageProps & {
  readonly title: (record: RaRecord) => string;
  readonly canDelete?: boolean;
  readonly redirect?: "list" | "show";
}) {
  return (
    <EditBase mutationMode="pessimistic" redirect={redirect} transform={transform}>
      <EditBody title={title} canDelete={canDelete} aside={aside}>
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
}: {
  readonly children: ReactNode;
  readonly title: (record: RaRecord) => string;
  readonly canDelete: boolean;
  readonly aside: ReactNode;
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
        <Form className="form" record={record} disabled={!mayEdit}>
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
  transform,
  title,
  defaults,
  subtitle,
  redirect = "list",
}: FormPageProps & {
  readonly title: string;
  readonly defaults: object;
  readonly subtitle?: ReactNode;
  readonly redirect?: "list" | "show" | "edit";
}) {
  const resource = useResourceContext() ?? "";
  return (
    <CreateBase redirect={redirect} transform={transform}>
      <PageHeader title={title} subtitle={subtitle} />
      <Form className="form" defaultValues={defaults}>
        {children}
        <FormFault />
        <div className="form-toolbar">
          <SaveButton size="small" label="Create" alwaysEnable />
          <Button component={Link} to={`/${resource}`}>
            Cancel
          </Button>
        </div>
      </Form>
    </CreateBase>
  );
}
