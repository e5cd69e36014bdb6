import Button from "@mui/material/Button";
import { useLogs } from "../providers/logs-provider.ts";
import { SavedSearches } from "./SavedSearches.tsx";
import type { LogAddress } from "./useLogAddress.ts";

/** What can be done with a search: kept, or taken away as a file. */
export function LogSearchActions({ address: { query, question, change } }: { readonly address: LogAddress }) {
  const logs = useLogs();
  return (
    <>
      <SavedSearches query={query} onChoose={(chosen) => change({ q: chosen, record: null })} />
      <Button component="a" href={logs.exportUrl(question, "ndjson")} variant="outlined">
        NDJSON
      </Button>
      <Button component="a" href={logs.exportUrl(question, "csv")} variant="outlined">
        CSV
      </Button>
    </>
  );
}
