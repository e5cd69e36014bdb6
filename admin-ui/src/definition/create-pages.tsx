import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import { type Stored, type StoredKind, storedKinds } from "@mycloud/protocol/definition";
import { defaultsOf } from "@mycloud/protocol/form-schema";
import type { ComponentType, ReactNode } from "react";
import { ShowBase, TextInput, useShowContext } from "react-admin";
import { Link } from "react-router-dom";
import { CreatePage, EditPage } from "../form/FormPage.tsx";
import { ErrorMessage, Message, SkeletonLines } from "../layout/Message.tsx";
import { PageHeader } from "../layout/PageHeader.tsx";
import type { Column } from "../list/column.ts";
import { TextFilter } from "../list/FilterField.tsx";
import { ListPage } from "../list/ListPage.tsx";
import { useMayAccess } from "../providers/hooks.ts";
import { Facts, Panel } from "../record/Panel.tsx";
import { RelativeTime } from "../time/RelativeTime.tsx";
import { AuditLink } from "./AuditLink.tsx";
import { BulkDefinitionButtons } from "./BulkDefinitionButtons.tsx";
import { DeleteDefinitionButton } from "./DeleteDefinitionButton.tsx";
import { UsedByPanel } from "./UsedByPanel.tsx";

/** What one kind of definition adds to the pages that all kinds share. */
export interface DefinitionPages<Kind extends StoredKind> {
  readonly kind: Kind;
  /** Heading of its list: "Time periods". */
  readonly title: string;
  /** What it is for, in a sentence, under the heading. */
  readonly subtitle: string;
  /** What its list says when there is none. */
  readonly empty: string;
  /** Good first ones, which are offered when there is none: what their form then holds. */
  readonly firsts?: readonly { readonly text: string; readonly record: object }[];
  /** Columns between the name and the time of the last change. */
  readonly columns: readonly Column<Stored<Kind>>[];
  /** The inputs after the name, in fieldsets; with whatever preview belongs to them. */
  readonly Inputs: ComponentType;
  readonly nameHelp?: string;
  /** Values a new one starts with, where the schema's defaults do not suffice. */
  readonly defaults?: () => object;
  readonly facts: (record: Stored<Kind>) => readonly (readonly [name: string, value: ReactNode])[];
  /** What its page shows below the facts: previews. */
  readonly Panels?: ComponentType<{ readonly record: Stored<Kind> }>;
}

/** List, form and page of a kind of definition: all kinds look and behave alike, and differ in what they hold. */
export function createPages<Kind extends StoredKind>(pages: DefinitionPages<Kind>) {
  const columns = columnsOf(pages);
  return {
    list: () => <DefinitionList<Kind> pages={pages} columns={columns} />,
    edit: () => <DefinitionEdit<Kind> pages={pages} />,
    create: () => <DefinitionCreate<Kind> pages={pages} />,
    show: () => <DefinitionShow<Kind> pages={pages} />,
  };
}

interface PagesProps<Kind extends StoredKind> {
  readonly pages: DefinitionPages<Kind>;
}

function columnsOf<Kind extends StoredKind>({ kind, columns }: DefinitionPages<Kind>): readonly Column<Stored<Kind>>[] {
  const { path, title: noun } = storedKinds[kind];
  return [
    {
      key: "name",
      label: noun.charAt(0).toUpperCase() + noun.slice(1),
      sortBy: "name",
      width: "24%",
      narrow: "grow",
      render: (record) => (
        <span className="row" style={{ flexWrap: "nowrap" }}>
          <Link className="strong clip" to={`/${path}/${record.id}/show`}>
            {record.name}
          </Link>
          {isDisabled(record) ? <span className="mark">disabled</span> : null}
        </span>
      ),
    },
    ...columns,
    {
      key: "updated",
      label: "Changed",
      sortBy: "updatedAtMs",
      width: 118,
      narrow: "hide",
      render: (record) => <RelativeTime atMs={record.updatedAtMs} />,
    },
  ];
}

function DefinitionList<Kind extends StoredKind>({
  pages,
  columns,
}: PagesProps<Kind> & { readonly columns: readonly Column<Stored<Kind>>[] }) {
  const { kind, title, subtitle, empty, firsts = [] } = pages;
  const { path, title: noun } = storedKinds[kind];
  const mayCreate = useMayAccess("create", path);
  const mayDelete = useMayAccess("delete", path);
  const create = mayCreate ? (
    <Button component={Link} to={`/${path}/create`} variant="contained" startIcon={<AddIcon />}>
      New {noun}
    </Button>
  ) : null;
  return (
    <ListPage<Stored<Kind>>
      title={title}
      subtitle={subtitle}
      columns={columns}
      sort={{ field: "name", order: "ASC" }}
      filters={<TextFilter source="q" label="Words" />}
      actions={create}
      rowPath={(record) => `/${path}/${record.id}/show`}
      bulkActions={
        mayDelete
          ? (chosen, onDone) => <BulkDefinitionButtons kind={kind} chosen={chosen} onDone={onDone} />
          : undefined
      }
      empty={
        <Message title={`No ${title.toLowerCase()} yet`}>
          <p>{empty}</p>
          {mayCreate && firsts.length > 0 ? (
            <div className="row">
              {firsts.map(({ text, record }) => (
                <Button key={text} component={Link} to={createPath(path, record)} variant="outlined">
                  {text}
                </Button>
              ))}
            </div>
          ) : null}
          {create}
        </Message>
      }
    />
  );
}

/** The form for a new one that begins with what the record has; react-admin reads it from the address. */
function createPath(path: string, record: object): string {
  return `/${path}/create?${new URLSearchParams({ source: JSON.stringify(record) })}`;
}

function AllInputs<Kind extends StoredKind>({ pages: { Inputs, nameHelp } }: PagesProps<Kind>) {
  return (
    <>
      <fieldset>
        <legend>Name</legend>
        <TextInput source="name" isRequired helperText={nameHelp ?? "Unique; what others name it by"} />
      </fieldset>
      <Inputs />
    </>
  );
}

function DefinitionEdit<Kind extends StoredKind>({ pages }: PagesProps<Kind>) {
  const { input } = storedKinds[pages.kind];
  return (
    <EditPage title={(record) => String(record.name)} schema={input} canDelete={false} redirect="show">
      <AllInputs<Kind> pages={pages} />
    </EditPage>
  );
}

function DefinitionCreate<Kind extends StoredKind>({ pages }: PagesProps<Kind>) {
  const { title: noun, input } = storedKinds[pages.kind];
  return (
    <CreatePage
      title={`New ${noun}`}
      subtitle={pages.subtitle}
      schema={input}
      defaults={{ ...defaultsOf(input), ...pages.defaults?.() }}
      redirect="show"
    >
      <AllInputs<Kind> pages={pages} />
    </CreatePage>
  );
}

function DefinitionShow<Kind extends StoredKind>({ pages }: PagesProps<Kind>) {
  return (
    <ShowBase<Stored<Kind>>>
      <DefinitionBody<Kind> pages={pages} />
    </ShowBase>
  );
}

function DefinitionBody<Kind extends StoredKind>({ pages: { kind, facts, Panels } }: PagesProps<Kind>) {
  const { path, title: noun } = storedKinds[kind];
  const { record, error, refetch } = useShowContext<Stored<Kind>>();
  const mayEdit = useMayAccess("edit", path);
  if (error && !record) return <ErrorMessage error={error} onRetry={refetch} />;
  if (!record) return <SkeletonLines count={8} />;
  return (
    <>
      <PageHeader
        title={record.name}
        mark={isDisabled(record) ? <span className="mark">disabled</span> : null}
        subtitle={
          <>
            {noun}, changed <RelativeTime atMs={record.updatedAtMs} />
          </>
        }
        actions={
          <>
            <AuditLink kind={kind} name={record.name} />
            {mayEdit ? (
              <>
                <Button component={Link} to={`/${path}/${record.id}`} variant="outlined">
                  Edit
                </Button>
                <DeleteDefinitionButton kind={kind} id={record.id} name={record.name} />
              </>
            ) : null}
          </>
        }
      />
      <div className="columns">
        <div className="stack">
          <Panel title="Definition">
            <Facts facts={facts(record)} />
          </Panel>
          {Panels ? <Panels record={record} /> : null}
        </div>
        <div className="stack">
          <UsedByPanel kind={kind} name={record.name} />
        </div>
      </div>
    </>
  );
}

function isDisabled(record: object): boolean {
  return "isEnabled" in record && record.isEnabled === false;
}
