import { type ReactNode, useEffect } from "react";
import { ListBase, type RaRecord, type SortPayload, useListContext } from "react-admin";
import { ErrorMessage } from "../layout/Message.tsx";
import { PageHeader } from "../layout/PageHeader.tsx";
import type { Column } from "./column.ts";
import { FilteredEmpty } from "./FilteredEmpty.tsx";
import type { ListView } from "./list-view.ts";
import { Pager } from "./Pager.tsx";
import { ResourceTable, TableSkeleton } from "./ResourceTable.tsx";
import { Views } from "./Views.tsx";

interface ListPageProps<Item extends RaRecord> {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  readonly columns: readonly Column<Item>[];
  readonly sort: SortPayload;
  readonly views?: readonly ListView[];
  readonly filters?: ReactNode;
  readonly defaultFilter?: Record<string, unknown>;
  readonly rowPath?: (record: Item) => string;
  readonly rowClass?: (record: Item) => string;
  /** What is shown under a row; nothing when null. */
  readonly rowDetail?: (record: Item) => ReactNode;
  /** What can be done with chosen rows; without it nothing can be chosen. */
  readonly bulkActions?: ((chosen: Item[], onDone: () => void) => ReactNode) | undefined;
  /** Shown when there is nothing at all, filter or not. */
  readonly empty: ReactNode;
}

/** A page that lists a resource: views, filters, table, pages; with its empty, loading and error states. */
export function ListPage<Item extends RaRecord>(props: ListPageProps<Item>) {
  const { title, subtitle, actions, sort, defaultFilter } = props;
  return (
    <ListBase<Item> sort={sort} perPage={50} {...(defaultFilter ? { filterDefaultValues: defaultFilter } : {})}>
      <PageHeader title={title} subtitle={subtitle} actions={actions} />
      <section className="panel" aria-label={title}>
        {props.views || props.filters ? (
          <div className="filter-bar">
            {props.views ? <Views views={props.views} /> : null}
            {props.filters ? <div className="filters">{props.filters}</div> : null}
          </div>
        ) : null}
        <ListBody {...props} />
      </section>
    </ListBase>
  );
}

function ListBody<Item extends RaRecord>(props: ListPageProps<Item>) {
  const { data, total, isPending, error, refetch, filterValues, selectedIds, onSelect, page } = useListContext<Item>();
  const place = JSON.stringify([page, filterValues]);
  // What is chosen is what is seen: another page or filter starts with nothing chosen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the place changes, and only then
  useEffect(() => {
    onSelect([]);
  }, [place]);
  if (error && !data) return <ErrorMessage error={error} onRetry={refetch} />;
  if (isPending || !data) return <TableSkeleton />;
  if (total === 0) return Object.keys(filterValues).length > 0 ? <FilteredEmpty empty={props.empty} /> : props.empty;
  const chosen = data.filter((record) => selectedIds.includes(record.id));
  return (
    <>
      {error ? <div className="notice bad">Showing what was known: {error.message}</div> : null}
      {props.bulkActions && chosen.length > 0 ? (
        <fieldset className="bulk" style={{ border: 0, margin: 0 }} aria-label="Chosen rows">
          <b>{chosen.length} chosen</b>
          {props.bulkActions(chosen, () => onSelect([]))}
        </fieldset>
      ) : null}
      <ResourceTable
        label={props.title}
        columns={props.columns}
        rowPath={props.rowPath}
        rowClass={props.rowClass}
        rowDetail={props.rowDetail}
        isSelectable={props.bulkActions !== undefined}
      />
      <Pager />
    </>
  );
}
