import Button from "@mui/material/Button";
import type { ReactNode } from "react";
import { useGetList, useListContext } from "react-admin";
import { Message } from "../layout/Message.tsx";

/** Nothing matches the filter; when there would be nothing without it either, says that instead. */
export function FilteredEmpty({ empty }: { empty: ReactNode }) {
  const { resource, setFilters } = useListContext();
  const { total } = useGetList(resource, { pagination: { page: 1, perPage: 1 }, sort: { field: "", order: "ASC" } });
  if (total === 0) return empty;
  return (
    <Message title="Nothing matches">
      <p>{total === undefined ? "" : `There are ${total.toLocaleString("en")} without the filter.`}</p>
      <Button variant="outlined" onClick={() => setFilters({})}>
        Show all
      </Button>
    </Message>
  );
}
