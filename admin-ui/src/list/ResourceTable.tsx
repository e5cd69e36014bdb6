import Checkbox from "@mui/material/Checkbox";
import { Fragment, type MouseEvent, type ReactNode } from "react";
import { type RaRecord, useListContext } from "react-admin";
import { useNavigate } from "react-router-dom";
import type { Column } from "./column.ts";

interface ResourceTableProps<Item extends RaRecord> {
  readonly label: string;
  readonly columns: readonly Column<Item>[];
  readonly rowPath?: ((record: Item) => string) | undefined;
  readonly rowClass?: ((record: Item) => string) | undefined;
  /** What is shown under a row, over all columns; nothing when null. */
  readonly rowDetail?: ((record: Item) => ReactNode) | undefined;
  readonly isSelectable: boolean;
}

/** The rows of the present list page: sortable heads, selection, and rows that open what they show. */
export function ResourceTable<Item extends RaRecord>(props: ResourceTableProps<Item>) {
  const { label, columns, isSelectable } = props;
  const { data = [], selectedIds, onSelect } = useListContext<Item>();
  const detailOf = (record: Item) => {
    const detail = props.rowDetail?.(record) ?? null;
    return detail === null ? null : (
      <tr>
        <td className="detail-cell" colSpan={columns.length + (isSelectable ? 1 : 0)}>
          {detail}
        </td>
      </tr>
    );
  };
  const ids = data.map((record) => record.id);
  const selected = ids.filter((id) => selectedIds.includes(id)).length;
  return (
    <div className="table-wrap">
      <table className="table cards" aria-label={label}>
        <thead>
          <tr>
            {isSelectable ? (
              <th className="select" scope="col">
                <Checkbox
                  slotProps={{ input: { "aria-label": "Select all on this page" } }}
                  checked={selected > 0 && selected === ids.length}
                  indeterminate={selected > 0 && selected < ids.length}
                  onChange={() => onSelect(selected === ids.length ? [] : ids)}
                />
              </th>
            ) : null}
            {columns.map((column) => (
              <ColumnHead key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {data.map((record) => (
            <Fragment key={record.id}>
              <Row record={record} {...props} />
              {detailOf(record)}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ColumnHead<Item extends RaRecord>({ column }: { column: Column<Item> }) {
  const { sort, setSort } = useListContext();
  const { sortBy } = column;
  const isSorted = sortBy !== undefined && sort.field === sortBy;
  const ariaSort = isSorted ? (sort.order === "ASC" ? "ascending" : "descending") : undefined;
  return (
    <th
      scope="col"
      className={column.isNumber ? "number" : undefined}
      style={{ width: column.width }}
      aria-sort={ariaSort}
    >
      {sortBy === undefined ? (
        column.label
      ) : (
        <button
          type="button"
          onClick={() => setSort({ field: sortBy, order: isSorted && sort.order === "ASC" ? "DESC" : "ASC" })}
        >
          {column.label}
          <span aria-hidden>{isSorted ? (sort.order === "ASC" ? " ↑" : " ↓") : ""}</span>
        </button>
      )}
    </th>
  );
}

const interactive = "a, button, input, label, [role=checkbox], [role=menuitem]";

function Row<Item extends RaRecord>({
  record,
  columns,
  rowPath,
  rowClass,
  isSelectable,
}: { record: Item } & ResourceTableProps<Item>) {
  const { selectedIds, onToggleItem } = useListContext<Item>();
  const navigate = useNavigate();
  const isSelected = selectedIds.includes(record.id);
  const path = rowPath?.(record);
  // A convenience for the mouse; the keyboard has the link in the row.
  function onClick(event: MouseEvent<HTMLTableRowElement>) {
    if (!path || (event.target instanceof Element && event.target.closest(interactive))) return;
    if (window.getSelection()?.toString()) return;
    navigate(path);
  }
  const classes = [path ? "clickable" : "", isSelected ? "selected" : "", rowClass?.(record) ?? ""];
  return (
    <tr className={classes.join(" ").trim()} onClick={onClick}>
      {isSelectable ? (
        <td className="select">
          <Checkbox
            slotProps={{
              input: { "aria-label": `Select ${record.name ?? record.serviceName ?? record.hostName ?? record.id}` },
            }}
            checked={isSelected}
            onChange={() => onToggleItem(record.id)}
          />
        </td>
      ) : null}
      {columns.map((column) => (
        <td
          key={column.key}
          className={[column.isNumber ? "number" : "", column.narrow ? `narrow-${column.narrow}` : ""].join(" ").trim()}
        >
          {column.render(record)}
        </td>
      ))}
    </tr>
  );
}

/** Grey rows while the first page is on its way. */
export function TableSkeleton({ rows = 10 }: { rows?: number }) {
  return (
    <table className="table" aria-busy="true" aria-label="Loading">
      <tbody>
        {Array.from({ length: rows }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a placeholder have nothing else
          <tr key={index}>
            <td style={{ width: "9rem" }}>
              <span className="skeleton" style={{ width: "70%" }} />
            </td>
            <td>
              <span className="skeleton" style={{ width: `${40 + ((index * 37) % 45)}%` }} />
            </td>
            <td style={{ width: "6rem" }}>
              <span className="skeleton" style={{ width: "60%" }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
