import PreviousIcon from "@mui/icons-material/ChevronLeft";
import NextIcon from "@mui/icons-material/ChevronRight";
import IconButton from "@mui/material/IconButton";
import { useListContext } from "react-admin";

const sizes = [25, 50, 100, 250];

/** Where in the list this page is, and the way to the others. */
export function Pager() {
  const { page, perPage, total = 0, setPage, setPerPage, isFetching } = useListContext();
  const pages = Math.max(1, Math.ceil(total / perPage));
  const first = total === 0 ? 0 : (page - 1) * perPage + 1;
  return (
    <nav className="pager" aria-label="Pages">
      <span role="status">
        {first.toLocaleString("en")}–{Math.min(page * perPage, total).toLocaleString("en")} of{" "}
        {total.toLocaleString("en")}
      </span>
      {isFetching ? <span className="quiet">refreshing…</span> : null}
      <span className="end">
        <select
          className="field"
          style={{ minWidth: 0, flex: "none" }}
          aria-label="Rows per page"
          value={perPage}
          onChange={(event) => setPerPage(Number(event.target.value))}
        >
          {sizes.map((size) => (
            <option key={size} value={size}>
              {size} rows
            </option>
          ))}
        </select>
        <IconButton size="small" aria-label="Previous page" disabled={page <= 1} onClick={() => setPage(page - 1)}>
          <PreviousIcon />
        </IconButton>
        <span>
          {page} / {pages}
        </span>
        <IconButton size="small" aria-label="Next page" disabled={page >= pages} onClick={() => setPage(page + 1)}>
          <NextIcon />
        </IconButton>
      </span>
    </nav>
  );
}
